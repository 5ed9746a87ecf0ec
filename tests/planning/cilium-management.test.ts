import { expect } from "chai";
import type { z } from "zod";
import type { JsonObject } from "../../model";
import { CiliumNetworkArgs, ciliumValues, planCilium } from "../../planning/cilium";
import { arrows, properties } from "./plans";

type Input = Partial<z.input<typeof CiliumNetworkArgs>>;

const base = {
  clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  apiServer: { host: "api-int.cluster.example" },
};
const plan = (args: Input) => planCilium(CiliumNetworkArgs.parse({ ...base, ...args }));
const config = (args: Input) => properties(plan(args))["cilium/config"] as JsonObject;
const values = (args: Input) =>
  JSON.parse(JSON.stringify(ciliumValues(CiliumNetworkArgs.parse({ ...base, ...args })))) as JsonObject;

/** A value as `path: value`, one for each leaf. */
function leaves(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${path}: ${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

/** What a change of the arguments changes: lines that go, and lines that come. */
function changes(before: Input, after: Input): { gone: string[]; come: string[] } {
  const [old, now] = [leaves(config(before)), leaves(config(after))];
  return { gone: old.filter((line) => !now.includes(line)), come: now.filter((line) => !old.includes(line)) };
}

describe("management of Cilium", () => {
  it("plans the same values for the operator and for Helm", () => {
    for (const preset of ["vm-compatible", "secure", "throughput"] as const) {
      const operator = config({ preset });
      const helm = config({ preset, management: "helm" });
      expect(helm.values).to.deep.equal(operator.spec);
    }
  });

  it("pins the release of the chart to the patch, by the minor version or as it is given", () => {
    const planned = plan({ management: "helm", version: "1.19", createNamespace: true });
    expect(planned.objects.map(({ id, token }) => [id, token])).to.deep.equal([
      ["cilium/config", "kubernetes:helm.sh/v3:Release"],
      ["cilium/namespace", "kubernetes:core/v1:Namespace"],
    ]);
    expect(arrows(planned)).to.deep.equal(["cilium/config -> cilium/namespace"]);
    const release = config({ management: "helm", version: "1.19" });
    expect({ ...release, values: {} }).to.deep.equal({
      name: "cilium",
      namespace: "cilium",
      chart: "cilium",
      version: "1.19.7",
      repositoryOpts: { repo: "https://helm.cilium.io" },
      takeOwnership: true,
      timeout: 3600,
      values: {},
    });
    for (const version of ["1.18", "1.19", "1.20"] as const) {
      const pinned = config({ management: "helm", version }).version;
      expect(pinned).to.match(new RegExp(String.raw`^${version.replace(".", String.raw`\.`)}\.\d+$`));
    }
    expect(config({ management: "helm", chartVersion: "1.20.4" }).version).to.equal("1.20.4");
  });

  it("lets certificates be made in the cluster, never by Helm, whose are new at each rendering", () => {
    expect((values({ management: "helm" }).hubble as JsonObject).tls).to.deep.equal({
      enabled: true,
      auto: { enabled: true, method: "cronJob" },
    });
  });

  it("refers to the Secret with the IPsec key, and makes it only if it is given the key, which no plan shows", () => {
    const key = `3+ rfc4106(gcm(aes)) ${"5a".repeat(20)} 128`;
    const referred = plan({ encryption: { type: "ipsec", ipsecSecret: "mine" } });
    expect(referred.objects.map(({ id }) => id)).to.deep.equal(["cilium/config"]);
    expect(
      (values({ encryption: { type: "ipsec", ipsecSecret: "mine" } }).encryption as JsonObject).ipsec,
    ).to.deep.equal({ secretName: "mine" });
    for (const given of [{ ipsecKeys: key }, { ipsecKeysFrom: "cilium-key" }]) {
      const made = plan({ createNamespace: true, encryption: { type: "ipsec", ...given } });
      expect(properties(made)["cilium/ipsec-keys"]).to.deep.equal({
        metadata: { name: "cilium-ipsec-keys", namespace: "cilium" },
      });
      expect(arrows(made)).to.deep.equal([
        "cilium/config -> cilium/ipsec-keys",
        "cilium/config -> cilium/namespace",
        "cilium/ipsec-keys -> cilium/namespace",
      ]);
      expect(JSON.stringify(made)).not.to.include("5a5a");
    }
    expect(plan({ encryption: { ipsecKeysFrom: "cilium-key" } }).objects).to.have.length(1);
  });
});

describe("an upgrade of Cilium's minor version", () => {
  const args: Input = {
    preset: "secure",
    upgradeCompatibility: "1.18",
    encryption: { nodeEncryption: true },
    loadBalancer: { algorithm: "maglev", l2Announcements: true },
    hubble: { metrics: ["drop", "tcp"] },
  };
  const strict = "spec.encryption.strictMode";

  it("from 1.18 to 1.19 moves strict mode, which 1.19 reads in both places, and makes room for WireGuard", () => {
    expect(changes({ ...args, version: "1.18" }, { ...args, version: "1.19" })).to.deep.equal({
      gone: [
        "spec.MTU: 1370",
        `${strict}.allowRemoteNodeIdentities: true`,
        `${strict}.cidr: 10.128.0.0/14`,
        `${strict}.enabled: true`,
      ],
      come: [
        "spec.MTU: 1355",
        `${strict}.egress.allowRemoteNodeIdentities: true`,
        `${strict}.egress.cidr: 10.128.0.0/14`,
        `${strict}.egress.enabled: true`,
      ],
    });
  });

  it("from 1.19 to 1.20 changes nothing, so that strict mode is on all the time", () => {
    expect(changes({ ...args, version: "1.19" }, { ...args, version: "1.20" })).to.deep.equal({ gone: [], come: [] });
  });

  it("with Helm changes the version of the chart only", () => {
    const helm = { ...args, management: "helm" } as const;
    expect(changes({ ...helm, version: "1.19" }, { ...helm, version: "1.20" })).to.deep.equal({
      gone: ["version: 1.19.7"],
      come: ["version: 1.20.5"],
    });
  });

  it("keeps the defaults of the version that the cluster was installed with", () => {
    expect(values({ upgradeCompatibility: "1.18" }).upgradeCompatibility).to.equal("1.18");
    expect(values({})).not.to.have.property("upgradeCompatibility");
  });
});
