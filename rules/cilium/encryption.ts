import type { KubernetesObject } from "../../model";
import { contains, isNetwork } from "../../model/addresses";
import type { Rule } from "../rule";
import { encrypts, replacesKubeProxy, routesNatively, tunnels, valuesRule } from "./values";

/** Rule C04. */
const both = valuesRule(
  "wireguard-and-ipsec",
  "error",
  "agent start; both at once is possible through extraConfig only",
  (values) => {
    const wireguard = encrypts(values, "wireguard") || values.on("extraConfig.enable-wireguard");
    const ipsec = encrypts(values, "ipsec") || values.on("extraConfig.enable-ipsec");
    if (!wireguard || !ipsec) return undefined;
    return { at: "encryption.type", message: "WireGuard and IPsec cannot be on together; agents do not start." };
  },
);

/** Rule C07. */
const nodes = valuesRule(
  "node-encryption",
  "warning",
  "values.yaml: node encryption exists for WireGuard only",
  (values) => {
    if (!values.on("encryption.nodeEncryption") || !values.isNot("encryption.type", "wireguard", "ipsec"))
      return undefined;
    const message = "Traffic of nodes is encrypted by WireGuard only.";
    return { at: "encryption.nodeEncryption", message, fix: "Write encryption.type: wireguard." };
  },
);

/** Places of strict mode for egress: since 1.20, and before. */
const strictPlaces = ["encryption.strictMode.egress", "encryption.strictMode"];

/** Rule C08. */
const strictCidr = valuesRule(
  "strict-egress-cidr",
  "error",
  "agent: `Cannot parse CIDR from --encryption-strict-egress-cidr option`; IPv4 only",
  (values) =>
    strictPlaces
      .filter((place) => values.on(`${place}.enabled`))
      .flatMap((place) => {
        const at = `${place}.cidr`;
        const cidr = values.text(at);
        const message = "Strict mode needs the IPv4 block of the pods; agents do not start without it.";
        if (cidr === undefined || cidr === "") return values.without(at) ? [{ at, message }] : [];
        return isNetwork(cidr) && !cidr.includes(":") ? [] : [{ at, message: `"${cidr}" is no IPv4 block.` }];
      }),
);

/** Rule C09. */
const strictNodes = valuesRule(
  "strict-egress-nodes",
  "warning",
  "docs encryption: pods behind a tunnel or on the host's network are reached by node addresses",
  (values) =>
    strictPlaces
      .filter((place) => values.on(`${place}.enabled`) && tunnels(values))
      .filter((place) => values.isNot(`${place}.allowRemoteNodeIdentities`, "true", "false"))
      .map((place) => ({
        at: `${place}.allowRemoteNodeIdentities`,
        message:
          "With tunnels strict mode needs allowRemoteNodeIdentities; agents refuse to start when the block holds nodes.",
        fix: "Write true.",
      })),
);

/** Rule C10. */
const strictIngress = valuesRule("strict-ingress", "error", "agent start and the chart's comments", (values) => {
  if (!values.on("encryption.strictMode.ingress.enabled")) return undefined;
  const at = "encryption.strictMode.ingress.enabled";
  if (encrypts(values, "ipsec")) return { at, message: "Strict mode for ingress exists for WireGuard only." };
  if (routesNatively(values)) return { at, message: "Strict mode for ingress needs tunnels." };
  const chaining = values.text("cni.chainingMode") ?? "none";
  return chaining === "none" ? undefined : { at, message: "Strict mode for ingress cannot go with CNI chaining." };
});

/** Rule C11. */
const dnsProxy = valuesRule(
  "ipsec-dns-proxy",
  "error",
  "agent: `IPSec requires DNS proxy transparent mode`",
  (values) => {
    if (!encrypts(values, "ipsec") || values.text("l7Proxy") === "false") return undefined;
    if (values.text("dnsProxy.enableTransparentMode") !== "false") return undefined;
    return {
      at: "dnsProxy.enableTransparentMode",
      message: "IPsec needs the transparent DNS proxy; agents do not start.",
    };
  },
);

/** Rule C12. */
const hostFirewall = valuesRule(
  "ipsec-host-firewall",
  "error",
  "agent: `IPSec cannot be used with the host firewall`",
  (values) => {
    if (!encrypts(values, "ipsec") || !values.on("hostFirewall.enabled")) return undefined;
    return { at: "hostFirewall.enabled", message: "The host firewall cannot go with IPsec; agents do not start." };
  },
);

/** Rule C13. */
const bandwidth = valuesRule("ipsec-bandwidth", "warning", "agent warning", (values) => {
  if (!encrypts(values, "ipsec") || !values.on("bandwidthManager.enabled")) return undefined;
  return { at: "bandwidthManager.enabled", message: "With IPsec the bandwidth manager is switched off." };
});

/** Rule C14. */
const ipsecKpr = valuesRule(
  "ipsec-kube-proxy",
  "warning",
  "older documentation lists the pair as unsupported",
  (values) => {
    if (!encrypts(values, "ipsec") || !replacesKubeProxy(values)) return undefined;
    return {
      at: "encryption.type",
      message: "IPsec with kubeProxyReplacement is not validated.",
      fix: "Use wireguard.",
    };
  },
);

const accelerated = ["native", "best-effort"];

/** Rule C15. */
const xdp = valuesRule("wireguard-xdp", "warning", "cilium#25354", (values) => {
  if (!encrypts(values, "wireguard") || !accelerated.includes(values.text("loadBalancer.acceleration") ?? ""))
    return undefined;
  const message = "With acceleration, service traffic from outside travels between nodes in clear text.";
  return { at: "loadBalancer.acceleration", message, fix: "Write disabled." };
});

/** Rule C19. */
const dsr = valuesRule(
  "wireguard-dsr",
  "warning",
  "docs encryption-wireguard: DSR replies other than Geneve are not encrypted",
  (values) => {
    if (!encrypts(values, "wireguard") || !["dsr", "hybrid"].includes(values.text("loadBalancer.mode") ?? ""))
      return undefined;
    if (values.text("loadBalancer.dsrDispatch") === "geneve") return undefined;
    return { at: "loadBalancer.dsrDispatch", message: "Packets of DSR are not encrypted unless dispatched by geneve." };
  },
);

/** Rule C08, second half. */
const strictPool = valuesRule(
  "strict-egress-pool",
  "warning",
  "the block has to be that of the pods, or nothing is protected",
  (values) => {
    const pools = values.get("ipam.operator.clusterPoolIPv4PodCIDRList");
    const list = (Array.isArray(pools) ? pools : [pools]).filter((pool): pool is string => typeof pool === "string");
    return strictPlaces
      .filter((place) => values.on(`${place}.enabled`))
      .flatMap((place) => {
        const cidr = values.text(`${place}.cidr`) ?? "";
        const open = list.filter((pool) => isNetwork(cidr) && isNetwork(pool) && !contains(cidr, pool));
        if (open.length === 0) return [];
        return [
          { at: `${place}.cidr`, message: `Pods in ${open.join(", ")} are not protected by strict mode for ${cidr}.` },
        ];
      });
  },
);

/** Rules on encryption. */
export const encryptionRules: readonly Rule<KubernetesObject>[] = [
  both,
  nodes,
  strictCidr,
  strictNodes,
  strictPool,
  strictIngress,
  dnsProxy,
  hostFirewall,
  bandwidth,
  ipsecKpr,
  xdp,
  dsr,
];
