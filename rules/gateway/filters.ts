import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, numberAt, objectAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { modifierProblem } from "./paths";

const crd = "gateway-api v1.6.1 CRD HTTPRoute, rules on filters";

/** Every list of filters, of rules and of their backends, with its place. */
function filterLists(
  object: KubernetesObject,
): { path: PathStep[]; filters: [number, JsonObject][]; backend: boolean }[] {
  return indexedAt(object, "spec", "rules").flatMap(([index, rule]) => {
    const path: PathStep[] = ["spec", "rules", index];
    return [
      { path: [...path, "filters"], filters: indexedAt(rule, "filters"), backend: false },
      ...indexedAt(rule, "backendRefs").map(([at, ref]) => ({
        path: [...path, "backendRefs", at, "filters"],
        filters: indexedAt(ref, "filters"),
        backend: true,
      })),
    ];
  });
}

type Fault = Omit<Violation, "path"> & { at: PathStep[] };

function onFilters(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (filter: JsonObject, type: string, backend: boolean) => Fault[],
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check: (object) =>
      filterLists(object).flatMap(({ path, filters, backend }) =>
        filters.flatMap(([index, filter]) => {
          const type = textAt(filter, "type");
          const found = type === undefined ? [] : check(filter, type, backend);
          return found.map(({ at, ...rest }) => ({ path: [...path, index, ...at], ...rest }));
        }),
      ),
  };
}

/** The field of each type of filter. */
const fields: Readonly<Record<string, string>> = {
  CORS: "cors",
  ExtensionRef: "extensionRef",
  RequestHeaderModifier: "requestHeaderModifier",
  RequestMirror: "requestMirror",
  RequestRedirect: "requestRedirect",
  ResponseHeaderModifier: "responseHeaderModifier",
  URLRewrite: "urlRewrite",
};

const union = onFilters("gateway/filter-type", "error", crd, (filter, type) => {
  const wanted = fields[type];
  const needs =
    wanted && missing(filter, wanted) ? [{ at: [wanted], message: `The type ${type} needs ${wanted}.` }] : [];
  const others = Object.values(fields).filter((each) => each !== wanted && !missing(filter, each));
  return [...needs, ...others.map((each) => ({ at: [each], message: `${each} does not go with the type ${type}.` }))];
});

const once = ["CORS", "RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"];

const combinations: Rule<KubernetesObject> = {
  id: "gateway/filter-combination",
  severity: "error",
  source: crd,
  check: (object) =>
    filterLists(object).flatMap(({ path, filters }) => {
      const types = filters.map(([index, filter]) => ({ index, type: textAt(filter, "type") }));
      return types.flatMap(({ index, type }, at): Violation[] => {
        const before = types.slice(0, at).map((each) => each.type);
        if (type && once.includes(type) && before.includes(type)) {
          return [{ path: [...path, index], message: `There can be one filter of the type ${type} only.` }];
        }
        const other = type === "URLRewrite" ? "RequestRedirect" : type === "RequestRedirect" ? "URLRewrite" : undefined;
        if (!other || !before.includes(other)) return [];
        return [{ path: [...path, index], message: "RequestRedirect and URLRewrite exclude each other." }];
      });
    }),
};

const modifiers = onFilters("gateway/path-replacement", "error", crd, (filter) =>
  ["requestRedirect", "urlRewrite"].flatMap((field) => {
    const problem = modifierProblem(objectAt(filter, field, "path"));
    return problem ? [{ at: [field, "path", problem.key], message: problem.message }] : [];
  }),
);

const cors = onFilters("gateway/cors-wildcard", "error", crd, (filter) =>
  ["allowHeaders", "allowMethods", "allowOrigins"].flatMap((field) => {
    const all = textsAt(filter, "cors", field);
    if (!all.includes("*") || all.length === 1) return [];
    return [{ at: ["cors", field], message: "* stands alone: it means everything already." }];
  }),
);

const mirror = onFilters("gateway/mirror", "error", crd, (filter) => {
  const content = objectAt(filter, "requestMirror");
  if (!missing(content, "percent") && !missing(content, "fraction")) {
    return [{ at: ["requestMirror", "fraction"], message: "percent and fraction exclude each other." }];
  }
  const fraction = objectAt(content, "fraction");
  const [part, whole] = [
    numberAt(fraction, "numerator"),
    missing(fraction, "denominator") ? 100 : numberAt(fraction, "denominator"),
  ];
  if (part === undefined || whole === undefined || part <= whole) return [];
  return [{ at: ["requestMirror", "fraction", "numerator"], message: `${part} of ${whole} is more than everything.` }];
});

const hostHeader = onFilters(
  "gateway/host-header",
  "error",
  "cilium v1.20.2 operator/pkg/gateway-api/routechecks/httproute.go ValidateHeaderModifier",
  (filter, type, backend) => {
    if (type !== "RequestHeaderModifier" || backend) return [];
    return indexedAt(filter, "requestHeaderModifier", "set").flatMap(([index, header]): Fault[] => {
      if (textAt(header, "name") !== "Host") return [];
      const message = "Cilium cannot set the header Host and refuses the route.";
      return [{ at: ["requestHeaderModifier", "set", index, "name"], message, fix: "Use URLRewrite with hostname." }];
    });
  },
);

const ignored = onFilters(
  "gateway/filter-ignored",
  "warning",
  "cilium v1.20.2 operator/pkg/model/ingestion/gateway.go: types of filters that are read",
  (_filter, type, backend) => {
    const read = backend
      ? ["RequestHeaderModifier", "ResponseHeaderModifier"]
      : Object.keys(fields).filter((each) => each !== "ExtensionRef");
    if (read.includes(type) || !fields[type]) return [];
    const where = backend ? " of a backend" : "";
    return [
      {
        at: ["type"],
        message: `Cilium ignores filters of the type ${type}${where}.`,
        ...(backend ? { fix: "Give it to the rule." } : {}),
      },
    ];
  },
);

/** What the API server or Cilium's operator refuses of filters, and what it ignores. */
export const filterRules: readonly Rule<KubernetesObject>[] = [
  union,
  combinations,
  modifiers,
  cors,
  mirror,
  hostHeader,
  ignored,
];
