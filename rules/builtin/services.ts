import type { KubernetesObject } from "../../model";
import { mapAt } from "../read";
import type { Rule } from "../rule";

/** Annotations that Cilium calls otherwise now. */
const renamed: Readonly<Record<string, string>> = {
  "io.cilium/lb-ipam-ips": "lbipam.cilium.io/ips",
  "io.cilium/lb-ipam-sharing-key": "lbipam.cilium.io/sharing-key",
  "io.cilium/lb-ipam-sharing-cross-namespace": "lbipam.cilium.io/sharing-cross-namespace",
};

export const serviceRules: readonly Rule<KubernetesObject>[] = [
  {
    id: "loadbalancing/service-annotation",
    severity: "warning",
    source: "cilium pkg/annotation/k8s.go: the old names are aliases",
    check: (service) =>
      Object.keys(mapAt(service, "metadata", "annotations")).flatMap((name) => {
        const now = renamed[name];
        const path = ["metadata", "annotations", name];
        return now ? [{ path, message: `"${name}" is an old name.`, fix: `Use "${now}".` }] : [];
      }),
  },
];
