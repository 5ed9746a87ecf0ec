import { type Finding, isAtLeast, type Severity } from "../model";
import { contains } from "../model/addresses";
import type { CiliumNetworkArgs } from "../model/arguments";
import { type CiliumSettings, ciliumSettings, ciliumVersions } from "./cilium-settings";

/** What is wrong at a path of the arguments. */
interface Problem {
  id: string;
  severity: Severity;
  path: string;
  message: string;
  fix: string;
}

type Check = (settings: CiliumSettings) => (Problem | false | undefined)[];

const error = (id: string, path: string, message: string, fix: string): Problem => {
  return { id, severity: "error", path, message, fix };
};
const warning = (id: string, path: string, message: string, fix: string): Problem => {
  return { id, severity: "warning", path, message, fix };
};

const releases: Check = ({ args: { version, chartVersion, management, upgradeCompatibility } }) => [
  chartVersion !== undefined &&
    !chartVersion.startsWith(`${version}.`) &&
    error(
      "chart-version",
      "chartVersion",
      `${chartVersion} is no release of Cilium ${version}.`,
      "Correct one of them.",
    ),
  chartVersion !== undefined &&
    management !== "helm" &&
    warning(
      "chart-version-unused",
      "chartVersion",
      "The operator brings a chart of its own.",
      "Leave it out, or write management: helm.",
    ),
  upgradeCompatibility !== undefined &&
    !isAtLeast(version, upgradeCompatibility) &&
    error(
      "upgrade-compatibility",
      "upgradeCompatibility",
      `The cluster cannot have been installed with ${upgradeCompatibility}, which is later than ${version}.`,
      "Give the minor version that it was installed with.",
    ),
];

const strictModes: Check = ({ args, encryption, routing, strictEgress }) => {
  const { version } = args;
  const ingress = args.encryption?.strictIngress ?? false;
  const all = ciliumVersions[version].strictForAll;
  const at = "encryption.strictIngress";
  return [
    strictEgress &&
      encryption === "ipsec" &&
      !all &&
      error(
        "strict-egress-ipsec",
        "encryption.strictEgress",
        `Cilium ${version} has strict mode for WireGuard only.`,
        "Use 1.19 or later, or write false.",
      ),
    args.preset === "secure" &&
      encryption === "ipsec" &&
      !strictEgress &&
      args.encryption?.strictEgress === undefined &&
      warning(
        "strict-egress-missing",
        "encryption.type",
        `Cilium ${version} has strict mode for WireGuard only: first packets to new pods may travel in clear text.`,
        "Use 1.19 or later, or wireguard.",
      ),
    ingress && !all && error("strict-ingress-version", at, `Cilium ${version} does not have it.`, "Use 1.19 or later."),
    ingress &&
      encryption !== "wireguard" &&
      error("strict-ingress-wireguard", at, "It exists for WireGuard only.", "Write false."),
    ingress &&
      routing === "native" &&
      error("strict-ingress-tunnel", at, "It needs tunnels.", "Write routing.mode: tunnel, or false."),
    encryption === "none" &&
      args.encryption?.strictEgress === true &&
      error("strict-egress-none", "encryption.strictEgress", "Nothing is encrypted.", "Write encryption.type."),
  ];
};

const ipsec: Check = ({ args, encryption, bandwidthManager }) => {
  const given = args.encryption;
  const keys = given?.ipsecKeys ?? given?.ipsecKeysFrom;
  if (encryption !== "ipsec") {
    return [
      keys !== undefined &&
        warning("ipsec-keys-unused", "encryption.ipsecKeysFrom", "The key is not used without IPsec.", "Leave it out."),
    ];
  }
  return [
    given?.ipsecKeys !== undefined &&
      given.ipsecKeysFrom !== undefined &&
      error("ipsec-keys", "encryption.ipsecKeysFrom", "The key is given twice.", "Leave one of them out."),
    given?.nodeEncryption === true &&
      error("ipsec-nodes", "encryption.nodeEncryption", "Exists for WireGuard only.", "Write false."),
    bandwidthManager &&
      warning("ipsec-bandwidth", "bpf.bandwidthManager", "Agents switch it off with IPsec.", "Write false."),
    args.kubeProxyReplacement &&
      warning(
        "ipsec-kube-proxy",
        "encryption.type",
        "IPsec with kubeProxyReplacement is not validated.",
        "Use wireguard, or test it.",
      ),
  ];
};

const acceleration: Check = ({ encryption, acceleration: xdp, args }) => [
  xdp !== "disabled" &&
    encryption === "wireguard" &&
    warning(
      "wireguard-xdp",
      "loadBalancer.acceleration",
      "With acceleration, service traffic from outside travels between nodes in clear text.",
      "Write disabled.",
    ),
  xdp !== "disabled" &&
    !args.kubeProxyReplacement &&
    warning(
      "xdp-kube-proxy",
      "loadBalancer.acceleration",
      "It works with kubeProxyReplacement only.",
      "Write disabled.",
    ),
];

const directReturn: Check = ({ args, dsrDispatch, encryption, routing }) => {
  const { mode } = args.loadBalancer;
  if (dsrDispatch !== "opt") return [];
  if (routing === "tunnel") {
    const message = `Mode ${mode} cannot go with a vxlan tunnel; agents do not start.`;
    return [error("dsr-vxlan", "routing.tunnelProtocol", message, "Leave it out, or write geneve or mode: snat.")];
  }
  return [
    encryption !== "none" &&
      warning("dsr-clear", "routing.tunnelProtocol", "Replies are not encrypted.", "Leave it out, or write geneve."),
  ];
};

