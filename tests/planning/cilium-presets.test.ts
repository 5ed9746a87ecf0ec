import { expect } from "chai";
import type { z } from "zod";
import { ciliumMinors, defaultVersions, type JsonObject, type Plan } from "../../model";
import { CiliumNetworkArgs, ciliumValues, planCilium } from "../../planning/cilium";
import { ciliumConfig } from "../../provider/kinds/cilium";
import { checkInputs } from "../../provider/server/checks";

type Input = Partial<z.input<typeof CiliumNetworkArgs>>;
type Version = (typeof ciliumMinors)[number];

const presets = ["vm-compatible", "secure", "throughput"] as const;
const base = {
  clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  apiServer: { host: "api-int.cluster.example" },
};
const parse = (args: Input) => CiliumNetworkArgs.parse({ ...base, ...args });
const plan = (args: Input): Plan => planCilium(parse(args));
const values = (args: Input) => JSON.parse(JSON.stringify(ciliumValues(parse(args)))) as JsonObject;

/** What the kind's own rules say of the planned configuration. */
function checked(args: Input): string[] {
  const version = args.version ?? "1.20";
  const config = plan(args).objects.find((object) => object.id === "cilium/config");
  const findings = checkInputs(ciliumConfig, (config?.properties ?? {}) as JsonObject, {
    versions: { ...defaultVersions, cilium: version },
  });
  return findings.map((finding) => `${finding.severity} ${finding.rule} ${finding.path}`);
}

/** Errors and warnings on the arguments. */
function findings(args: Input): string[] {
  return plan(args).findings.map((finding) => `${finding.severity} ${finding.path}: ${finding.message}`);
}

const encryptions: Record<string, (version: Version) => Input["encryption"]> = {
  preset: () => undefined,
  none: () => ({ type: "none" }),
  wireguard: (version) => ({
    type: "wireguard",
    nodeEncryption: true,
    strictEgress: true,
    strictIngress: version !== "1.18",
  }),
  ipsec: () => ({ type: "ipsec", ipsecSecret: "keys" }),
  "ipsec, strictly": (version) => ({ type: "ipsec", strictEgress: version !== "1.18" }),
};

