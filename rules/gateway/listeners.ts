import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { selectorProblems } from "../loadbalancing/label-selectors";
import { indexedAt, listAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const path: PathStep[] = ["spec", "listeners"];
const crd = "gateway-api v1.6.1 CRD Gateway, rules on spec.listeners";
const operator = "cilium v1.20.2 operator/pkg/gateway-api/status_listener.go";

type Fault = Omit<Violation, "path"> & { at: PathStep[] };

function onListeners(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (listener: JsonObject, protocol: string, object: KubernetesObject, index: number) => Fault[],
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check: (object) =>
      indexedAt(object, ...path).flatMap(([index, listener]) => {
        const protocol = textAt(listener, "protocol");
        const found = protocol === undefined ? [] : check(listener, protocol, object, index);
        return found.map(({ at, ...rest }) => ({ path: [...path, index, ...at], ...rest }));
      }),
  };
}

/** Kinds of routes by protocol. Source: getSupportedRouteKinds in cilium v1.20.2 operator/pkg/gateway-api/helpers.go. */
const routeKinds: Readonly<Record<string, readonly string[]>> = {
  HTTP: ["HTTPRoute", "GRPCRoute"],
  HTTPS: ["HTTPRoute", "GRPCRoute"],
  TLS: ["TLSRoute"],
  TCP: ["TCPRoute"],
  UDP: ["UDPRoute"],
};

const protocols = onListeners("gateway/protocol", "error", `${operator} validateListener`, (_listener, protocol) => {
  if (routeKinds[protocol]) return [];
  const fix = `Use ${Object.keys(routeKinds).join(", ")}.`;
  return [{ at: ["protocol"], message: `Cilium knows no protocol "${protocol}".`, fix }];
});

const plain = ["HTTP", "TCP", "UDP"];

const tlsForbidden = onListeners("gateway/tls-forbidden", "error", crd, (listener, protocol) => {
  if (!plain.includes(protocol) || missing(listener, "tls")) return [];
  return [{ at: ["tls"], message: `A listener of the protocol ${protocol} takes no tls.` }];
});

const tlsNeeded = onListeners("gateway/tls-needed", "error", crd, (listener, protocol) => {
  if (protocol !== "TLS" || !missing(listener, "tls")) return [];
  return [{ at: ["tls"], message: "A listener of the protocol TLS needs tls.", fix: "Give tls: {mode: Passthrough}." }];
});

/** The mode of TLS, which the API server fills in; undefined when it is not known. */
function mode(listener: JsonObject): string | undefined {
  const tls = objectAt(listener, "tls");
  return missing(tls, "mode") ? "Terminate" : textAt(tls, "mode");
}

const tlsMode = onListeners(
  "gateway/tls-mode",
  "error",
  `${crd}; ${operator} validateListener`,
  (listener, protocol) => {
    if (listener.tls === undefined || missing(listener, "tls")) return [];
    const is = mode(listener);
    if (protocol === "HTTPS" && is === "Passthrough") {
      return [
        {
          at: ["tls", "mode"],
          message: "HTTPS is ended at the gateway.",
          fix: "Use mode Terminate, or the protocol TLS.",
        },
      ];
    }
    if (protocol === "TLS" && is === "Terminate") {
      const message = "Cilium passes the protocol TLS through and cannot end it.";
      return [{ at: ["tls", "mode"], message, fix: "Use mode Passthrough, or the protocol HTTPS." }];
    }
    return [];
  },
);

const certificate = onListeners("gateway/certificate", "error", `${crd}; ${operator} validateListener`, (listener) => {
  const tls = objectAt(listener, "tls");
  if (missing(listener, "tls") || listener.tls === undefined || mode(listener) !== "Terminate") return [];
  const unknown = ["certificateRefs", "options"].some((key) => !missing(tls, key) && tls[key] === undefined);
  const some = listAt(tls, "certificateRefs").length + Object.keys(objectAt(tls, "options")).length > 0;
  if (!some && !unknown) {
    return [{ at: ["tls", "certificateRefs"], message: "To end TLS the listener needs a certificate." }];
  }
  return indexedAt(tls, "certificateRefs").flatMap(([index, ref]): Fault[] => {
    const secret = (textAt(ref, "kind") ?? "Secret") === "Secret" && (textAt(ref, "group") ?? "") === "";
    return secret ? [] : [{ at: ["tls", "certificateRefs", index], message: "A certificate must come from a Secret." }];
  });
});

const httpsBare = onListeners(
  "gateway/https-without-tls",
  "error",
  `${operator}: nothing to answer with`,
  (listener, protocol) => {
    if (protocol !== "HTTPS" || !missing(listener, "tls")) return [];
    return [{ at: ["tls"], message: "HTTPS needs a certificate.", fix: "Give tls: {certificateRefs: [{name: …}]}." }];
  },
);

const hostname = onListeners("gateway/hostname-forbidden", "error", crd, (listener, protocol) => {
  if ((protocol !== "TCP" && protocol !== "UDP") || !textAt(listener, "hostname")) return [];
  return [{ at: ["hostname"], message: `The protocol ${protocol} knows no host names.` }];
});

