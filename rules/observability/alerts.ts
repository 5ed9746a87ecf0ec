import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, mapAt, missing, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { milliseconds } from "./durations";
import { queryProblem, templateProblem } from "./expressions";
import { isUserProject, userWorkload } from "./platform";

const rulefmt = "prometheus model/rulefmt/rulefmt.go, which the operator and its webhook ask";

type Place = { path: PathStep[]; item: JsonObject };

const groupsOf = (object: KubernetesObject): Place[] =>
  indexedAt(object, "spec", "groups").map(([index, item]) => ({ path: ["spec", "groups", index], item }));

const rulesOf = (object: KubernetesObject): Place[] =>
  groupsOf(object).flatMap(({ path, item }) =>
    indexedAt(item, "rules").map(([index, rule]) => ({ path: [...path, "rules", index], item: rule })),
  );

const unknown = (item: JsonObject, key: string): boolean => key in item && item[key] === undefined;
const set = (item: JsonObject, key: string): boolean => Boolean(textAt(item, key));

function rule(id: string, source: string, check: (object: KubernetesObject) => Violation[]): Rule<KubernetesObject> {
  return { id: `observability/${id}`, severity: "error", source, check };
}

const groupName = rule("rule-group-name", `${rulefmt}: RuleGroups.Validate`, (object) => {
  const groups = groupsOf(object);
  return groups.flatMap(({ path, item }, index) => {
    const name = textAt(item, "name");
    const first = groups.slice(0, index).findIndex((other) => name !== undefined && other.item.name === name);
    if (first < 0) return [];
    const message = `Group ${first + 1} has the name "${String(name)}" already.`;
    return [{ path: [...path, "name"], message }];
  });
});

const kind = rule("rule-kind", `${rulefmt}: Rule.Validate`, (object) =>
  rulesOf(object).flatMap(({ path, item }) => {
    if (unknown(item, "alert") || unknown(item, "record")) return [];
    if (set(item, "alert") && set(item, "record")) {
      return [{ path, message: "A rule has either alert or record, not both." }];
    }
    if (set(item, "alert") || set(item, "record")) return [];
    return [{ path, message: "The rule has neither alert nor record.", fix: "Give it a name in one of the two." }];
  }),
);

