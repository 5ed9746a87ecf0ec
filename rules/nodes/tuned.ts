import type { KubernetesObject } from "../../model";
import { indexedAt, missing, objectsAt, textAt } from "../read";
import type { Rule } from "../rule";

/** The namespace whose Tuneds the operator reads. */
export const tuningNamespace = "openshift-cluster-node-tuning-operator";

const place: Rule<KubernetesObject> = {
  id: "nodes/tuned-namespace",
  severity: "error",
  source: "cluster-node-tuning-operator pkg/config: it watches its own namespace only",
  check({ metadata }) {
    const { namespace } = metadata;
    if (namespace === undefined || namespace === tuningNamespace) return [];
    const message = `The Node Tuning Operator does not look into namespace "${namespace}".`;
    return [{ path: ["metadata", "namespace"], message, fix: `Use ${tuningNamespace}.` }];
  },
};

const ownName: Rule<KubernetesObject> = {
  id: "nodes/tuned-own-name",
  severity: "error",
  source:
    "cluster-node-tuning-operator: Tuneds default and rendered are its own, openshift-node-performance-* are those of profiles",
  check({ metadata }) {
    if (
      typeof metadata.name !== "string" ||
      !/^(default|rendered|openshift-node-performance-.*)$/.test(metadata.name)
    ) {
      return [];
    }
    const message = `The Node Tuning Operator makes "${metadata.name}" itself and takes changes back.`;
    return [
      { path: ["metadata", "name"], message, fix: "Choose another name and include the other profile in yours." },
    ];
  },
};

const repeated: Rule<KubernetesObject> = {
  id: "nodes/tuned-profile-repeated",
  severity: "error",
  source: "cluster-node-tuning-operator pkg/operator: of two profiles with one name one is dropped",
  check(object) {
    const path = ["spec", "profile"];
    const seen = new Set<string>();
    return indexedAt(object, ...path).flatMap(([index, profile]) => {
      const name = textAt(profile, "name");
      if (name === undefined) return [];
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [{ path: [...path, index, "name"], message: `The profile "${name}" occurs twice.` }];
    });
  },
};

/** The profiles that a profile builds on. */
const includesOf = (data: string): string[] =>
  [...data.matchAll(/^\s*include\s*=(.*)$/gm)].flatMap((match) =>
    (match[1] ?? "").split(",").map((each) => each.trim()),
  );

const recommended: Rule<KubernetesObject> = {
  id: "nodes/tuned-recommend",
  severity: "warning",
  source: "cluster-node-tuning-operator README: a profile that no entry recommends is not applied",
  check(object) {
    const names = new Set(objectsAt(object, "spec", "recommend").map((each) => textAt(each, "profile")));
    const included = objectsAt(object, "spec", "profile").map((each) => textAt(each, "data") ?? "");
    const path = ["spec", "profile"];
    if (!object.spec || ("recommend" in object.spec && object.spec.recommend === undefined)) return [];
    if (
      names.has(undefined) ||
      (Array.isArray(object.spec.recommend) && object.spec.recommend.includes(undefined as never))
    )
      return [];
    return indexedAt(object, ...path).flatMap(([index, profile]) => {
      const name = textAt(profile, "name");
      const used = name === undefined || names.has(name) || included.some((data) => includesOf(data).includes(name));
      if (used) return [];
      return [
        { path: [...path, index, "name"], message: `No entry of recommend is for "${name}", so no node gets it.` },
      ];
    });
  },
};

const everywhere: Rule<KubernetesObject> = {
  id: "nodes/tuned-everywhere",
  severity: "warning",
  source: "cluster-node-tuning-operator README: an entry without match and machineConfigLabels fits every node",
  check(object) {
    const path = ["spec", "recommend"];
    return indexedAt(object, ...path)
      .filter(([, entry]) => missing(entry, "match") && missing(entry, "machineConfigLabels"))
      .map(([index]) => ({
        path: [...path, index],
        message: "Without match or machineConfigLabels the entry fits every node, also those of the control plane.",
        fix: "Match a label, for example node-role.kubernetes.io/worker.",
      }));
  },
};

const summary: Rule<KubernetesObject> = {
  id: "nodes/tuned-main",
  severity: "warning",
  source: "TuneD profile format: [main] with include= carries over what the profile builds on",
  check(object) {
    const path = ["spec", "profile"];
    return indexedAt(object, ...path).flatMap(([index, profile]) => {
      const data = textAt(profile, "data");
      if (data === undefined || /^\s*\[main\]/m.test(data)) return [];
      const message = "The profile has no section [main], so it includes none of the operator's profiles.";
      return [{ path: [...path, index, "data"], message, fix: "Begin with [main] and include=openshift-node." }];
    });
  },
};

/** What the Node Tuning Operator ignores or takes back of a Tuned. */
export const tunedRules: readonly Rule<KubernetesObject>[] = [
  place,
  ownName,
  repeated,
  recommended,
  everywhere,
  summary,
];
