import type { JsonObject, KubernetesObject } from "../../model";
import { httpRouteRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const build = (input: JsonObject): KubernetesObject =>
  merged(
    { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata: { name: "web", namespace: "shop" } },
    input,
  ) as unknown as KubernetesObject;

const parents = (...list: JsonObject[]): JsonObject => ({ spec: { parentRefs: list } });
const rules = (...list: JsonObject[]): JsonObject => ({ spec: { rules: list } });
const path = (value: string | undefined, type?: string): JsonObject =>
  rules({ matches: [{ path: { value, ...(type ? { type } : {}) } }] });
const filters = (...list: JsonObject[]): JsonObject => rules({ filters: list });
const first = "spec.rules[0]";
const filter = `${first}.filters[0]`;
const value = `${first}.matches[0].path.value`;
const redirect = (content: JsonObject): JsonObject => ({ type: "RequestRedirect", requestRedirect: content });
const rewrite = (content: JsonObject): JsonObject => ({ type: "URLRewrite", urlRewrite: content });
const prefix: JsonObject = { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/x" } };
const backend: JsonObject = { name: "web", port: 80 };
const mirror = (content: JsonObject): JsonObject => ({
  type: "RequestMirror",
  requestMirror: { backendRef: backend, ...content },
});
const header = (name: string, type = "RequestHeaderModifier"): JsonObject => ({
  type,
  [type === "RequestHeaderModifier" ? "requestHeaderModifier" : "responseHeaderModifier"]: {
    set: [{ name, value: "x" }],
  },
});

testRules("rules of an HTTPRoute", httpRouteRules, build, {
  "gateway/no-parent": {
    bad: [
      [{ spec: {} }, "spec.parentRefs"],
      [parents(), "spec.parentRefs"],
    ],
    good: [parents({ name: "web" }), { spec: { parentRefs: undefined } }, {}],
  },
  "gateway/parent-section": {
    bad: [
      [parents({ name: "a" }, { name: "a", sectionName: "b" }), "spec.parentRefs[0].sectionName"],
      [parents({ name: "a", sectionName: "b" }, { name: "a", sectionName: "b" }), "spec.parentRefs[1].sectionName"],
      [parents({ name: "a" }, { name: "a", kind: "Gateway" }), "spec.parentRefs[1].sectionName"],
    ],
    good: [
      parents({ name: "a", sectionName: "b" }, { name: "a", sectionName: "c" }),
      parents({ name: "a" }, { name: "b" }, { name: "a", namespace: "other" }),
      parents({ name: "a" }, { name: "a", sectionName: undefined }),
    ],
  },
  "gateway/matches": {
    bad: [
      [rules(...Array.from({ length: 3 }, () => ({ matches: Array.from({ length: 43 }, () => ({})) }))), "spec.rules"],
    ],
    good: [rules({}, { matches: Array.from({ length: 64 }, () => ({})) })],
  },
  "gateway/path": {
    bad: ["a", "/a//b", "/./a", "/../a", "/a%2Fb", "/a#b", "/a/..", "/a/.", "/a b"].map(
      (text): [JsonObject, string] => [path(text), value],
    ),
    good: [path("/a/b-c.d~1%20"), path("/", "Exact"), path("^a//", "RegularExpression"), path(undefined)],
  },
  "gateway/expression": {
    bad: [
      [path("(", "RegularExpression"), value],
      [
        rules({ matches: [{ headers: [{ name: "a", type: "RegularExpression", value: "(?!x)" }] }] }),
        `${first}.matches[0].headers[0].value`,
      ],
      [
        rules({ matches: [{ queryParams: [{ name: "a", type: "RegularExpression", value: "[" }] }] }),
        `${first}.matches[0].queryParams[0].value`,
      ],
    ],
    good: [path("/a/[0-9]+", "RegularExpression"), rules({ matches: [{ headers: [{ name: "a", value: "(" }] }] })],
  },
  "gateway/redirect-backend": {
    bad: [[rules({ backendRefs: [backend], filters: [redirect({})] }), `${filter}.requestRedirect`]],
    good: [rules({ filters: [redirect({})] }), rules({ backendRefs: [backend], filters: [rewrite({})] })],
  },
  "gateway/prefix-replacement": {
    bad: [
      [
        rules({ matches: [{ path: { type: "Exact", value: "/" } }], filters: [redirect(prefix)] }),
        `${filter}.requestRedirect.path`,
      ],
      [rules({ matches: [{}, {}], filters: [rewrite(prefix)] }), `${filter}.urlRewrite.path`],
      [
        rules({ matches: [{}, {}], backendRefs: [{ ...backend, filters: [rewrite(prefix)] }] }),
        `${first}.backendRefs[0].filters[0].urlRewrite.path`,
      ],
    ],
    good: [
      rules({ filters: [rewrite(prefix)] }),
      rules({ matches: undefined, filters: [rewrite(prefix)] }),
      rules({ matches: [{ path: undefined }], filters: [rewrite(prefix)] }),
      rules({ matches: [{ path: { type: undefined } }], filters: [rewrite(prefix)] }),
      rules({ matches: [{}, {}], filters: [rewrite({ path: { type: "ReplaceFullPath", replaceFullPath: "/" } })] }),
    ],
  },
  "gateway/backend": {
    bad: [
      [rules({ backendRefs: [{ name: "web" }] }), `${first}.backendRefs[0].port`],
      [rules({ backendRefs: [{ kind: "Pod", ...backend }] }), `${first}.backendRefs[0].kind`],
      [filters(mirror({ backendRef: { name: "web" } })), `${filter}.requestMirror.backendRef.port`],
    ],
    good: [
      rules({ backendRefs: [backend, { ...backend, kind: "ServiceImport", group: "multicluster.x-k8s.io" }] }),
      rules({ backendRefs: [{ name: "web", kind: undefined }] }),
      filters(mirror({})),
    ],
  },
  "gateway/no-backend": {
    bad: [
      [rules({}), `${first}.backendRefs`],
      [filters(header("a")), `${first}.backendRefs`],
    ],
    good: [rules({ backendRefs: [backend] }), filters(redirect({})), rules({ backendRefs: undefined })],
  },
  "gateway/timeouts": {
    bad: [[rules({ timeouts: { request: "1s", backendRequest: "1m" } }), `${first}.timeouts.backendRequest`]],
    good: [
      rules({ timeouts: { request: "1m", backendRequest: "1s" } }),
      rules({ timeouts: { request: "0s", backendRequest: "1s" } }),
      rules({ timeouts: { request: "1s" } }),
    ],
  },
  "gateway/filter-type": {
    bad: [
      [filters({ type: "URLRewrite" }), `${filter}.urlRewrite`],
      [filters({ ...rewrite({}), cors: {} }), `${filter}.cors`],
    ],
    good: [filters(rewrite({}), header("a")), filters({ type: undefined, cors: {} })],
  },
  "gateway/filter-combination": {
    bad: [
      [filters(header("a"), header("b")), `${first}.filters[1]`],
      [filters(rewrite({}), redirect({})), `${first}.filters[1]`],
      [filters(redirect({}), rewrite({})), `${first}.filters[1]`],
    ],
    good: [filters(header("a"), header("b", "ResponseHeaderModifier"), rewrite({})), filters(mirror({}), mirror({}))],
  },
  "gateway/path-replacement": {
    bad: [
      [filters(rewrite({ path: { type: "ReplaceFullPath" } })), `${filter}.urlRewrite.path.replaceFullPath`],
      [
        filters(redirect({ path: { ...(prefix.path as JsonObject), replaceFullPath: "/" } })),
        `${filter}.requestRedirect.path.replaceFullPath`,
      ],
    ],
    good: [filters(rewrite(prefix)), filters(rewrite({ path: { type: undefined } }))],
  },
  "gateway/cors-wildcard": {
    bad: ["allowHeaders", "allowMethods", "allowOrigins"].map((key): [JsonObject, string] => [
      filters({ type: "CORS", cors: { [key]: ["*", "x"] } }),
      `${filter}.cors.${key}`,
    ]),
    good: [filters({ type: "CORS", cors: { allowMethods: ["*"], allowOrigins: ["https://a.example"] } })],
  },
  "gateway/mirror": {
    bad: [
      [filters(mirror({ percent: 5, fraction: { numerator: 1 } })), `${filter}.requestMirror.fraction`],
      [filters(mirror({ fraction: { numerator: 101 } })), `${filter}.requestMirror.fraction.numerator`],
    ],
    good: [filters(mirror({ percent: 5 })), filters(mirror({ fraction: { numerator: 100 } }))],
  },
  "gateway/host-header": {
    bad: [[filters(header("Host")), `${filter}.requestHeaderModifier.set[0].name`]],
    good: [filters(header("X-Host")), filters(header("Host", "ResponseHeaderModifier"))],
  },
  "gateway/filter-ignored": {
    bad: [
      [filters({ type: "ExtensionRef", extensionRef: { name: "x" } }), `${filter}.type`],
      [rules({ backendRefs: [{ ...backend, filters: [rewrite({})] }] }), `${first}.backendRefs[0].filters[0].type`],
    ],
    good: [filters(rewrite({})), rules({ backendRefs: [{ ...backend, filters: [header("a")] }] })],
  },
});

testFine(
  "rules of an HTTPRoute and a fine one",
  httpRouteRules,
  build({
    spec: {
      parentRefs: [{ name: "web", sectionName: "http" }],
      hostnames: ["a.example"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/a" }, headers: [{ name: "h", value: "v" }] }],
          filters: [rewrite(prefix), header("X-A"), mirror({ fraction: { numerator: 1, denominator: 10 } })],
          backendRefs: [{ ...backend, kind: "Service", group: "", weight: 1 }],
          timeouts: { request: "10s", backendRequest: "5s" },
        },
      ],
    },
  }),
);
