import { expect } from "chai";
import type { z } from "zod";
import { CiliumNetworkArgs, planCilium } from "../../planning/cilium";

type Input = Partial<z.input<typeof CiliumNetworkArgs>>;

const base = {
  clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  apiServer: { host: "api-int.cluster.example" },
};

/** Findings as `severity path: message`. */
function findings(args: Input): string[] {
  const { findings: found } = planCilium(CiliumNetworkArgs.parse({ ...base, ...args }));
  for (const { fix } of found) expect(fix).to.match(/\.$/);
  return found.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
}

const cases: [title: string, args: Input, expected: string[]][] = [
  ["nothing with the defaults", {}, []],
  ["nothing with each preset", { preset: "throughput" }, []],
  [
    "a chart of another minor version",
    { version: "1.19", management: "helm", chartVersion: "1.20.5" },
    ["error chartVersion: 1.20.5 is no release of Cilium 1.19."],
  ],
  [
    "a chart version that the operator does not ask for",
    { chartVersion: "1.20.5" },
    ["warning chartVersion: The operator brings a chart of its own."],
  ],
  [
    "an installation from the future, and takes 1.9 for older than 1.20",
    { version: "1.19", upgradeCompatibility: "1.20" },
    ["error upgradeCompatibility: The cluster cannot have been installed with 1.20, which is later than 1.19."],
  ],
  ["no older installation", { upgradeCompatibility: "1.9" }, []],
  [
    "acceleration beside WireGuard, also where the preset brings it",
    { preset: "throughput", encryption: {} },
    [
      "warning loadBalancer.acceleration: With acceleration, service traffic from outside travels between nodes in clear text.",
    ],
  ],
  [
    "strict mode that a version has for WireGuard only",
    {
      version: "1.18",
      encryption: { type: "ipsec", strictEgress: true, strictIngress: true },
      kubeProxyReplacement: false,
    },
    [
      "error encryption.strictEgress: Cilium 1.18 has strict mode for WireGuard only.",
      "error encryption.strictIngress: Cilium 1.18 does not have it.",
      "error encryption.strictIngress: It exists for WireGuard only.",
    ],
  ],
  [
    "a secure preset that cannot be strict",
    { version: "1.18", preset: "secure", encryption: { type: "ipsec" }, kubeProxyReplacement: false },
    [
      "warning encryption.type: Cilium 1.18 has strict mode for WireGuard only: first packets to new pods may travel in clear text.",
    ],
  ],
  [
    "strict modes without what they are for",
    { encryption: { strictIngress: true }, routing: { mode: "native" } },
    ["error encryption.strictIngress: It needs tunnels."],
  ],
  [
    "strict mode where nothing is encrypted",
    { encryption: { type: "none", strictEgress: true } },
    ["error encryption.strictEgress: Nothing is encrypted."],
  ],
  [
    "what IPsec does not go with",
    {
      encryption: {
        type: "ipsec",
        nodeEncryption: true,
        ipsecKeysFrom: "key",
        ipsecKeys: `3+ rfc4106(gcm(aes)) ${"ab".repeat(20)} 128`,
      },
      bpf: { bandwidthManager: true },
    },
    [
      "error encryption.ipsecKeysFrom: The key is given twice.",
      "error encryption.nodeEncryption: Exists for WireGuard only.",
      "warning bpf.bandwidthManager: Agents switch it off with IPsec.",
      "warning encryption.type: IPsec with kubeProxyReplacement is not validated.",
    ],
  ],
  [
    "an IPsec key without IPsec",
    { encryption: { ipsecKeysFrom: "key" } },
    ["warning encryption.ipsecKeysFrom: The key is not used without IPsec."],
  ],
  [
    "direct server return through vxlan",
    { loadBalancer: { mode: "dsr" }, routing: { tunnelProtocol: "vxlan" } },
    ["error routing.tunnelProtocol: Mode dsr cannot go with a vxlan tunnel; agents do not start."],
  ],
  [
    "direct server return in clear text",
    { loadBalancer: { mode: "hybrid" }, routing: { mode: "native", tunnelProtocol: "vxlan" }, encryption: {} },
    ["warning routing.tunnelProtocol: Replies are not encrypted."],
  ],
  [
    "pods outside the block that is not masqueraded",
    {
      routing: { mode: "native" },
      clusterNetworks: [
        { cidr: "10.128.0.0/14", hostPrefix: 23 },
        { cidr: "10.132.0.0/14", hostPrefix: 23 },
      ],
    },
    ["error routing.nativeCidr: Pods in 10.132.0.0/14 would be masqueraded to one another."],
  ],
  [
    "no pods outside a block that holds them all",
    {
      routing: { mode: "native", nativeCidr: "10.128.0.0/13" },
      clusterNetworks: [
        { cidr: "10.128.0.0/14", hostPrefix: 23 },
        { cidr: "10.132.0.0/14", hostPrefix: 23 },
      ],
    },
    [],
  ],
  [
    "a block that tunnels do not ask for",
    { routing: { nativeCidr: "10.0.0.0/8" } },
    ["warning routing.nativeCidr: Has no effect with tunnels."],
  ],
  [
    "BBR on RHEL 9's kernel",
    { preset: "throughput", bpf: { bbr: true } },
    ["error bpf.bbr: Kernel 5.14 is too old: agents do not start below 5.18."],
  ],
  ["no BBR on RHEL 10's", { preset: "throughput", bpf: { bbr: true, kernel: "6.12.0-55.el10" } }, []],
  [
    "BBR without what it is made of",
    { bpf: { bbr: true, kernel: "6.12" } },
    ["error bpf.bbr: Needs the bandwidth manager.", "error bpf.bbr: Needs routing by BPF."],
  ],
  [
    "what needs the replacement of kube-proxy",
    {
      kubeProxyReplacement: false,
      loadBalancer: { acceleration: "native", egressGateway: true, l2Announcements: true, localRedirectPolicies: true },
    },
    [
      "warning loadBalancer.acceleration: It works with kubeProxyReplacement only.",
      "error loadBalancer.egressGateway: Needs kubeProxyReplacement.",
      "error loadBalancer.l2Announcements: Needs kubeProxyReplacement.",
      "error loadBalancer.localRedirectPolicies: Needs kubeProxyReplacement.",
    ],
  ],
  [
    "an egress gateway without masquerading by BPF",
    { loadBalancer: { egressGateway: true }, bpf: { masquerade: false } },
    ["error bpf.masquerade: Egress gateways need it."],
  ],
  [
    "host routing that falls back silently",
    { bpf: { hostLegacyRouting: false } },
    [
      "warning bpf.hostLegacyRouting: Without masquerade and kubeProxyReplacement the kernel's stack is used all the same.",
    ],
  ],
  [
    "a mesh without its proxy, and an interface without the relay",
    { mesh: { l7Proxy: false, gatewayApi: true, envoyConfig: true }, hubble: { relay: false, ui: true } },
    [
      "error mesh.gatewayApi: Needs l7Proxy.",
      "error mesh.envoyConfig: Needs l7Proxy.",
      "error hubble.ui: Needs the relay.",
    ],
  ],
  [
    "the source document's limits of agents",
    { agent: { resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } } } },
    [
      "warning agent.resources.limits.memory: With 512Mi agents are killed in clusters of medium size, and nodes lose their network meanwhile.",
      "warning agent.resources.limits.cpu: A limit slows agents down just when they compile programs and pods wait.",
    ],
  ],
  ["no generous limit", { agent: { resources: { limits: { memory: "4Gi" } } } }, []],
];

describe("findings on the arguments of Cilium", () => {
  for (const [title, args, expected] of cases) {
    it(`are ${title}`, () => expect(findings(args)).to.have.members(expected));
  }

  it("come from a schema where a single value is wrong", () => {
    const wrong = (args: unknown) => CiliumNetworkArgs.safeParse({ ...base, ...(args as Input) });
    const keys = "3+ rfc4106(gcm(aes)) secret 128";
    const result = wrong({ encryption: { type: "ipsec", ipsecKeys: keys } });
    expect(result.success).to.equal(false);
    expect(String(result.error?.message)).not.to.include("secret 128");
    for (const args of [
      { encryption: { type: "WireGuard" } },
      { hubble: { metrics: ["dns:query;ignoreAAAA drop tcp flow icmp http"] } },
      { loadBalancer: { maglevHashSeed: "short" } },
      { encryption: { wireguard: { userspaceFallback: true } } },
      { upgradeCompatibility: "1.20.5" },
      { bpf: { kernel: "new" } },
    ]) {
      expect(wrong(args).success, JSON.stringify(args)).to.equal(false);
    }
  });
});
