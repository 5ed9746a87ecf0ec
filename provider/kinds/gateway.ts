import type { JsonObject, KubernetesObject } from "../../model";
import { gatewayRules, httpRouteRules } from "../../rules";
import { listAt, objectsAt, textAt } from "../../rules/read";
import type { ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import { generatedShape } from "./shapes";
import { failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all, one } from "./watches";

const apiVersion = "gateway.networking.k8s.io/v1";
const minutes = 60;
const older = [
  {
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    status: "served",
    note: "It has the same fields; use gateway.networking.k8s.io/v1.",
  },
] as const;

/** What a condition of the object's present form says; undefined when there is none. */
function present(
  object: KubernetesObject,
  conditions: readonly JsonObject[],
  type: string,
): { status: string; reason: string; text: string } | undefined {
  const found = conditions.find((each) => each.type === type && each.observedGeneration === object.metadata.generation);
  if (!found) return undefined;
  const reason = textAt(found, "reason") ?? "";
  return { status: textAt(found, "status") ?? "", reason, text: textAt(found, "message") || reason };
}

/** Reasons that lie in the object itself, so that waiting does not help. The others pass when something else appears. */
const final: readonly string[] = [
  "InvalidKind",
  "InvalidParameters",
  "InvalidRouteKinds",
  "UnsupportedAddress",
  "UnsupportedProtocol",
  "UnsupportedValue",
];

/** Ready when the condition is True for the present form. `what` names whose condition it is. */
function isTrue(object: KubernetesObject, conditions: readonly JsonObject[], type: string, what: string): Verdict {
  const found = present(object, conditions, type);
  if (!found) return waiting(`${what} is ${type}`, "Cilium's operator has not seen its present form");
  if (found.status === "True") return ready;
  return final.includes(found.reason) ? failed(`${what}: ${found.text}`) : waiting(`${what} is ${type}`, found.text);
}

function classKnown(gateway: KubernetesObject, related: Related): Verdict {
  const name = textAt(gateway, "spec", "gatewayClassName") ?? "";
  return one(related, "class") ? ready : waiting(`GatewayClass ${name} exists`, "not there");
}

function listenersAccepted(gateway: KubernetesObject): Verdict {
  return forAll(objectsAt(gateway, "status", "listeners"), (listener) => {
    const name = `listener ${textAt(listener, "name") ?? ""}`;
    const conditions = objectsAt(listener, "conditions");
    return inOrder(
      () => isTrue(gateway, conditions, "Accepted", name),
      () => isTrue(gateway, conditions, "ResolvedRefs", name),
    );
  });
}

/**
 * Gate of a gateway: its present form is accepted, every listener as well, and it has an address. All conditions carry
 * the generation that they speak of. A listener whose Secret is missing does not make the gateway fail, so listeners
 * are looked at one by one.
 */
export function gatewayReady(gateway: KubernetesObject, related: Related): Verdict {
  const conditions = objectsAt(gateway, "status", "conditions");
  return inOrder(
    () => classKnown(gateway, related),
    // The reason of a listener says more than that the gateway has none that is valid.
    () => (present(gateway, conditions, "Accepted") ? listenersAccepted(gateway) : ready),
    () => isTrue(gateway, conditions, "Accepted", "the gateway"),
    () => isTrue(gateway, conditions, "Programmed", "the gateway"),
    () => (listAt(gateway, "status", "addresses").length > 0 ? ready : waiting("the gateway has an address", "none")),
  );
}

/** Services that Cilium makes for a gateway. */
function servicesOf({ metadata }: KubernetesObject): Watch {
  const labelSelector = `io.cilium.gateway/owning-gateway=${metadata.name}`;
  return { id: "services", apiVersion: "v1", plural: "services", namespace: metadata.namespace, labelSelector };
}

/** After a gateway is gone: its Service goes with it, and the address with that. */
function serviceGone(gateway: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict => {
    const left = all(related, "services").map(({ metadata }) => metadata.name);
    return left.length === 0 ? ready : waiting("its Service is gone", `${left.join(", ")} is still there`);
  };
  return [{ act: "wait", watches: [servicesOf(gateway)], verdict }];
}

export const gateway: ObjectKind = {
  is: "object",
  token: "ove:gateway:Gateway",
  doc: "An entry for HTTP and TLS from outside, made by Cilium: a Service with an address of a pool, and Envoy behind it. Needs gatewayAPI in Cilium's values.",
  waits:
    "Cilium's operator has accepted its present form and each listener, and its Service has an address. Secrets, pools and grants that are missing are waited for.",
  deletes: "Deleted, then waited for until its Service is gone, so that the address is free.",
  example: {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      gatewayClassName: "cilium",
      listeners: [
        { name: "http", protocol: "HTTP", port: 80 },
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          hostname: "*.shop.example",
          tls: { certificateRefs: [{ name: "shop" }] },
          allowedRoutes: { namespaces: { from: "Same" } },
        },
      ],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "Gateway",
  plural: "gateways",
  scope: "Namespaced",
  shape: generatedShape("Gateway"),
  otherVersions: older,
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: gatewayRules,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 10 * minutes },
  ready: {
    watches: (object) => [
      { id: "class", apiVersion, plural: "gatewayclasses", name: textAt(object, "spec", "gatewayClassName") ?? "" },
    ],
    verdict: (object, related) => gatewayReady(object, related),
  },
  deletion: { after: serviceGone },
};

/** Whether a status speaks of a parent that the route names. */
function isParent(status: JsonObject, ref: JsonObject): boolean {
  return ["namespace", "name", "sectionName", "port"].every((key) => {
    const of = status.parentRef;
    const given = typeof of === "object" && of !== null && !Array.isArray(of) ? of[key] : undefined;
    return (given ?? null) === (ref[key] ?? null);
  });
}

/** Gate of a route: every gateway that it names has accepted its present form and knows its backends. */
export function httpRouteReady(route: KubernetesObject): Verdict {
  return forAll(objectsAt(route, "spec", "parentRefs"), (ref) => {
    const name = `the route at ${textAt(ref, "name") ?? ""}`;
    const status = objectsAt(route, "status", "parents").find((each) => isParent(each, ref));
    const conditions = status ? objectsAt(status, "conditions") : [];
    return inOrder(
      () => isTrue(route, conditions, "Accepted", name),
      () => isTrue(route, conditions, "ResolvedRefs", name),
    );
  });
}

export const httpRoute: ObjectKind = {
  is: "object",
  token: "ove:gateway:HTTPRoute",
  doc: "Which requests at a gateway go to which Services, and what is changed on the way.",
  waits:
    "Every gateway that it names has accepted its present form, and its backends exist. Gateways, Services and grants that are missing are waited for.",
  deletes: "Deleted at once; its gateways stop to answer for it.",
  example: {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      parentRefs: [{ name: "web", sectionName: "https" }],
      hostnames: ["www.shop.example"],
      rules: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }], backendRefs: [{ name: "web", port: 8080 }] }],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "HTTPRoute",
  plural: "httproutes",
  scope: "Namespaced",
  shape: generatedShape("HTTPRoute"),
  otherVersions: older,
  listKeys: {
    "spec.hostnames": "set",
    "spec.parentRefs": { by: ["namespace", "name", "sectionName", "port"] },
  },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: httpRouteRules,
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: httpRouteReady },
};
