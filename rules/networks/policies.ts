import { isObject } from "../../model";
import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { contains, isAddress } from "../../model/addresses";
import { indexedAt, listAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const upstream = "multi-networkpolicy v1.0.1 scheme.yml and multi-networkpolicy-iptables";
const annotation = "k8s.v1.cni.cncf.io/policy-for";
const sides = [
  ["ingress", "from"],
  ["egress", "to"],
] as const;

const policyFor: Rule<KubernetesObject> = {
  id: "networks/policy-for",
  severity: "error",
  source: "multi-networkpolicy-iptables pkg/controllers: a policy without the annotation is left out",
  check({ metadata }) {
    if ("annotations" in metadata && metadata.annotations === undefined) return [];
    const annotations = metadata.annotations ?? {};
    if (annotation in annotations && annotations[annotation] === undefined) return [];
    if (annotations[annotation]?.trim()) return [];
    const message = `Without the annotation ${annotation} the policy is for no network.`;
    return [
      {
        path: ["metadata", "annotations", annotation],
        message,
        fix: "Name the attachments, for example shop/storage.",
      },
    ];
  },
};

const types: Rule<KubernetesObject> = {
  id: "networks/policy-types",
  severity: "error",
  source: `${upstream}: any text is accepted and others than these two are ignored`,
  check: (object) =>
    listAt(object, "spec", "policyTypes").flatMap((type, index) => {
      if (type === undefined || type === "Ingress" || type === "Egress") return [];
      const message = `There is no policy type ${JSON.stringify(type)}.`;
      return [{ path: ["spec", "policyTypes", index], message, fix: "Ingress or Egress." }];
    }),
};

const unused: Rule<KubernetesObject> = {
  id: "networks/policy-side-unused",
  severity: "warning",
  source: "Kubernetes NetworkPolicy: rules of a side that policyTypes does not name have no effect",
  check(object) {
    const named = listAt(object, "spec", "policyTypes");
    if (named.length === 0 || named.includes(undefined)) return [];
    return [
      ["ingress", "Ingress"],
      ["egress", "Egress"],
    ].flatMap(([key = "", type = ""]) =>
      listAt(object, "spec", key).length > 0 && !named.includes(type)
        ? [{ path: ["spec", key], message: `policyTypes does not name ${type}, so it has no effect.` }]
        : [],
    );
  },
};

/** Every rule of a side, with its path. */
function rulesOf(object: KubernetesObject): { path: PathStep[]; rule: JsonObject; peers: string }[] {
  return sides.flatMap(([side, peers]) =>
    indexedAt(object, "spec", side).map(([index, rule]) => ({ path: ["spec", side, index], rule, peers })),
  );
}

function blockProblems(block: JsonObject): { at: PathStep[]; message: string }[] {
  const valid = (text: string): boolean => {
    const [address = "", length = ""] = text.split("/");
    return isAddress(address) && /^\d{1,3}$/.test(length) && Number(length) <= (address.includes(":") ? 128 : 32);
  };
  const cidr = textAt(block, "cidr");
  if (cidr === undefined) return [];
  if (!valid(cidr)) return [{ at: ["cidr"], message: `"${cidr}" is no network.` }];
  return listAt(block, "except").flatMap((entry, index) => {
    if (typeof entry !== "string") return [];
    const inside = valid(entry) && contains(cidr, entry.replace(/\/.*/s, ""));
    const narrower = Number(entry.split("/")[1]) > Number(cidr.split("/")[1]);
    return inside && narrower ? [] : [{ at: ["except", index], message: `"${entry}" is not a part of ${cidr}.` }];
  });
}

const peer: Rule<KubernetesObject> = {
  id: "networks/policy-peer",
  severity: "error",
  source: `${upstream}: ipBlock goes with no selector, and except lies in its cidr`,
  check: (object) =>
    rulesOf(object).flatMap(({ path, rule, peers }) =>
      indexedAt(rule, peers).flatMap(([index, each]): Violation[] => {
        const at: PathStep[] = [...path, peers, index];
        if (Object.keys(each).length === 0) return [{ path: at, message: "The peer names nobody." }];
        if (!isObject(each.ipBlock)) return [];
        if (each.podSelector !== undefined || each.namespaceSelector !== undefined) {
          return [{ path: [...at, "ipBlock"], message: "It cannot go with podSelector or namespaceSelector." }];
        }
        return blockProblems(objectAt(each, "ipBlock")).map((found) => ({
          path: [...at, "ipBlock", ...found.at],
          message: found.message,
        }));
      }),
    ),
};

const port: Rule<KubernetesObject> = {
  id: "networks/policy-port",
  severity: "error",
  source: "Kubernetes NetworkPolicyPort, which multi-networkpolicy takes over",
  check: (object) =>
    rulesOf(object).flatMap(({ path, rule }) =>
      indexedAt(rule, "ports").flatMap(([index, each]): Violation[] => {
        const at = [...path, "ports", index];
        const protocol = textAt(each, "protocol");
        const [first, last] = [numberAt(each, "port"), numberAt(each, "endPort")];
        if (protocol !== undefined && !["TCP", "UDP", "SCTP"].includes(protocol)) {
          return [
            { path: [...at, "protocol"], message: `There is no protocol "${protocol}".`, fix: "TCP, UDP or SCTP." },
          ];
        }
        if (first !== undefined && (first < 1 || first > 65535)) {
          return [{ path: [...at, "port"], message: `${first} is no port.` }];
        }
        if (last === undefined || ("port" in each && each.port === undefined)) return [];
        if (first === undefined || missing(each, "port")) {
          return [{ path: [...at, "endPort"], message: "It needs a port that is a number." }];
        }
        return last >= first && last <= 65535
          ? []
          : [{ path: [...at, "endPort"], message: `${last} is not between ${first} and 65535.` }];
      }),
    ),
};

/** Rules on a MultiNetworkPolicy. */
export const multiNetworkPolicyRules: readonly Rule<KubernetesObject>[] = [policyFor, types, unused, peer, port];
