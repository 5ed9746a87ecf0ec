import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, mapAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { entries, entryLists, peerFields, policyParts, selectors } from "./entries";
import type { Place } from "./entries";

const noRules: Rule<KubernetesObject> = {
  id: "policies/no-rules",
  severity: "error",
  source: "Cilium 1.20 CRD (CEL, anyOf) and pkg/policy/api Rule.Sanitize: a rule needs one list with an element",
  check: (object) => {
    const given = ["spec", "specs"].filter((key) => !missing(object as unknown as Place["value"], key));
    const fix = "Give ingress, ingressDeny, egress or egressDeny at least one element; for a default deny use [{}].";
    if (given.length === 0) return [{ path: ["spec"], message: "The policy has no rule.", fix }];
    return policyParts(object)
      .filter(({ value }) =>
        entryLists.every((list) => missing(value, list) || (Array.isArray(value[list]) && value[list].length === 0)),
      )
      .map(({ path }) => ({ path, message: "All four lists of the rule are empty; Cilium refuses it.", fix }));
  },
};

const emptySpecs: Rule<KubernetesObject> = {
  id: "policies/empty-specs",
  severity: "warning",
  source: "Cilium CiliumNetworkPolicy.Parse takes an empty list of rules",
  check: (object) =>
    Array.isArray(object.specs) && object.specs.length === 0
      ? [{ path: ["specs"], message: "The list has no rule: it allows and denies nothing." }]
      : [],
};

const selector: Rule<KubernetesObject> = {
  id: "policies/selector",
  severity: "error",
  source: "Cilium 1.20 CRD (oneOf) and Rule.Sanitize; pkg/k8s CiliumNetworkPolicy.Parse refuses nodeSelector",
  check: (object) =>
    policyParts(object).flatMap(({ path, value }): Violation[] => {
      const pods = !missing(value, "endpointSelector");
      const nodes = !missing(value, "nodeSelector");
      if (pods && nodes) {
        const message = "endpointSelector and nodeSelector exclude each other.";
        return [{ path: [...path, "nodeSelector"], message, fix: "Make two policies." }];
      }
      if (nodes && object.kind === "CiliumNetworkPolicy") {
        const message = "A policy in a namespace cannot select nodes; the agents refuse it, the operator says Valid.";
        return [{ path: [...path, "nodeSelector"], message, fix: "Use a CiliumClusterwideNetworkPolicy." }];
      }
      if (pods || nodes) return [];
      const fix = "Write endpointSelector: {} to select everything.";
      return [{ path: [...path, "endpointSelector"], message: "The rule selects nothing.", fix }];
    }),
};

const peers: Rule<KubernetesObject> = {
  id: "policies/peers",
  severity: "error",
  source: 'Cilium pkg/policy/api/rule_validation.go: "combining X and Y is not supported yet"',
  check: (object) =>
    entries(object).flatMap(({ path, value, direction }) => {
      const used = peerFields[direction].filter((field) => listAt(value, field).length > 0);
      const [, second] = used;
      if (second === undefined) return [];
      const message = `${used.join(" and ")} cannot be in one entry.`;
      return [{ path: [...path, second], message, fix: "Make an entry of each; entries add up." }];
    }),
};

const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelPrefix = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a key is a label's of Kubernetes, with or without a source such as `k8s:` before it. */
function validKey(key: string): boolean {
  const [label = "", source, more] = key.split(":").reverse();
  if (more !== undefined || (source !== undefined && !/^[A-Za-z0-9]+$/.test(source))) return false;
  const [name = "", prefix, ...others] = label.split("/").reverse();
  if (others.length > 0 || name.length > 63 || !labelName.test(name)) return false;
  return prefix === undefined || (prefix.length <= 253 && labelPrefix.test(prefix));
}

const validValue = (value: string): boolean => value === "" || (value.length <= 63 && labelName.test(value));

