import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { CiliumNetwork, type CiliumNetworkArgs, Platform, type PlatformArgs } from "../../components";
import type { JsonObject } from "../../model";
import { full } from "../planning/environments";
import { type Registration, run, valueOf } from "./registrations";

const base: CiliumNetworkArgs = {
  clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  apiServer: { host: "api-int.cluster.example" },
};
const key = `3+ rfc4106(gcm(aes)) ${"5a".repeat(20)} 128`;

const find = (registered: Registration[], name: string) => registered.find((resource) => resource.name === name);

/** The key in the Secret as the engine would get it. */
async function secretKey(registered: Registration[]): Promise<{ secret: boolean; keys: string }> {
  const data = find(registered, "cilium/ipsec-keys")?.props.stringData as { keys: pulumi.Output<string> };
  return { secret: await pulumi.isSecret(data.keys), keys: await valueOf(data.keys) };
}

/** Paths of what is wrong with the arguments. */
async function wrong(program: () => unknown): Promise<string[]> {
  const { result } = await run(() => {
    try {
      return program();
    } catch (error) {
      return error;
    }
  });
  return (result as pulumi.InputPropertiesError).errors.map((error) => error.propertyPath);
}

describe("CiliumNetwork", () => {
  it("is a Helm release of Kubernetes' provider where it is managed by Helm, after its namespace", async () => {
    const args: CiliumNetworkArgs = { ...base, management: "helm", createNamespace: true };
    const { registered } = await run(() => new CiliumNetwork("cilium", args));
    const release = find(registered, "cilium/config");
    expect(release).to.include({ type: "kubernetes:helm.sh/v3:Release", parent: "cilium" });
    expect(release?.dependsOn).to.deep.equal(["cilium/namespace"]);
    expect(release?.props).to.deep.include({ chart: "cilium", version: "1.20.5", namespace: "cilium" });
    expect((release?.props.values as JsonObject).k8sServiceHost).to.equal("api-int.cluster.example");
    expect(registered.map(({ type }) => type)).not.to.include("ove:cilium:CiliumConfig");
  });

  it("asks the rules of its values also where no provider would: the chart takes anything", async () => {
    const broken = (values: CiliumNetworkArgs["values"], more: Partial<CiliumNetworkArgs> = {}) =>
      wrong(() => new CiliumNetwork("cilium", { ...base, management: "helm", ...more, values }));
    expect(await broken({ encryption: { enabled: true, type: "WireGuard" } })).to.deep.equal([
      "values.encryption.type",
    ]);
    expect(await broken({ kubeProxyReplacment: true })).to.deep.equal(["values.kubeProxyReplacment"]);
    // 1.20 does not read the place that 1.18 reads.
    const strictMode = { enabled: true, cidr: "10.128.0.0/14", allowRemoteNodeIdentities: true };
    const strict = { encryption: { enabled: true, type: "wireguard", strictMode } };
    expect(await broken(strict)).to.deep.equal(["values.encryption.strictMode.enabled"]);
    const { registered } = await run(
      () => new CiliumNetwork("cilium", { ...base, management: "helm", version: "1.18", values: strict }),
    );
    expect(find(registered, "cilium/config")?.props.version).to.equal("1.18.13");
  });

  it("registers nothing where arguments do not go together", async () => {
    const args: CiliumNetworkArgs = {
      ...base,
      bpf: { bbr: true },
      version: "1.18",
      encryption: { strictIngress: true },
    };
    expect(await wrong(() => new CiliumNetwork("cilium", args))).to.deep.equal([
      "encryption.strictIngress",
      "bpf.bbr",
      "bpf.bbr",
      "bpf.bbr",
    ]);
  });

  it("keeps the IPsec key a secret: as text, as an output, and out of Pulumi's configuration", async () => {
    const ipsec = (ipsecKeys: pulumi.Input<string>) =>
      run(() => new CiliumNetwork("cilium", { ...base, encryption: { type: "ipsec", ipsecKeys } }));
    const expected = { secret: true, keys: key };
    const given = await ipsec(key);
    expect(await secretKey(given.registered)).to.deep.equal(expected);
    expect(find(given.registered, "cilium/config")?.dependsOn).to.deep.equal(["cilium/ipsec-keys"]);
    expect(await secretKey((await ipsec(pulumi.output(key))).registered)).to.deep.equal(expected);
    pulumi.runtime.setAllConfig({ "ove:ipsec": key }, ["ove:ipsec"]);
    const platform: PlatformArgs = { ...full, cilium: { encryption: { type: "ipsec", ipsecKeysFrom: "ipsec" } } };
    const { registered } = await run(() => new Platform("platform", platform));
    expect(await secretKey(registered)).to.deep.equal(expected);
  });

  it("takes no key from an environment's files", async () => {
    const cilium = { encryption: { type: "ipsec", ipsecKeys: key } } as PlatformArgs["cilium"];
    expect(await wrong(() => new Platform("platform", { ...full, cilium }))).to.deep.equal([
      "cilium.encryption.ipsecKeys",
    ]);
  });

  it("says the MTU that pods get, further values included", async () => {
    const mtu = async (args: Partial<CiliumNetworkArgs>) =>
      (await run(() => new CiliumNetwork("cilium", { ...base, ...args }))).result.mtu;
    expect(await mtu({ preset: "secure", deviceMtu: 9000 })).to.equal(8855);
    expect(await mtu({ preset: "throughput", values: { MTU: 1400 } })).to.equal(1400);
  });
});
