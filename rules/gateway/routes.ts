import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { goDuration } from "../duration";
import { expressionProblem } from "../policies/expressions";
import { indexedAt, listAt, missing, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { filterRules } from "./filters";
import { pathProblem, pathType } from "./paths";

const crd = "gateway-api v1.6.1 CRD HTTPRoute";
const checks = "cilium v1.20.2 operator/pkg/gateway-api/routechecks";
const group = "gateway.networking.k8s.io";

type Fault = Omit<Violation, "path"> & { at: PathStep[] };

function onRules(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (rule: JsonObject) => Fault[],
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check: (object) =>
      indexedAt(object, "spec", "rules").flatMap(([index, rule]) =>
        check(rule).map(({ at, ...rest }) => ({ path: ["spec", "rules", index, ...at], ...rest })),
      ),
  };
}

const unknown = (value: JsonObject, key: string): boolean => !missing(value, key) && value[key] === undefined;

const noParent: Rule<KubernetesObject> = {
  id: "gateway/no-parent",
  severity: "warning",
  source: "gateway-api v1.6.1: a route belongs to the gateways that it names",
  check(object) {
    const spec = object.spec;
    if (!spec || unknown(spec, "parentRefs") || listAt(spec, "parentRefs").length > 0) return [];
    const fix = "Give parentRefs: [{name: …}], the name of a Gateway.";
    return [{ path: ["spec", "parentRefs"], message: "The route belongs to no gateway.", fix }];
  },
};

const parents: Rule<KubernetesObject> = {
  id: "gateway/parent-section",
  severity: "error",
  source: `${crd}, rules on spec.parentRefs`,
  check(object) {
    const all = indexedAt(object, "spec", "parentRefs").flatMap(([index, ref]) => {
      if (Object.values(ref).includes(undefined)) return [];
      const name = [
        textAt(ref, "group") ?? group,
        textAt(ref, "kind") ?? "Gateway",
        textAt(ref, "namespace") ?? "",
        textAt(ref, "name"),
      ];
      return [{ index, parent: name.join("/"), section: textAt(ref, "sectionName") ?? "" }];
    });
    return all.flatMap(({ index, parent, section }, at): Violation[] => {
      const others = all.filter((each, other) => other !== at && each.parent === parent);
      const path = ["spec", "parentRefs", index, "sectionName"];
      if (section === "" && others.some((each) => each.section !== "")) {
        return [{ path, message: "The parent is named twice, so each time needs its own sectionName." }];
      }
      if (!all.slice(0, at).some((each) => each.parent === parent && each.section === section)) return [];
      return [{ path, message: "This parent and section are named already." }];
    });
  },
};

const matches: Rule<KubernetesObject> = {
  id: "gateway/matches",
  severity: "error",
  source: `${crd}, rule on spec.rules`,
  check(object) {
    const count = objectsAt(object, "spec", "rules").reduce(
      (sum, rule) => sum + (missing(rule, "matches") ? 1 : listAt(rule, "matches").length),
      0,
    );
    if (count <= 128) return [];
    return [
      {
        path: ["spec", "rules"],
        message: `A route may have 128 matches in all, not ${count}.`,
        fix: "Use two routes.",
      },
    ];
  },
};

const path = onRules("gateway/path", "error", `${crd}, rules on spec.rules[].matches[].path`, (rule) =>
  indexedAt(rule, "matches").flatMap(([index, match]): Fault[] => {
    const of = objectAt(match, "path");
    const value = textAt(of, "value");
    const type = pathType(of);
    if (value === undefined || (type !== "Exact" && type !== "PathPrefix")) return [];
    const problem = pathProblem(value);
    return problem ? [{ at: ["matches", index, "path", "value"], message: problem }] : [];
  }),
);

const expressions = onRules("gateway/expression", "error", `${checks}/httproute.go ValidateMatchRegexps`, (rule) =>
  indexedAt(rule, "matches").flatMap(([index, match]) => {
    const places: [PathStep[], JsonObject][] = [
      [["path"], objectAt(match, "path")],
      ...["headers", "queryParams"].flatMap((key) =>
        indexedAt(match, key).map(([at, each]): [PathStep[], JsonObject] => [[key, at], each]),
      ),
    ];
    return places.flatMap(([at, each]): Fault[] => {
      if (textAt(each, "type") !== "RegularExpression") return [];
      const problem = expressionProblem(textAt(each, "value") ?? "");
      return problem ? [{ at: ["matches", index, ...at, "value"], message: `The expression ${problem}.` }] : [];
    });
  }),
);