function expressionProblem(path: PathStep[], expression: Place["value"]): Violation[] {
  const key = textAt(expression, "key");
  const operator = textAt(expression, "operator");
  const found: Violation[] = [];
  if (key !== undefined && !validKey(key)) found.push({ path: [...path, "key"], message: `"${key}" is no label key.` });
  if ("values" in expression && expression.values === undefined) return found;
  const count = listAt(expression, "values").length;
  if ((operator === "In" || operator === "NotIn") && count === 0) {
    found.push({ path: [...path, "values"], message: `${operator} needs values.` });
  }
  if ((operator === "Exists" || operator === "DoesNotExist") && count > 0) {
    found.push({ path: [...path, "values"], message: `${operator} takes no values.` });
  }
  const wrong = listAt(expression, "values").flatMap((value, index): Violation[] =>
    typeof value !== "string" || validValue(value)
      ? []
      : [{ path: [...path, "values", index], message: `"${value}" cannot be a label's value.` }],
  );
  return [...found, ...wrong];
}

function labelProblems({ path, value }: Place): Violation[] {
  return [
    ...Object.keys(objectAt(value, "matchLabels"))
      .filter((key) => !validKey(key))
      .map((key) => ({ path: [...path, "matchLabels", key], message: `"${key}" is no label key.` })),
    ...indexedAt(value, "matchExpressions").flatMap(([index, expression]) =>
      expressionProblem([...path, "matchExpressions", index], expression),
    ),
  ];
}

const ofServices = ({ path }: Place): boolean => path.includes("toServices");

const labels: Rule<KubernetesObject> = {
  id: "policies/labels",
  severity: "error",
  source: "Cilium pkg/labels ValidateLabelSelector, asked by operator and agents only",
  check: (object) =>
    selectors(object)
      .filter((place) => !ofServices(place))
      .flatMap(labelProblems),
};

const serviceLabels: Rule<KubernetesObject> = {
  id: "policies/service-labels",
  severity: "warning",
  source: "Cilium EgressCommonRule.sanitize does not look at toServices; no service can have such a label",
  check: (object) => selectors(object).filter(ofServices).flatMap(labelProblems),
};

const ownLabels: Rule<KubernetesObject> = {
  id: "policies/own-labels",
  severity: "error",
  source: "Cilium pkg/labels Label.UnmarshalJSON: with such a label neither operator nor agents can read the policy",
  check: (object) =>
    policyParts(object).flatMap(({ path, value }) =>
      indexedAt(value, "labels")
        .filter(([, label]) => label.key === "")
        .map(([index]) => ({ path: [...path, "labels", index, "key"], message: "The label's key is empty." })),
    ),
};

/** Labels of a machine's pod that change with each start or migration. Source: KubeVirt, cilium#40617. */
const passing = new Set([
  "kubevirt.io/created-by",
  "kubevirt.io/migrationJobUID",
  "kubevirt.io/nodeName",
  "vmi.kubevirt.io/id",
]);

const passingLabels: Rule<KubernetesObject> = {
  id: "policies/passing-label",
  severity: "warning",
  source: "KubeVirt writes these labels; Cilium's value labels leaves them out of identities (cilium#40617)",
  check: (object) =>
    selectors(object).flatMap(({ path, value }) => {
      const found = [
        ...Object.keys(mapAt(value, "matchLabels")).map((key): [PathStep[], string] => [["matchLabels", key], key]),
        ...indexedAt(value, "matchExpressions").map(([index, each]): [PathStep[], string] => [
          ["matchExpressions", index, "key"],
          textAt(each, "key") ?? "",
        ]),
      ];
      return found
        .filter(([, key]) => passing.has(key.replace(/^(k8s|any):/, "")))
        .map(([place, key]) => ({
          path: [...path, ...place],
          message: `${key} changes when the machine starts or migrates, and is left out of Cilium's identities.`,
          fix: "Select by a label of your own in the machine's template.",
        }));
    }),
};

/** What a policy selects, and with whom its entries deal. */
export const selectorRules = [noRules, emptySpecs, selector, peers, labels, serviceLabels, ownLabels, passingLabels];
