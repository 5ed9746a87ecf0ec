import type { KubernetesObject } from "../../model";
import { goDuration } from "../duration";
import { textAt } from "../read";
import type { Rule } from "../rule";

const name: Rule<KubernetesObject> = {
  id: "hostnetwork/nmstate-name",
  severity: "warning",
  source: "nmstate/kubernetes-nmstate controllers/operator/nmstate_controller.go Reconcile",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || metadata.name === "nmstate") return [];
    const message = "There is one NMState, called nmstate; the operator deletes every further one.";
    return [{ path: ["metadata", "name"], message, fix: 'Call it "nmstate".' }];
  },
};

const keys = ["caRotateInterval", "caOverlapInterval", "certRotateInterval", "certOverlapInterval"] as const;

const intervals: Rule<KubernetesObject> = {
  id: "hostnetwork/nmstate-intervals",
  severity: "error",
  source: "nmstate/kubernetes-nmstate cmd/handler/main.go: the certificate manager stops at what is no Go duration",
  check(object) {
    return keys.flatMap((key) => {
      const path = ["spec", "selfSignConfiguration", key];
      const value = textAt(object, ...path);
      if (value === undefined || goDuration(value) !== undefined) return [];
      return [{ path, message: `"${value}" is no duration.`, fix: "Write it as 8760h0m0s." }];
    });
  },
};

/** Which interval may not be longer than which. */
const pairs = [
  ["caOverlapInterval", "caRotateInterval"],
  ["certRotateInterval", "caRotateInterval"],
  ["certOverlapInterval", "certRotateInterval"],
] as const;

const overlaps: Rule<KubernetesObject> = {
  id: "hostnetwork/nmstate-interval-order",
  severity: "error",
  source: "qinqon/kube-admission-webhook pkg/certificate/options.go validate",
  check(object) {
    return pairs.flatMap(([shorter, longer]) => {
      const of = (key: string): number | undefined =>
        goDuration(textAt(object, "spec", "selfSignConfiguration", key) ?? "");
      const [inner, outer] = [of(shorter), of(longer)];
      if (inner === undefined || outer === undefined || inner <= outer) return [];
      const message = `It is longer than ${longer}.`;
      return [{ path: ["spec", "selfSignConfiguration", shorter], message, fix: `Use at most ${longer}.` }];
    });
  },
};

/** Rules on NMState. */
export const nmstateRules: readonly Rule<KubernetesObject>[] = [name, intervals, overlaps];