const redirect = onRules("gateway/redirect-backend", "error", `${crd}, rules on spec.rules[]`, (rule) => {
  if (listAt(rule, "backendRefs").length === 0) return [];
  return indexedAt(rule, "filters").flatMap(([index, filter]): Fault[] => {
    if (missing(filter, "requestRedirect")) return [];
    const message = "A rule that redirects cannot have backends.";
    return [{ at: ["filters", index, "requestRedirect"], message }];
  });
});

/** Whether the rule has exactly one match, by prefix; undefined when that is not known. */
function onePrefix(rule: JsonObject): boolean | undefined {
  if (missing(rule, "matches")) return true;
  const list = listAt(rule, "matches");
  if (rule.matches === undefined || list.includes(undefined)) return undefined;
  const [match] = objectsAt(rule, "matches");
  if (list.length !== 1 || !match) return false;
  if (unknown(match, "path")) return undefined;
  const type = pathType(objectAt(match, "path"));
  return type === undefined ? undefined : type === "PathPrefix";
}

const prefix = onRules("gateway/prefix-replacement", "error", `${crd}, rules on spec.rules[]`, (rule) => {
  if (onePrefix(rule) !== false) return [];
  const lists: [PathStep[], JsonObject][] = [
    [["filters"], rule],
    ...indexedAt(rule, "backendRefs").map(([at, ref]): [PathStep[], JsonObject] => [
      ["backendRefs", at, "filters"],
      ref,
    ]),
  ];
  return lists.flatMap(([at, holder]) =>
    indexedAt(holder, "filters").flatMap(([index, filter]) =>
      ["requestRedirect", "urlRewrite"].flatMap((field): Fault[] => {
        if (textAt(filter, field, "path", "type") !== "ReplacePrefixMatch") return [];
        const message = "A prefix can be replaced only where the rule has exactly one match, of the type PathPrefix.";
        return [{ at: [...at, index, field, "path"], message }];
      }),
    ),
  );
});

function backendFaults(ref: JsonObject, at: PathStep[]): Fault[] {
  const kind = missing(ref, "kind") ? "Service" : textAt(ref, "kind");
  const of = missing(ref, "group") ? "" : textAt(ref, "group");
  if (kind === undefined || of === undefined) return [];
  const known = (kind === "Service" && of === "") || (kind === "ServiceImport" && of === "multicluster.x-k8s.io");
  if (!known)
    return [{ at: [...at, "kind"], message: `Cilium takes no backend of the kind ${kind}.`, fix: "Use a Service." }];
  return missing(ref, "port") ? [{ at: [...at, "port"], message: "A backend needs the port of its Service." }] : [];
}

const backends = onRules(
  "gateway/backend",
  "error",
  `${crd}, rule on backendRefs; ${checks}/route_checks.go CheckBackend`,
  (rule) => [
    ...indexedAt(rule, "backendRefs").flatMap(([index, ref]) => backendFaults(ref, ["backendRefs", index])),
    ...indexedAt(rule, "filters").flatMap(([index, filter]) => {
      const mirror = objectAt(filter, "requestMirror", "backendRef");
      return Object.keys(mirror).length === 0
        ? []
        : backendFaults(mirror, ["filters", index, "requestMirror", "backendRef"]);
    }),
  ],
);

const nowhere = onRules(
  "gateway/no-backend",
  "warning",
  "gateway-api v1.6.1 apis/v1/httproute_types.go: without backends requests are answered with 500",
  (rule) => {
    if (unknown(rule, "backendRefs") || unknown(rule, "filters") || listAt(rule, "backendRefs").length > 0) return [];
    const answers = listAt(rule, "filters").some((filter) => {
      const type = textAt(filter, "type");
      return type === undefined || type === "RequestRedirect" || type === "ExtensionRef";
    });
    return answers ? [] : [{ at: ["backendRefs"], message: "The rule has no backends: it answers with status 500." }];
  },
);

const timeouts = onRules("gateway/timeouts", "error", `${crd}, rule on spec.rules[].timeouts`, (rule) => {
  const [whole, each] = ["request", "backendRequest"].map((key) => goDuration(textAt(rule, "timeouts", key) ?? ""));
  if (!whole || each === undefined || each <= whole) return [];
  return [{ at: ["timeouts", "backendRequest"], message: "backendRequest cannot be longer than request." }];
});

/** What the API server or Cilium's operator refuses of an HTTPRoute, and what it ignores. */
export const httpRouteRules: readonly Rule<KubernetesObject>[] = [
  noParent,
  parents,
  matches,
  path,
  expressions,
  redirect,
  prefix,
  backends,
  nowhere,
  timeouts,
  ...filterRules,
];