/** Whether two host names, either of which may begin with `*.`, can mean the same host. */
function sameHost(one: string, two: string): boolean {
  if (one === "*" || two === "*" || one === two) return true;
  const within = (name: string, wildcard: string): boolean =>
    wildcard.startsWith("*.") && name.endsWith(wildcard.slice(1)) && name !== wildcard.slice(1);
  return within(one, two) || within(two, one);
}

/** The host name of a listener, `*` for all; undefined when it is not known. */
const host = (listener: JsonObject): string | undefined =>
  missing(listener, "hostname") ? "*" : textAt(listener, "hostname") === "" ? "*" : textAt(listener, "hostname");

/** Why two listeners of one port cannot live together; undefined when they can. Source: listenerPairConflict. */
function conflict(one: JsonObject, two: JsonObject): string | undefined {
  const [a, b] = [textAt(one, "protocol"), textAt(two, "protocol")];
  const layer4 = [a, b].filter((each) => each === "TCP" || each === "UDP").length;
  if (layer4 > 0) return layer4 === 2 && a !== b ? undefined : `${a} and ${b} cannot share a port`;
  const [first, second] = [host(one), host(two)];
  if (first === undefined || second === undefined) return undefined;
  if (a === b) return first === second ? "both have the same protocol and host name" : undefined;
  const pair = [a, b].includes("HTTPS") && [a, b].includes("TLS");
  return pair && sameHost(first, second) ? "HTTPS and TLS of the same host cannot share a port" : undefined;
}

const conflicts = onListeners(
  "gateway/listener-conflict",
  "error",
  `${crd}; ${operator} listenerPairConflict`,
  (listener, _protocol, object, index) => {
    const port = numberAt(listener, "port");
    const before = indexedAt(object, ...path).filter(([at, each]) => at < index && numberAt(each, "port") === port);
    return before.slice(0, port === undefined ? 0 : undefined).flatMap(([at, each]): Fault[] => {
      const why = textAt(each, "protocol") === undefined ? undefined : conflict(each, listener);
      return why ? [{ at: [], message: `It conflicts with listener number ${at + 1} on port ${port}: ${why}.` }] : [];
    });
  },
);

function unsupported(listener: JsonObject, protocol: string): { wrong: number[]; all: number } {
  const kinds = indexedAt(listener, "allowedRoutes", "kinds");
  const known = routeKinds[protocol] ?? [];
  const wrong = kinds.filter(([, each]) => {
    const kind = textAt(each, "kind");
    const group = missing(each, "group") ? "gateway.networking.k8s.io" : textAt(each, "group");
    return (
      kind !== undefined && group !== undefined && (!known.includes(kind) || group !== "gateway.networking.k8s.io")
    );
  });
  return { wrong: wrong.map(([index]) => index), all: kinds.length };
}

const noKind = onListeners("gateway/route-kinds", "error", `${operator} validateListener`, (listener, protocol) => {
  const { wrong, all } = unsupported(listener, protocol);
  if (all === 0 || wrong.length < all || !routeKinds[protocol]) return [];
  const fix = `Use ${routeKinds[protocol].join(", ")}.`;
  return [{ at: ["allowedRoutes", "kinds"], message: `No kind of route here goes with ${protocol}.`, fix }];
});

const someKind = onListeners("gateway/route-kind", "warning", `${operator} validateListener`, (listener, protocol) => {
  const { wrong, all } = unsupported(listener, protocol);
  if (wrong.length === all || !routeKinds[protocol]) return [];
  return wrong.map((index) => ({
    at: ["allowedRoutes", "kinds", index],
    message: `This kind of route does not go with ${protocol}.`,
  }));
});

const namespaces = onListeners(
  "gateway/allowed-namespaces",
  "error",
  "cilium v1.20.2 operator/pkg/gateway-api/routechecks/gateway_checks.go CheckGatewayAllowedForNamespace",
  (listener, _protocol, object, index) => {
    const at = ["allowedRoutes", "namespaces"];
    const content = objectAt(listener, ...at);
    if (textAt(content, "from") === "Selector" && missing(content, "selector")) {
      return [
        { at: [...at, "selector"], message: "Without a selector no namespace is allowed.", fix: "Give selector." },
      ];
    }
    return selectorProblems(object, ...path, index, ...at, "selector").map((each) => ({
      ...each,
      at: each.path.slice(3),
    }));
  },
);

const selectorIgnored = onListeners(
  "gateway/allowed-selector-ignored",
  "warning",
  "cilium v1.20.2 operator/pkg/gateway-api/routechecks/gateway_checks.go CheckGatewayAllowedForNamespace",
  (listener) => {
    const content = objectAt(listener, "allowedRoutes", "namespaces");
    const from = missing(content, "from") ? "Same" : textAt(content, "from");
    if (missing(content, "selector") || from === undefined || from === "Selector") return [];
    const at = ["allowedRoutes", "namespaces", "selector"];
    return [{ at, message: `The selector is ignored because from is ${from}.`, fix: "Set from: Selector." }];
  },
);

/** What the API server or Cilium's operator refuses of listeners. */
export const listenerRules: readonly Rule<KubernetesObject>[] = [
  protocols,
  tlsForbidden,
  tlsNeeded,
  tlsMode,
  certificate,
  httpsBare,
  hostname,
  conflicts,
  noKind,
  someKind,
  namespaces,
  selectorIgnored,
];
