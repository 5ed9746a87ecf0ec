import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { encrypts, keepsKubeProxy, replacesKubeProxy, routesNatively, tunnels, valuesRule } from "./values";

/** Rule C02. */
const apiServer = valuesRule(
  "api-server",
  "error",
  "docs kubeproxy-free; templates/validate.yaml refuses host and reference together",
  (values) => {
    if (values.has("k8sServiceHost") && values.has("k8sServiceHostRef.name")) {
      return { at: "k8sServiceHostRef", message: "It cannot go with k8sServiceHost." };
    }
    if (!replacesKubeProxy(values) || values.has("k8s.apiServerURLs")) return undefined;
    const fix = "Give the API server's host and port, on OpenShift api-int.<base domain> and 6443.";
    const message = "Without kube-proxy agents cannot reach the API server by its service.";
    const faults = [];
    if (values.without("k8sServiceHost") && values.without("k8sServiceHostRef.name")) {
      faults.push({ at: "k8sServiceHost", message, fix });
    }
    if (values.without("k8sServicePort") && values.isNot("k8sServiceHost", "auto")) {
      faults.push({ at: "k8sServicePort", message, fix });
    }
    return faults;
  },
);

/** Rule C17. */
const dsr = valuesRule(
  "dsr",
  "error",
  "pkg/kpr: DSR needs native routing, or Geneve for both tunnel and dispatch",
  (values) => {
    const mode = values.text("loadBalancer.mode") ?? "snat";
    if (mode === "snat" || !tunnels(values)) return undefined;
    if (values.isNot("tunnelProtocol", "geneve", "vxlan")) {
      const fix = "Use snat, or tunnelProtocol geneve with dsrDispatch geneve.";
      return {
        at: "loadBalancer.mode",
        message: `Mode ${mode} cannot go with a vxlan tunnel; agents do not start.`,
        fix,
      };
    }
    if (!values.isNot("loadBalancer.dsrDispatch", "geneve", "opt")) return undefined;
    return { at: "loadBalancer.dsrDispatch", message: `Mode ${mode} in a tunnel needs dsrDispatch geneve.` };
  },
);

/** Rule C18. */
const ipip = valuesRule("dsr-ipip", "error", "pkg/kpr", (values) => {
  if (values.text("loadBalancer.dsrDispatch") !== "ipip") return undefined;
  if (!values.isNot("loadBalancer.acceleration", "native", "disabled")) return undefined;
  if (values.text("loadBalancer.acceleration") === "best-effort") return undefined;
  return { at: "loadBalancer.dsrDispatch", message: "Dispatch by ipip needs loadBalancer.acceleration." };
});

/** Rule C20. */
const nativeCidr = valuesRule(
  "native-routing-cidr",
  "error",
  "templates/cilium-configmap.yaml and the agent: which addresses are not masqueraded must be said",
  (values) => {
    const masquerades =
      values.isNot("enableIPv4Masquerade", "false", "true") && values.isNot("ipMasqAgent.enabled", "true", "false");
    if (!routesNatively(values) || !masquerades) return undefined;
    if (!values.without("ipv4NativeRoutingCIDR") || values.on("nativeRoutingCIDRFromClusterPool")) return undefined;
    const message = "Native routing with masquerading needs to know which addresses are reached without it.";
    return { at: "ipv4NativeRoutingCIDR", message, fix: "Give the block of all pod addresses." };
  },
);

/** Rule C21. */
const nodeRoutes = valuesRule("direct-node-routes", "error", "agent start", (values) => {
  if (!values.on("autoDirectNodeRoutes") || !tunnels(values)) return undefined;
  return { at: "autoDirectNodeRoutes", message: "It cannot go with tunnels; agents do not start." };
});

/** Rule C22. */
const conntrack = valuesRule("conntrack-rules", "error", "agent start", (values) => {
  if (!values.on("installNoConntrackIptablesRules")) return undefined;
  if (!tunnels(values) && !keepsKubeProxy(values)) return undefined;
  return {
    at: "installNoConntrackIptablesRules",
    message: "It needs native routing and kubeProxyReplacement; agents do not start.",
  };
});

/** Rule C23. */
const masquerade = valuesRule("bpf-masquerade", "error", "agent start", (values) => {
  const bpf = values.on("bpf.masquerade");
  const faults = [];
  if (bpf && values.has("egressMasqueradeInterfaces")) {
    faults.push({
      at: "egressMasqueradeInterfaces",
      message: "It cannot go with bpf.masquerade; agents do not start.",
    });
  }
  if (bpf && values.on("enableMasqueradeRouteSource")) {
    faults.push({
      at: "enableMasqueradeRouteSource",
      message: "It cannot go with bpf.masquerade; agents do not start.",
    });
  }
  if (bpf && values.text("enableIPv4Masquerade") === "false" && values.text("enableIPv6Masquerade") === "false") {
    faults.push({
      at: "bpf.masquerade",
      message: "Masquerading is off, so bpf.masquerade makes agents refuse to start.",
    });
  }
  if (values.on("ipMasqAgent.enabled") && values.isNot("bpf.masquerade", "true", "false")) {
    faults.push({ at: "ipMasqAgent.enabled", message: "It needs bpf.masquerade: true; agents do not start." });
  }
  return faults;
});

/** Rule C24. */
const hostRouting = valuesRule(
  "host-routing",
  "warning",
  "docs tuning: host routing by BPF falls back silently",
  (values) => {
    if (values.text("bpf.hostLegacyRouting") !== "false") return undefined;
    if (!keepsKubeProxy(values) && !values.isNot("bpf.masquerade", "true", "false")) return undefined;
    const message =
      "Routing by BPF needs kubeProxyReplacement and bpf.masquerade; without them legacy routing is used.";
    return { at: "bpf.hostLegacyRouting", message };
  },
);

