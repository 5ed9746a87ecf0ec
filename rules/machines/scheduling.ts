import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, mapAt, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { kubernetes } from "./sources";
import { elementRule, machineRule, setKeys, template, unknownAt } from "./template";

const affinity: PathStep[] = [...template, "affinity"];
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

const qualified = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const nodeName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A label's key where one must stand; nothing when it is not known. */
function labelKey(object: JsonObject, key: string, path: PathStep[]): Violation[] {
  if (key in object && object[key] === undefined) return [];
  const text = textAt(object, key) ?? "";
  if (text === "") return [{ path: [...path, key], message: "The key of the label is missing." }];
  return qualified.test(text) ? [] : [{ path: [...path, key], message: `"${text}" cannot be the key of a label.` }];
}

const counts: Readonly<Record<string, (values: number) => string | undefined>> = {
  In: (values) => (values === 0 ? "The values are missing." : undefined),
  NotIn: (values) => (values === 0 ? "The values are missing." : undefined),
  Exists: (values) => (values > 0 ? "With this operator there are no values." : undefined),
  DoesNotExist: (values) => (values > 0 ? "With this operator there are no values." : undefined),
  Gt: (values) => (values === 1 ? undefined : "With this operator there is one value."),
  Lt: (values) => (values === 1 ? undefined : "With this operator there is one value."),
};

function requirement(each: JsonObject, path: PathStep[], operators: readonly string[]): Violation[] {
  const operator = textAt(each, "operator");
  const found = labelKey(each, "key", path);
  if (operator === undefined) return found;
  if (!operators.includes(operator))
    return [...found, { path: [...path, "operator"], message: `There is no operator "${operator}".` }];
  const unknown = "values" in each && each.values === undefined;
  const message = unknown ? undefined : counts[operator]?.(listAt(each, "values").length);
  return message ? [...found, { path: [...path, "values"], message }] : found;
}

const nodeOperators = Object.keys(counts);
const podOperators = nodeOperators.slice(0, 4);

/** A requirement on a field of the node, which can be its name only. */
function fieldRequirement(each: JsonObject, path: PathStep[]): Violation[] {
  const found: Violation[] = [];
  const operator = textAt(each, "operator");
  const known = !("values" in each) || each.values !== undefined;
  if (operator !== undefined && operator !== "In" && operator !== "NotIn")
    found.push({ path: [...path, "operator"], message: "A field is matched with In or NotIn." });
  else if (operator !== undefined && known && listAt(each, "values").length !== 1)
    found.push({ path: [...path, "values"], message: "A field is matched with one value." });
  if (each.key !== undefined && each.key !== "metadata.name")
    return [...found, { path: [...path, "key"], message: "Only the field metadata.name can be matched." }];
  listAt(each, "values").forEach((value, index) => {
    if (each.key === undefined || typeof value !== "string" || (value.length <= 253 && nodeName.test(value))) return;
    found.push({ path: [...path, "values", index], message: `"${value}" cannot be the name of a node.` });
  });
  return found;
}

const nodeTerm = (term: JsonObject, path: PathStep[]): Violation[] => [
  ...indexedAt(term, "matchExpressions").flatMap(([index, each]) =>
    requirement(each, [...path, "matchExpressions", index], nodeOperators),
  ),
  ...indexedAt(term, "matchFields").flatMap(([index, each]) => fieldRequirement(each, [...path, "matchFields", index])),
];

const weight = (term: JsonObject, path: PathStep[]): Violation[] => {
  const value = numberAt(term, "weight");
  if (value === undefined || (value >= 1 && value <= 100)) return [];
  return [{ path: [...path, "weight"], message: `The weight is 1 to 100, not ${value}.` }];
};

const selector = (object: JsonObject, path: PathStep[]): Violation[] => [
  ...Object.entries(mapAt(object, "matchLabels")).flatMap(([key, value]): Violation[] => {
    const at = [...path, "matchLabels", key];
    const found = qualified.test(key) ? [] : [{ path: at, message: `"${key}" cannot be the key of a label.` }];
    if (labelValue.test(value)) return found;
    return [...found, { path: at, message: `"${value}" cannot be the value of a label.` }];
  }),
  ...indexedAt(object, "matchExpressions").flatMap(([index, each]) =>
    requirement(each, [...path, "matchExpressions", index], podOperators),
  ),
];

