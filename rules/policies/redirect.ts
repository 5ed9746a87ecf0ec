import { isObject } from "../../model";
import { isAddress } from "../../model/addresses";
import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { isName, portNumber } from "./port-numbers";

const source = "Cilium pkg/loadbalancer/redirectpolicy getSanitizedLocalRedirectPolicy";
const matchers = ["addressMatcher", "serviceMatcher"] as const;

const oneMatcher: Rule<KubernetesObject> = {
  id: "policies/redirect-matcher",
  severity: "error",
  source: `${source}; CRD (oneOf)`,
  check: (object) => {
    const frontend = object.spec?.redirectFrontend;
    if (!isObject(frontend) || matchers.filter((each) => !missing(frontend, each)).length === 1) return [];
    const message = "It needs exactly one of addressMatcher and serviceMatcher.";
    return [{ path: ["spec", "redirectFrontend"], message }];
  },
};

const address: Rule<KubernetesObject> = {
  id: "policies/redirect-address",
  severity: "error",
  source,
  check: (object) => {
    const ip = textAt(object, "spec", "redirectFrontend", "addressMatcher", "ip");
    if (ip === undefined || isAddress(ip)) return [];
    const message = `"${ip}" is not an address.`;
    return [{ path: ["spec", "redirectFrontend", "addressMatcher", "ip"], message }];
  },
};

const service: Rule<KubernetesObject> = {
  id: "policies/redirect-service",
  severity: "error",
  source,
  check: (object) => {
    const matcher = objectAt(object, "spec", "redirectFrontend", "serviceMatcher");
    const path = ["spec", "redirectFrontend", "serviceMatcher"];
    const found: Violation[] = [];
    const { namespace } = object.metadata;
    const other = textAt(matcher, "namespace");
    if (namespace !== undefined && other !== undefined && other !== namespace) {
      const message = "The service must be in the policy's own namespace; agents refuse others.";
      found.push({ path: [...path, "namespace"], message, fix: `Write ${namespace}.` });
    }
    if (matcher.serviceName === "") found.push({ path: [...path, "serviceName"], message: "The name is empty." });
    return found;
  },
};

interface PortList {
  path: PathStep[];
  /** Undefined when the list or its length is not known. */
  ports: [number, JsonObject][] | undefined;
}

function portList(object: KubernetesObject, ...path: string[]): PortList {
  const parent = objectAt(object, ...path.slice(0, -1));
  const list = parent[path.at(-1) ?? ""];
  const isKnown = Array.isArray(list) && listAt(object, ...path).every(isObject);
  return { path, ports: isKnown ? indexedAt(object, ...path) : undefined };
}

const frontends = (object: KubernetesObject): PortList[] =>
  matchers.map((matcher) => portList(object, "spec", "redirectFrontend", matcher, "toPorts"));
const backend = (object: KubernetesObject): PortList => portList(object, "spec", "redirectBackend", "toPorts");

const ports: Rule<KubernetesObject> = {
  id: "policies/redirect-ports",
  severity: "error",
  source: `${source}; an address without ports is of no known type`,
  check: (object) => {
    const [addresses] = frontends(object);
    return [addresses, backend(object)].flatMap((list) =>
      list?.ports?.length === 0 ? [{ path: list.path, message: "It needs at least one port." }] : [],
    );
  },
};

const portNumbers: Rule<KubernetesObject> = {
  id: "policies/redirect-port",
  severity: "error",
  source: "Cilium PortInfo.SanitizePortInfo",
  check: (object) =>
    [...frontends(object), backend(object)].flatMap(({ path, ports: list = [] }) =>
      list.flatMap(([index, each]) => {
        const text = textAt(each, "port");
        if (text === undefined || portNumber(text)) return [];
        return [{ path: [...path, index, "port"], message: `"${text}" is not a port from 1 to 65535.` }];
      }),
    ),
};

/** Ports have to be named as soon as one of both sides has more than one; the frontend's are looked at first. */
const portNames: Rule<KubernetesObject> = {
  id: "policies/redirect-port-name",
  severity: "error",
  source: "Cilium PortInfo.SanitizePortInfo: several ports are told apart by their names",
  check: (object) => {
    const many = ({ ports: list }: PortList): boolean => (list?.length ?? 0) > 1;
    const front = frontends(object).filter(many);
    const back = backend(object);
    const named = front.length > 0 || many(back) ? [...front, back] : [];
    return named.flatMap(({ path, ports: list = [] }) =>
      list.flatMap(([index, each]): Violation[] => {
        const at = [...path, index, "name"];
        const name = textAt(each, "name");
        if (missing(each, "name") || name === "") {
          return [{ path: at, message: "With several ports each needs a name." }];
        }
        return name === undefined || isName(name) ? [] : [{ path: at, message: `"${name}" cannot be a port's name.` }];
      }),
    );
  },
};

const protocol: Rule<KubernetesObject> = {
  id: "policies/redirect-protocol",
  severity: "error",
  source,
  check: (object) => {
    const [first] = backend(object).ports ?? [];
    return frontends(object).flatMap(({ path, ports: list = [] }): Violation[] => {
      const [only] = list;
      if (list.length !== 1 || !only || !first) return [];
      const [one, other] = [textAt(only[1], "protocol"), textAt(first[1], "protocol")];
      if (one === undefined || other === undefined || one === other) return [];
      const message = `The protocol is ${one}, that of the backend's port ${other}; agents refuse that.`;
      return [{ path: [...path, only[0], "protocol"], message }];
    });
  },
};

/** What is to know of a CiliumLocalRedirectPolicy. */
export const localRedirectPolicyRules: readonly Rule<KubernetesObject>[] = [
  oneMatcher,
  address,
  service,
  ports,
  portNumbers,
  portNames,
  protocol,
];