/** Rule C25. */
const bandwidth = valuesRule(
  "bandwidth-manager",
  "error",
  "pkg/datapath/linux/bandwidth; the chart renders bbr only beside enabled",
  (values) => {
    if (!values.on("bandwidthManager.bbr")) return undefined;
    const at = "bandwidthManager.bbr";
    if (values.isNot("bandwidthManager.enabled", "true", "false")) {
      return { at, message: "Without bandwidthManager.enabled it is ignored." };
    }
    if (values.on("bandwidthManager.bbrHostNamespaceOnly") || !values.on("bpf.hostLegacyRouting")) return undefined;
    return { at, message: "BBR needs host routing by BPF, so bpf.hostLegacyRouting must not be true." };
  },
);

/** Rule C26. */
const bigTcp = valuesRule("big-tcp", "error", "pkg/datapath/linux/bigtcp", (values) =>
  ["enableIPv4BIGTCP", "enableIPv6BIGTCP"]
    .filter((at) => values.on(at))
    .flatMap((at) => {
      if (encrypts(values, "ipsec")) return [{ at, message: "BIG TCP cannot go with IPsec." }];
      if (values.on("bpf.hostLegacyRouting")) return [{ at, message: "BIG TCP cannot go with legacy host routing." }];
      const allowed = values.text("extraConfig.enable-tunnel-big-tcp") === "true";
      return tunnels(values) && !allowed ? [{ at, message: "BIG TCP cannot go with tunnels." }] : [];
    }),
);

/** Rules C27 and C28. */
const netkit = valuesRule(
  "netkit",
  "error",
  "templates/validate.yaml; cilium#37265: virtual machines do not start on a netkit device",
  (values) => {
    const mode = values.text("bpf.datapathMode") ?? "veth";
    if (!mode.startsWith("netkit")) return undefined;
    const faults = [];
    const at = "bpf.datapathMode";
    if (values.on("bpf.tproxy"))
      faults.push({ at: "bpf.tproxy", message: "It cannot go with netkit; the chart fails." });
    if (values.on("bpf.hostLegacyRouting")) faults.push({ at, message: "netkit cannot go with legacy host routing." });
    if (mode === "netkit")
      faults.push({ at, message: "Virtual machines do not start on netkit devices.", fix: "Use veth." });
    return faults;
  },
);

/** Rule C29. */
const socketLb = valuesRule(
  "socket-lb-machines",
  "error",
  "docs kubeproxy-free; cilium#14563, cilium#37669, kubevirt#10388",
  (values) => {
    const on = replacesKubeProxy(values) || values.on("socketLB.enabled");
    if (!on || values.on("gatewayAPI.enabled")) return undefined;
    if (!values.isNot("socketLB.hostNamespaceOnly", "true", "false")) return undefined;
    const message = "Guests of virtual machines bypass the sockets of their pods, so services and DNS fail for them.";
    return { at: "socketLB.hostNamespaceOnly", message, fix: "Write true." };
  },
);

/** Rule C42. */
const mtu = valuesRule(
  "mtu",
  "warning",
  "cilium#23711: only routes carry the smaller MTU, guests copy that of the link",
  (values) => {
    if (values.has("MTU") && values.text("MTU") !== "0") return undefined;
    if (!tunnels(values) && !values.on("encryption.enabled")) return undefined;
    const message = "Without an MTU guests use that of the node's card, and large packets are lost in the tunnel.";
    return { at: "MTU", message, fix: "Give the card's MTU less 50 for vxlan and 95 for WireGuard." };
  },
);

/** Rule C36. */
const egressGateway = valuesRule("egress-gateway", "error", "docs egress-gateway; cilium#24833", (values) => {
  if (!values.on("egressGateway.enabled")) return undefined;
  const at = "egressGateway.enabled";
  if (keepsKubeProxy(values)) return { at, message: "Egress gateways need kubeProxyReplacement: true." };
  if (values.isNot("bpf.masquerade", "true", "false"))
    return { at, message: "Egress gateways need bpf.masquerade: true." };
  if (!values.on("ciliumEndpointSlice.enabled")) return undefined;
  return { at, message: "Egress gateways cannot go with ciliumEndpointSlice." };
});

/** Rule C37. */
const l2 = valuesRule("l2-announcements", "warning", "docs l2-announcements", (values) => {
  if (!values.on("l2announcements.enabled") || !keepsKubeProxy(values)) return undefined;
  return { at: "l2announcements.enabled", message: "Without kubeProxyReplacement nothing is announced." };
});

/** Rule C38. */
const localRedirect = valuesRule("local-redirect", "warning", "docs local-redirect-policy", (values) => {
  const at = ["localRedirectPolicies.enabled", "localRedirectPolicy"].find((path) => values.on(path));
  if (!at || !keepsKubeProxy(values) || !values.isNot("socketLB.enabled", "true", "false")) return undefined;
  return { at, message: "Without kubeProxyReplacement nothing is redirected." };
});

/** Rules on how packets travel. */
export const datapathRules: readonly Rule<KubernetesObject>[] = [
  apiServer,
  dsr,
  ipip,
  nativeCidr,
  nodeRoutes,
  conntrack,
  masquerade,
  hostRouting,
  bandwidth,
  bigTcp,
  netkit,
  socketLb,
  mtu,
  egressGateway,
  l2,
  localRedirect,
];
