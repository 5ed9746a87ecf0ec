import { egress, ingress, spec } from "./policies-inputs";
import type { Cases } from "./support";

/** Cases of the rules on policies that are valid and mean something else than one would think. */
export const lintCases: Record<string, Cases> = {
  "policies/empty-entry": {
    bad: [
      [ingress({}), "spec.ingress[0]"],
      [egress({ toEntities: ["world"] }, {}), "spec.egress[1]"],
      [spec({ ingress: [{}], enableDefaultDeny: { egress: true } }), "spec.ingress[0]"],
      [spec({ ingress: [{}], enableDefaultDeny: { ingress: false } }), "spec.ingress[0]"],
    ],
    good: [
      spec({ ingressDeny: [{}] }),
      ingress({ fromEntities: ["all"] }),
      spec({ ingress: [{}], enableDefaultDeny: { ingress: true } }),
    ],
  },
  "policies/own-namespace": {
    bad: [[ingress({ fromEndpoints: [{}] }), "spec.ingress[0].fromEndpoints[0]"]],
    good: [
      ingress({ fromEndpoints: [{ matchLabels: { a: "b" } }] }),
      { kind: "CiliumClusterwideNetworkPolicy", ...ingress({ fromEndpoints: [{}] }) },
    ],
  },
  "policies/authentication": {
    bad: [[ingress({ authentication: { mode: "disabled" } }), "spec.ingress[0].authentication"]],
    good: [ingress({})],
  },
  "policies/one-sided": {
    bad: [
      [ingress({}), "spec.egress"],
      [spec({ egressDeny: [{}], ingress: [] }), "spec.ingress"],
    ],
    good: [spec({ ingress: [{}], egress: [{}] }), spec({ ingress: [{}], enableDefaultDeny: { ingress: false } })],
  },
  "policies/node-peers": {
    bad: [
      [ingress({ fromNodes: [{}] }), "spec.ingress[0].fromNodes"],
      [egress({ toNodes: [{}] }), "spec.egress[0].toNodes"],
    ],
    good: [ingress({ fromEntities: ["remote-node"] })],
  },
};