const expression = rule("rule-expression", `${rulefmt}: Rule.Validate, promql/parser`, (object) =>
  rulesOf(object).flatMap(({ path, item }) => {
    const text = textAt(item, "expr");
    if (text === undefined) return [];
    if (text.replace(/#.*$/gm, "").trim() === "") {
      return [{ path: [...path, "expr"], message: "The expression is empty." }];
    }
    const problem = queryProblem(text);
    return problem ? [{ path: [...path, "expr"], message: `The expression ${problem}.` }] : [];
  }),
);

const duration = (item: JsonObject, path: PathStep[], key: string): Violation[] => {
  const text = textAt(item, key);
  if (!text || milliseconds(text) !== undefined) return [];
  const message = `"${text}" is no duration of Prometheus.`;
  return [{ path: [...path, key], message, fix: "Write whole numbers with y, w, d, h, m, s, ms, the largest first." }];
};

const durations = rule("rule-duration", "prometheus/common model/time.go ParseDuration", (object) => [
  ...groupsOf(object).flatMap(({ path, item }) =>
    ["interval", "query_offset"].flatMap((key) => duration(item, path, key)),
  ),
  ...rulesOf(object).flatMap(({ path, item }) =>
    ["for", "keep_firing_for"].flatMap((key) => duration(item, path, key)),
  ),
]);

const recordOnly = rule("record-fields", `${rulefmt}: Rule.Validate`, (object) =>
  rulesOf(object).flatMap(({ path, item }) => {
    if (!set(item, "record")) return [];
    const lasting = ["for", "keep_firing_for"].filter((key) => milliseconds(textAt(item, key) ?? "0") !== 0);
    const noted = Object.keys(mapAt(item, "annotations")).length > 0 ? ["annotations"] : [];
    return [...lasting, ...noted].map((key) => ({
      path: [...path, key],
      message: `A recording rule has no ${key}.`,
    }));
  }),
);

const recordName = rule("record-name", `${rulefmt}: Rule.Validate`, (object) =>
  rulesOf(object).flatMap(({ path, item }) => {
    const name = textAt(item, "record") ?? "";
    if (!/[{}]/.test(name)) return [];
    const message = `"${name}" is an expression, not the name of a metric.`;
    return [{ path: [...path, "record"], message, fix: "Give the name in record and the query in expr." }];
  }),
);

const labels = rule("rule-labels", `${rulefmt}: label names are not empty and not __name__`, (object) =>
  [...groupsOf(object), ...rulesOf(object)].flatMap(({ path, item }) =>
    ["labels", "annotations"].flatMap((key) =>
      Object.keys(mapAt(item, key))
        .filter((name) => name === "" || (key === "labels" && name === "__name__"))
        .map((name) => ({ path: [...path, key, name], message: `"${name}" cannot be a name here.` })),
    ),
  ),
);

const templates = rule("alert-template", `${rulefmt}: testTemplateParsing`, (object) =>
  rulesOf(object).flatMap(({ path, item }) =>
    ["labels", "annotations"].flatMap((key) =>
      Object.entries(set(item, "alert") ? mapAt(item, key) : {}).flatMap(([name, text]) => {
        const problem = templateProblem(text);
        return problem ? [{ path: [...path, key, name], message: `The template ${problem}.` }] : [];
      }),
    ),
  ),
);

const strategy = rule(
  "partial-response",
  "PrometheusRule CRD: abort or warn in any case; only Thanos reads it",
  (object) =>
    groupsOf(object).flatMap(({ path, item }) => {
      const text = textAt(item, "partial_response_strategy");
      if (!text || /^(abort|warn)$/i.test(text)) return [];
      return [{ path: [...path, "partial_response_strategy"], message: `"${text}" is neither abort nor warn.` }];
    }),
);

const noGroups: Rule<KubernetesObject> = {
  id: "observability/no-rules",
  severity: "warning",
  source: "prometheus-operator pkg/operator/rules.go takes an object without groups without a word",
  check: ({ spec }) => {
    if (!spec || unknown(spec, "groups")) return [];
    const { groups } = spec;
    if (!missing(spec, "groups") && Array.isArray(groups) && groups.length > 0) return [];
    return [{ path: ["spec", "groups"], message: "The object has no rules." }];
  },
};

const emptyOffset = rule(
  "empty-offset",
  "prometheus/common model/time.go ParseDuration takes no empty text; the operator leaves out an empty interval only",
  (object) =>
    groupsOf(object)
      .filter(({ item }) => item.query_offset === "")
      .map(({ path }) => ({
        path: [...path, "query_offset"],
        message: "The duration is empty.",
        fix: "Leave it out.",
      })),
);

const emptyGroup: Rule<KubernetesObject> = {
  id: "observability/group-empty",
  severity: "warning",
  source: rulefmt,
  check: (object) =>
    groupsOf(object).flatMap(({ path, item }): Violation[] => {
      if (unknown(item, "rules") || listAt(item, "rules").length > 0) return [];
      return [{ path: [...path, "rules"], message: "The group has no rules." }];
    }),
};

const leaf = "openshift.io/prometheus-rule-evaluation-scope";

const ruler: Rule<KubernetesObject> = {
  id: "observability/ruler-ignores",
  severity: "warning",
  source: `prometheus-operator pkg/operator/rules.go sanitizePrometheusRulesSpec; ${userWorkload}, ruleSelector`,
  check(object) {
    const { labels: own } = object.metadata;
    const isUnknown = "labels" in object.metadata && !own;
    if (!isUserProject(object) || isUnknown || (own && leaf in own)) return [];
    return groupsOf(object).flatMap(({ path, item }) =>
      ["labels", "query_offset"]
        .filter((key) => !missing(item, key) && !unknown(item, key) && item[key] !== "")
        .map((key) => ({
          path: [...path, key],
          message: `Rules of users' projects are evaluated by Thanos Ruler, which ignores ${key} of a group.`,
          fix: `Label the object ${leaf}: leaf-prometheus, or set it on each rule.`,
        })),
    );
  },
};

/** What the operator's webhook and Prometheus refuse of rules. */
export const prometheusRuleRules: readonly Rule<KubernetesObject>[] = [
  groupName,
  kind,
  expression,
  durations,
  recordOnly,
  recordName,
  labels,
  templates,
  strategy,
  noGroups,
  emptyOffset,
  emptyGroup,
  ruler,
];