const podTerm = (term: JsonObject, path: PathStep[]): Violation[] => [
  ...selector(objectAt(term, "labelSelector"), [...path, "labelSelector"]),
  ...selector(objectAt(term, "namespaceSelector"), [...path, "namespaceSelector"]),
  ...listAt(term, "namespaces").flatMap((name, index): Violation[] => {
    if (typeof name !== "string" || label.test(name)) return [];
    return [{ path: [...path, "namespaces", index], message: `"${name}" cannot be the name of a namespace.` }];
  }),
  ...labelKey(term, "topologyKey", path),
];

function nodeAffinity(machine: KubernetesObject): Violation[] {
  const path = [...affinity, "nodeAffinity"];
  const node = objectAt(machine, ...path);
  const terms = [...path, required, "nodeSelectorTerms"];
  const found: Violation[] = [];
  if (setKeys(node, [required]).length > 0 && !unknownAt(machine, terms) && listAt(machine, ...terms).length === 0)
    found.push({ path: terms, message: "The terms are missing." });
  for (const [index, term] of indexedAt(machine, ...terms)) found.push(...nodeTerm(term, [...terms, index]));
  for (const [index, term] of indexedAt(node, preferred)) {
    const at = [...path, preferred, index];
    found.push(...weight(term, at), ...nodeTerm(objectAt(term, "preference"), [...at, "preference"]));
  }
  return found;
}

const podAffinity = (machine: KubernetesObject, kind: string): Violation[] => {
  const path = [...affinity, kind];
  const pods = objectAt(machine, ...path);
  return [
    ...indexedAt(pods, required).flatMap(([index, term]) => podTerm(term, [...path, required, index])),
    ...indexedAt(pods, preferred).flatMap(([index, term]) => {
      const at = [...path, preferred, index];
      const known = !("podAffinityTerm" in term) || term.podAffinityTerm !== undefined;
      const inner = known ? podTerm(objectAt(term, "podAffinityTerm"), [...at, "podAffinityTerm"]) : [];
      return [...weight(term, at), ...inner];
    }),
  ];
};

/** R53; the webhook leaves `affinity` out of its paths. */
const scheduling = machineRule("affinity", "error", `${kubernetes} validateAffinity`, (machine) => [
  ...nodeAffinity(machine),
  ...podAffinity(machine, "podAffinity"),
  ...podAffinity(machine, "podAntiAffinity"),
]);

/** One of a list of words; an empty one counts as left out. */
function word(object: JsonObject, key: string, allowed: readonly string[], path: PathStep[]): Violation[] {
  const text = textAt(object, key);
  if (!text || allowed.includes(text)) return [];
  return [{ path: [...path, key], message: `There is no ${key} "${text}".`, fix: `Allowed: ${allowed.join(", ")}.` }];
}

/** R53; the schema inside of the webhook, which the CRD's does not say. */
const tolerations = elementRule(
  "toleration",
  "error",
  "KubeVirt api/openapi-spec/swagger.json, which the webhook checks every object against",
  [...template, "tolerations"],
  (each) => [
    ...word(each, "operator", ["Exists", "Equal"], []),
    ...word(each, "effect", ["NoSchedule", "PreferNoSchedule", "NoExecute"], []),
  ],
);

const spreads: PathStep[] = [...template, "topologySpreadConstraints"];

/** R53. */
const spread = machineRule("topology-spread", "error", `${kubernetes} validateTopologySpreadConstraints`, (machine) => {
  const seen = new Set<string>();
  return indexedAt(machine, ...spreads).flatMap(([index, each]) => {
    const path = [...spreads, index];
    const found = labelKey(each, "topologyKey", path);
    const [skew, unsatisfiable] = [numberAt(each, "maxSkew"), textAt(each, "whenUnsatisfiable")];
    if (skew !== undefined && skew <= 0) found.push({ path: [...path, "maxSkew"], message: "It must be 1 or more." });
    if (unsatisfiable !== undefined && !["DoNotSchedule", "ScheduleAnyway"].includes(unsatisfiable))
      found.push({ path: [...path, "whenUnsatisfiable"], message: "Allowed: DoNotSchedule, ScheduleAnyway." });
    for (const policy of ["nodeAffinityPolicy", "nodeTaintsPolicy"])
      found.push(...word(each, policy, ["Honor", "Ignore"], path));
    found.push(...selector(objectAt(each, "labelSelector"), [...path, "labelSelector"]));
    const key = `${textAt(each, "topologyKey") ?? index} ${unsatisfiable ?? index}`;
    if (seen.has(key)) found.push({ path, message: "The same topologyKey and whenUnsatisfiable occur twice." });
    seen.add(key);
    return found;
  });
});

/** Rules on which nodes the machine's pod may run. */
export const schedulingRules: readonly Rule<KubernetesObject>[] = [scheduling, tolerations, spread];
