import { isAtLeast } from "../../model";
import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { unreadValues } from "./unread";
import { valuesRule } from "./values";
import type { Fault, Values } from "./values";

/** Keys at which every supported chart fails, with what came instead. */
const refused: Readonly<Record<string, string>> = {
  "ciliumEndpointSlice.sliceMode": "It has no successor.",
  "containerRuntime.integration": "It has no successor.",
  enableCnpStatusUpdates: "It has no successor.",
  enableK8sEventHandover: "It has no successor.",
  "encryption.interface": "Use encryption.ipsec.interface.",
  "encryption.keyFile": "Use encryption.ipsec.keyFile.",
  "encryption.mountPath": "Use encryption.ipsec.mountPath.",
  "encryption.secretName": "Use encryption.ipsec.secretName.",
  enableCiliumEndpointSlice: "Use ciliumEndpointSlice.enabled.",
  endpointStatus: "It has no successor.",
  "etcd.managed": "It has no successor.",
  "proxy.prometheus": "Use envoy.prometheus.",
  remoteNodeIdentity: "It is always on.",
  tunnel: "Use routingMode and tunnelProtocol.",
};

/** Keys that no supported version reads: since which one, and what came instead. */
const ignored: Readonly<Record<string, [since: string, fix: string]>> = {
  "bgp.enabled": ["1.17", "Use bgpControlPlane.enabled and CiliumBGPClusterConfig."],
  enableRuntimeDeviceDetection: ["1.18", "It is always on."],
  "encryption.wireguard.userspaceFallback": ["1.17", "It has no successor."],
  "externalIPs.enabled": ["1.17", "kubeProxyReplacement implies it."],
  externalWorkloads: ["1.18", "It has no successor."],
  highScaleIPcache: ["1.18", "It has no successor."],
  "hostPort.enabled": ["1.18", "kubeProxyReplacement implies it."],
  hostServices: ["1.18", "Use socketLB."],
  "hubble.export.fileMaxBackups": ["1.18", "Use hubble.export.static.fileMaxBackups."],
  "hubble.export.fileMaxSizeMb": ["1.18", "Use hubble.export.static.fileMaxSizeMb."],
  "loadBalancer.experimental": ["1.18", "It has no successor."],
};

/** What came instead of keys that a supported version still reads and a later one does not. */
const successors: Readonly<Record<string, string>> = {
  "clustermesh.enableMCSAPISupport": "Use clustermesh.mcsapi.enabled.",
  "l2podAnnouncements.interface": "Use l2podAnnouncements.interfacePattern.",
  "nodePort.enabled": "kubeProxyReplacement implies it.",
  sessionAffinity: "It is always on.",
  svcSourceRangeCheck: "It is always on.",
};

/** Certificates in the values, at which the chart fails since 1.20. */
const certificates = ["server", "admin", "remote"].flatMap((part) =>
  ["cert", "key"].map((key) => `clustermesh.apiserver.tls.${part}.${key}`),
);

const strictMode = ["enabled", "cidr", "allowRemoteNodeIdentities"].map((key) => `encryption.strictMode.${key}`);

/** Names that a rule here says more of than that they are not known. */
const told = [...Object.keys(refused), ...Object.keys(ignored)];

const isTold = (values: Values, at: string): boolean =>
  told.some((key) => (key === at || key.startsWith(`${at}.`)) && values.holds(key));

const refusedKey = valuesRule(
  "refused-value",
  "error",
  "templates/validate.yaml, keys at which it fails",
  (values, facts): Fault[] => [
    ...Object.entries(refused)
      .filter(([at]) => values.holds(at))
      .map(([at, fix]) => ({ at, message: "The chart of every supported Cilium fails at this key.", fix })),
    ...certificates
      .filter((at) => isAtLeast(facts.versions.cilium, "1.20") && values.holds(at))
      .map((at) => ({
        at,
        message: "The chart fails at certificates in the values since Cilium 1.20.",
        fix: "Let them be made, or make the secrets before.",
      })),
  ],
);

const notRead = (since: string): string => `Cilium ${since} and later do not read this key; it has no effect.`;

const removed = valuesRule(
  "removed-value",
  "warning",
  "differences of the charts' values from 1.16 to 1.20; values.schema.json allows every key",
  (values, facts): Fault[] => [
    ...Object.entries(ignored)
      .filter(([at]) => values.holds(at))
      .map(([at, [since, fix]]) => ({ at, message: notRead(since), fix })),
    ...unreadValues(values.root, facts).flatMap((found): Fault[] => {
      const { at } = found;
      if (found.is !== "gone" || strictMode.includes(at) || certificates.includes(at)) return [];
      return [{ at, message: notRead(found.since), fix: successors[at] ?? "Leave it out." }];
    }),
  ],
);

const unknownValue = valuesRule(
  "unknown-value",
  "error",
  "values.yaml and templates of the charts 1.18.12, 1.19.6 and 1.20.0; values.schema.json allows every key",
  (values, facts) =>
    unreadValues(values.root, facts).flatMap((found): Fault[] => {
      const { at } = found;
      if (found.is === "gone" || isTold(values, at)) return [];
      if (found.is === "later") {
        const message = `Cilium ${facts.versions.cilium} does not read this key; ${found.since} is the first that does.`;
        return [{ at, message, fix: "Leave it out, or use a later Cilium." }];
      }
      const fix = found.nearest ? `Did you mean "${found.nearest}"?` : "Leave it out.";
      return [{ at, message: "There is no such value; the chart takes and ignores it.", fix }];
    }),
);

/** Rule C06. Up to 1.19 strict mode stands in strictMode itself, since 1.20 in strictMode.egress only. */
const strictModePlace = valuesRule("strict-mode-place", "error", "chart difference 1.19 to 1.20", (values, facts) => {
  const [first] = strictMode.filter((at) => values.holds(at));
  if (!isAtLeast(facts.versions.cilium, "1.20") || !first || values.has("encryption.strictMode.egress")) {
    return undefined;
  }
  const message = "Cilium 1.20 and later read strict mode in strictMode.egress only; here it is off.";
  return { at: first, message, fix: "Write it below strictMode.egress." };
});

/** Rules on names of values. */
export const formerRules: readonly Rule<KubernetesObject>[] = [refusedKey, removed, unknownValue, strictModePlace];
