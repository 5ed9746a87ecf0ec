import { isObject } from "../../model";
import type { JsonObject } from "../../model";
import { indexedAt, known, mapAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const metaV1 = "kubernetes apimachinery pkg/util/validation IsQualifiedName, IsValidLabelValue";
const prefix = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const part = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Whether the text can be the key of a label or taint. */
function isKey(text: string): boolean {
  const [first = "", second, ...more] = text.split("/");
  if (second === undefined) return part.test(first);
  return more.length === 0 && first.length <= 253 && prefix.test(first) && part.test(second);
}

const isValue = (text: string): boolean => text === "" || part.test(text);

type NodeRule = Rule<JsonObject>;

const isNone = (inputs: JsonObject, key: string): boolean => {
  const value = inputs[key];
  const isEmpty = (Array.isArray(value) || isObject(value)) && Object.keys(value).length === 0;
  return missing(inputs, key) || isEmpty;
};

const target: NodeRule = {
  id: "nodes/labels-target",
  severity: "error",
  source: "none: without a node there is nothing to do",
  check: (inputs) =>
    isNone(inputs, "nodes") && isNone(inputs, "nodeSelector")
      ? [{ path: ["nodes"], message: "No node is meant.", fix: "Name nodes, or select them by nodeSelector." }]
      : [],
};

const content: NodeRule = {
  id: "nodes/labels-content",
  severity: "error",
  source: "none: without labels and taints there is nothing to do",
  check: (inputs) =>
    isNone(inputs, "labels") && isNone(inputs, "taints")
      ? [{ path: ["labels"], message: "There is neither a label nor a taint." }]
      : [],
};

const keys: NodeRule = {
  id: "nodes/label-key",
  severity: "error",
  source: metaV1,
  check(inputs) {
    const taints = indexedAt(inputs, "taints").map(([index, taint]) => ({
      key: textAt(taint, "key"),
      path: ["taints", index, "key"],
    }));
    const maps = ["labels", "nodeSelector"].flatMap((name) =>
      Object.keys(objectAt(inputs, name)).map((key) => ({ key, path: [name, key] })),
    );
    return [...maps, ...taints].flatMap(({ key, path }): Violation[] =>
      key === undefined || isKey(key)
        ? []
        : [{ path, message: `"${key}" cannot be a key.`, fix: "Write it as example.com/name." }],
    );
  },
};

const values: NodeRule = {
  id: "nodes/label-value",
  severity: "error",
  source: metaV1,
  check(inputs) {
    const taints = indexedAt(inputs, "taints").map(([index, taint]) => ({
      value: textAt(taint, "value"),
      path: ["taints", index, "value"],
    }));
    const maps = ["labels", "nodeSelector"].flatMap((name) =>
      Object.entries(mapAt(inputs, name)).map(([key, value]) => ({ value, path: [name, key] })),
    );
    return [...maps, ...taints].flatMap(({ value, path }): Violation[] =>
      value === undefined || isValue(value)
        ? []
        : [{ path, message: `"${value}" cannot be a value.`, fix: "Use at most 63 letters, digits, - _ and ." }],
    );
  },
};

const unselected: NodeRule = {
  id: "nodes/labels-unselect",
  severity: "error",
  source: "none: a node that loses the label is not meant any more, and then gets it back",
  check(inputs) {
    const selector = mapAt(inputs, "nodeSelector");
    return Object.entries(mapAt(inputs, "labels")).flatMap(([key, value]): Violation[] => {
      const other = selector[key];
      if (other === undefined || other === value) return [];
      const message = `nodeSelector selects nodes with ${key}=${other}, which this label takes from them.`;
      return [{ path: ["labels", key], message, fix: "Select the nodes by another label, or name them." }];
    });
  },
};

const kubeletDomain = /^(beta\.)?kubernetes\.io\/(hostname|os|arch)$/;

const own: NodeRule = {
  id: "nodes/kubelet-label",
  severity: "warning",
  source: "kubernetes pkg/kubelet/kubelet_node_status.go updateDefaultLabels",
  check(inputs) {
    return Object.keys(objectAt(inputs, "labels")).flatMap((key): Violation[] =>
      kubeletDomain.test(key)
        ? [{ path: ["labels", key], message: "Kubelets set this label back.", fix: "Use a label of your own." }]
        : [],
    );
  },
};

/** Labels of Kubernetes' own domains that are for administrators to set. */
const administrators =
  /^((node-role|topology)\.kubernetes\.io|([^/]+\.)?node-restriction\.kubernetes\.io)\/|^node\.kubernetes\.io\/exclude-from-external-load-balancers$/;

const reserved: NodeRule = {
  id: "nodes/reserved-label",
  severity: "warning",
  source: "kubernetes documentation, reference/labels-annotations-taints; plugin/pkg/admission/noderestriction",
  check(inputs) {
    return Object.keys(objectAt(inputs, "labels")).flatMap((key): Violation[] => {
      const [domain = ""] = key.includes("/") ? key.split("/") : [];
      const isReserved = /(^|\.)(kubernetes|k8s)\.io$/.test(domain);
      if (!isReserved || administrators.test(key) || kubeletDomain.test(key)) return [];
      const message = `${domain} is reserved for Kubernetes; its programs may change this label.`;
      return [{ path: ["labels", key], message, fix: "Use node-restriction.kubernetes.io or a domain of your own." }];
    });
  },
};

const twice: NodeRule = {
  id: "nodes/repeated-taint",
  severity: "error",
  source: "kubernetes pkg/apis/core/validation/validation.go validateNodeTaints: key and effect are unique",
  check(inputs) {
    const seen = new Set<string>();
    return indexedAt(inputs, "taints").flatMap(([index, taint]): Violation[] => {
      if (!known(taint.key) || !known(taint.effect)) return [];
      const id = `${textAt(taint, "key") ?? ""}:${textAt(taint, "effect") ?? ""}`;
      const again = seen.has(id);
      seen.add(id);
      return again ? [{ path: ["taints", index], message: `The taint ${id} is there twice.` }] : [];
    });
  },
};

/** Taints that follow a node's conditions. */
const conditions =
  /^node\.kubernetes\.io\/(not-ready|unreachable|unschedulable|memory-pressure|disk-pressure|network-unavailable|pid-pressure)$/;

const lifecycle: NodeRule = {
  id: "nodes/lifecycle-taint",
  severity: "warning",
  source: "kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go; core/v1 well_known_taints.go",
  check(inputs) {
    return indexedAt(inputs, "taints").flatMap(([index, taint]): Violation[] => {
      if (!conditions.test(textAt(taint, "key") ?? "")) return [];
      const message = "Kubernetes adds and removes this taint itself.";
      return [{ path: ["taints", index, "key"], message, fix: "Use a key of your own." }];
    });
  },
};

/** Rules on labels and taints of nodes; the subject is a resource's inputs. */
export const nodeLabelRules: readonly Rule<JsonObject>[] = [
  target,
  content,
  keys,
  values,
  unselected,
  own,
  reserved,
  twice,
  lifecycle,
];
