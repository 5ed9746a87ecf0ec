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
    if (given.length === 1 && given[0] === "specs" && Array.isArray(object.specs) && object.specs.length === 0) {
      return [{ path: ["specs"], message: "The policy has no rule.", fix }];
    }
    return policyParts(object)
      .filter(({ value }) =>
        entryLists.every((list) => missing(value, list) || (Array.isArray(value[list]) && value[list].length === 0)),
      )
      .map(({ path }) => ({ path, message: "All four lists of the rule are empty; Cilium refuses it.", fix }));
  },
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
      if (used.length < 2) return [];
      const message = `${used.join(" and ")} cannot be in one entry.`;
      return [{ path: [...path, used[1] ?? ""], message, fix: "Make an entry of each; entries add up." }];
    }),
};

const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelPrefix = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a key is one of Kubernetes' labels after Cilium has turned the source, `k8s:`, into a part of it. */
function validKey(key: string): boolean {
  const parts = key.replace(":", ".").split("/");
  const name = parts.pop() ?? "";
  const [prefix] = parts;
  if (parts.length > 1 || name.length > 63 || !labelName.test(name)) return false;
  return prefix === undefined || (prefix.length <= 253 && labelPrefix.test(prefix));
}

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
  return found;
}

const labels: Rule<KubernetesObject> = {
  id: "policies/labels",
  severity: "error",
  source: "Cilium EndpointSelector.Sanitize: ValidateLabelSelector of apimachinery, asked by operator and agent only",
  check: (object) =>
    selectors(object).flatMap(({ path, value }) => [
      ...Object.keys(objectAt(value, "matchLabels"))
        .filter((key) => !validKey(key))
        .map((key) => ({ path: [...path, "matchLabels", key], message: `"${key}" is no label key.` })),
      ...indexedAt(value, "matchExpressions").flatMap(([index, expression]) =>
        expressionProblem([...path, "matchExpressions", index], expression),
      ),
    ]),
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
export const selectorRules = [noRules, selector, peers, labels, passingLabels];