describe("presets of Cilium", () => {
  for (const version of ciliumMinors) {
    for (const preset of presets) {
      for (const [name, encryption] of Object.entries(encryptions)) {
        it(`${preset} with encryption ${name} passes the rules of Cilium ${version}`, () => {
          const given = encryption(version);
          // Strict mode for ingress needs tunnels.
          const strictIngress = given?.strictIngress && preset !== "throughput";
          const args: Input = { version, preset, encryption: given && { ...given, strictIngress } };
          expect(checked(args).filter((text) => text.startsWith("error"))).to.deep.equal([]);
          expect(findings(args).filter((text) => text.startsWith("error"))).to.deep.equal([]);
        });
      }
      it(`${preset} with everything on passes the rules of Cilium ${version}`, () => {
        const args: Input = {
          version,
          preset,
          upgradeCompatibility: "1.18",
          loadBalancer: {
            mode: "hybrid",
            algorithm: "maglev",
            localRedirectPolicies: true,
            l2Announcements: true,
            bgpControlPlane: true,
            egressGateway: true,
          },
          bpf: { masquerade: true, hostLegacyRouting: false, bandwidthManager: true, bbr: true, kernel: "6.12.0-55" },
          mesh: { gatewayApi: true, envoyConfig: true, envoyResources: { requests: { cpu: "100m", memory: "128Mi" } } },
          hubble: {
            ui: true,
            listenAddress: ":4244",
            metrics: ["dns:query;ignoreAAAA", "drop", "tcp", "flow", "icmp", "httpV2:exemplars=true"],
          },
          agent: { operatorReplicas: 1, resources: { requests: { cpu: "100m", memory: "512Mi" } } },
          policyEnforcement: "always",
          identityLabels: ["!app\\.example/build"],
        };
        expect(checked(args).filter((text) => !text.startsWith("info"))).to.deep.equal([]);
        expect(findings(args)).to.deep.equal([]);
      });
    }
  }

  it("secure encrypts in tunnels, strictly, without acceleration", () => {
    const { encryption, loadBalancer, routingMode, tunnelPort, MTU } = values({ preset: "secure" });
    expect({ encryption, loadBalancer, routingMode, tunnelPort, MTU }).to.deep.equal({
      encryption: {
        enabled: true,
        type: "wireguard",
        nodeEncryption: false,
        strictMode: { egress: { enabled: true, cidr: "10.128.0.0/14", allowRemoteNodeIdentities: true } },
      },
      loadBalancer: { mode: "snat", algorithm: "random", acceleration: "disabled" },
      routingMode: "tunnel",
      tunnelPort: 4789,
      MTU: 1355,
    });
  });

  it("throughput routes natively in BPF, with maglev, acceleration and the bandwidth manager", () => {
    const found = values({ preset: "throughput", deviceMtu: 9000 });
    expect(found).to.deep.include({
      routingMode: "native",
      ipv4NativeRoutingCIDR: "10.128.0.0/14",
      autoDirectNodeRoutes: true,
      MTU: 9000,
      bpf: { datapathMode: "veth", masquerade: true, hostLegacyRouting: false },
      bandwidthManager: { enabled: true },
      loadBalancer: { mode: "snat", algorithm: "maglev", acceleration: "best-effort" },
      encryption: { enabled: false },
    });
    for (const key of ["tunnelProtocol", "tunnelPort"]) expect(found).not.to.have.property(key);
  });

  it("only fills what is not given", () => {
    const given = values({
      preset: "throughput",
      routing: { mode: "tunnel" },
      loadBalancer: { algorithm: "random", acceleration: "disabled" },
      bpf: { masquerade: false, hostLegacyRouting: true, bandwidthManager: false },
      encryption: { strictEgress: true },
    });
    const secure = values({ preset: "secure" });
    expect(given).to.deep.equal(secure);
    expect(values({ preset: "secure", encryption: { type: "none" } })).to.deep.equal(values({}));
  });

  it("keeps the seed of a cluster's tables, and lets it be given", () => {
    const maglev = (args: Input) => values({ loadBalancer: { algorithm: "maglev" }, ...args }).maglev;
    const seed = (maglev({}) as { hashSeed: string }).hashSeed;
    expect(Buffer.from(seed, "base64")).to.have.length(12);
    expect(maglev({ version: "1.18", kubeProxyReplacement: true })).to.deep.equal({ tableSize: 16381, hashSeed: seed });
    expect(maglev({ apiServer: { host: "other" } })).not.to.deep.include({ hashSeed: seed });
    const own = { algorithm: "maglev", maglevTableSize: 65521, maglevHashSeed: "JLfvgnHc2kaSUFaI" } as const;
    expect(maglev({ loadBalancer: own })).to.deep.equal({ tableSize: 65521, hashSeed: "JLfvgnHc2kaSUFaI" });
    expect(() => parse({ loadBalancer: { maglevTableSize: 1000 as 251 } })).to.throw();
  });

  it("returns directly by geneve where replies would be lost or in clear text otherwise", () => {
    const direct = (args: Input) => {
      const { tunnelProtocol, tunnelPort, loadBalancer } = values({ loadBalancer: { mode: "dsr" }, ...args });
      return [tunnelProtocol, tunnelPort, (loadBalancer as JsonObject).dsrDispatch];
    };
    expect(direct({})).to.deep.equal(["geneve", 6081, "geneve"]);
    expect(direct({ routing: { mode: "native" } })).to.deep.equal([undefined, undefined, "opt"]);
    expect(direct({ routing: { mode: "native" }, encryption: {} })).to.deep.equal(["geneve", 6081, "geneve"]);
  });

  it("computes the MTU of pods from what is added to packets", () => {
    const mtu = (args: Input) => values(args).MTU;
    const native = { routing: { mode: "native" } } as const;
    // Cilium pkg/mtu: 50 for a tunnel, 77 for IPsec, 80 or (since 1.19.5) 95 for WireGuard.
    expect(mtu({})).to.equal(1450);
    expect(mtu({ encryption: { type: "ipsec" } })).to.equal(1373);
    expect(mtu({ encryption: {}, version: "1.18" })).to.equal(1370);
    expect(mtu({ ...native })).to.equal(1500);
    expect(mtu({ ...native, encryption: {} })).to.equal(1405);
  });

  it("needs no remote node identities in strict mode without tunnels", () => {
    const { encryption } = values({ routing: { mode: "native" }, encryption: { strictEgress: true } });
    expect((encryption as JsonObject).strictMode).to.deep.equal({
      egress: { enabled: true, cidr: "10.128.0.0/14", allowRemoteNodeIdentities: false },
    });
  });
});