const nativeRouting: Check = ({ args, routing }) => {
  const { clusterNetworks, routing: given } = args;
  const block = given.nativeCidr ?? clusterNetworks[0]?.cidr ?? "";
  const outside = clusterNetworks.map(({ cidr }) => cidr).filter((cidr) => !contains(block, cidr));
  if (routing === "tunnel") {
    return [
      given.nativeCidr !== undefined &&
        warning("native-unused", "routing.nativeCidr", "Has no effect with tunnels.", "Leave it out."),
    ];
  }
  return [
    outside.length > 0 &&
      error(
        "native-cidr",
        "routing.nativeCidr",
        `Pods in ${outside.join(", ")} would be masqueraded to one another.`,
        "Give a block that holds all pod networks.",
      ),
  ];
};

const bbr: Check = ({ args, bandwidthManager, hostLegacyRouting, bpfMasquerade }) => {
  if (!args.bpf.bbr) return [];
  const at = "bpf.bbr";
  const kernel = args.bpf.kernel;
  return [
    !bandwidthManager && error("bbr-manager", at, "Needs the bandwidth manager.", "Write bandwidthManager: true."),
    (hostLegacyRouting || !bpfMasquerade || !args.kubeProxyReplacement) &&
      error(
        "bbr-routing",
        at,
        "Needs routing by BPF.",
        "Write masquerade: true and hostLegacyRouting: false, with kubeProxyReplacement.",
      ),
    !isAtLeast(kernel, "5.18") &&
      error(
        "bbr-kernel",
        at,
        `Kernel ${kernel} is too old: agents do not start below 5.18.`,
        "Leave it out, or give the kernel of the nodes.",
      ),
  ];
};

/** What works only when Cilium does kube-proxy's work. */
const kubeProxy: Check = ({ args, bpfMasquerade, hostLegacyRouting }) => {
  const { loadBalancer, kubeProxyReplacement } = args;
  const found: (Problem | false)[] = [
    loadBalancer.egressGateway &&
      !bpfMasquerade &&
      error("egress-masquerade", "bpf.masquerade", "Egress gateways need it.", "Write true."),
    !hostLegacyRouting &&
      !(bpfMasquerade && kubeProxyReplacement) &&
      warning(
        "host-routing",
        "bpf.hostLegacyRouting",
        "Without masquerade and kubeProxyReplacement the kernel's stack is used all the same.",
        "Write true.",
      ),
  ];
  if (kubeProxyReplacement) return found;
  const needs = (name: "egressGateway" | "l2Announcements" | "localRedirectPolicies"): Problem | false =>
    loadBalancer[name] &&
    error(
      `${name}-kube-proxy`,
      `loadBalancer.${name}`,
      "Needs kubeProxyReplacement.",
      "Write kubeProxyReplacement: true.",
    );
  return [...found, needs("egressGateway"), needs("l2Announcements"), needs("localRedirectPolicies")];
};

const mesh: Check = ({ args: { mesh: given, hubble } }) => [
  given.gatewayApi &&
    !given.l7Proxy &&
    error("gateway-proxy", "mesh.gatewayApi", "Needs l7Proxy.", "Write l7Proxy: true."),
  given.envoyConfig &&
    !given.l7Proxy &&
    error("envoy-config-proxy", "mesh.envoyConfig", "Needs l7Proxy.", "Write l7Proxy: true."),
  hubble.ui && !hubble.relay && error("hubble-ui", "hubble.ui", "Needs the relay.", "Write relay: true."),
];

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function bytes(quantity: string): number {
  const [, digits, unit] = /^(\d+)(.*)$/.exec(quantity) ?? [];
  return Number(digits) * (units[unit ?? ""] ?? NaN);
}

/** An agent that compiles programs and holds the state of all pods wants more than this now and then. */
const SMALL_MEMORY = "512Mi";

const resources: Check = ({ args: { agent } }) => {
  const limits = agent.resources?.limits;
  const { memory } = limits ?? {};
  return [
    memory !== undefined &&
      bytes(memory) <= bytes(SMALL_MEMORY) &&
      warning(
        "agent-memory",
        "agent.resources.limits.memory",
        `With ${memory} agents are killed in clusters of medium size, and nodes lose their network meanwhile.`,
        "Leave the limit out and request 512Mi.",
      ),
    limits?.cpu !== undefined &&
      warning(
        "agent-cpu",
        "agent.resources.limits.cpu",
        "A limit slows agents down just when they compile programs and pods wait.",
        "Leave it out.",
      ),
  ];
};

const checks: readonly Check[] = [
  releases,
  strictModes,
  ipsec,
  acceleration,
  directReturn,
  nativeRouting,
  bbr,
  kubeProxy,
  mesh,
  resources,
];

/** What does not go together in the arguments, the preset's part included. Paths are those of the arguments. */
export function ciliumFindings(args: CiliumNetworkArgs): Finding[] {
  const settings = ciliumSettings(args);
  return checks
    .flatMap((check) => check(settings))
    .filter((problem): problem is Problem => typeof problem === "object")
    .map(({ id, ...problem }) => ({ rule: `cilium/arguments-${id}`, ...problem }));
}
