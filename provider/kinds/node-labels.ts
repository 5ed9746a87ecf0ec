import { isObject } from "../../model";
import type { DisruptionRow, JsonObject, KubernetesObject } from "../../model";
import { evaluate, nodeLabelRules } from "../../rules";
import { mapAt, objectAt, objectsAt, textAt, textsAt } from "../../rules/read";
import type { ActionDrift, ActionKind, Apply, Related, Step, Verdict } from "../kind";
import type { Shape } from "../shape";
import { sameTaint, sameTaints, taintManager, taintText, tainted } from "./node-taints";
import type { OnNode } from "./node-taints";
import { textMap } from "./placement";
import { failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all, watch } from "./watches";

const minutes = 60;

const nameOf = (inputs: JsonObject): string => textAt(inputs, "name") ?? "";

/** Field manager of a set's labels: the API server then tells sets apart, and names who else holds a label. */
export const labelManager = (set: string): string => `pulumi-ove-labels-${set}`;

/** Whether the inputs mean that node. */
export function selects(inputs: JsonObject, node: KubernetesObject): boolean {
  if (textsAt(inputs, "nodes").includes(node.metadata.name)) return true;
  const labels = Object.entries(mapAt(inputs, "nodeSelector"));
  return labels.length > 0 && labels.every(([key, value]) => node.metadata.labels?.[key] === value);
}

const labelsOf = (fields: JsonObject | undefined): JsonObject => objectAt(fields, "f:metadata", "f:labels");

/** Keys of the labels that the set holds. */
function ownLabels(node: KubernetesObject, set: string): string[] {
  const entry = node.metadata.managedFields?.find(
    ({ manager, operation }) => manager === labelManager(set) && operation === "Apply",
  );
  return Object.keys(labelsOf(entry?.fieldsV1)).map((key) => key.slice("f:".length));
}

/** The manager beside the set's own that holds a label. */
function holder(node: KubernetesObject, set: string, key: string): string | undefined {
  return node.metadata.managedFields?.find(
    ({ manager, fieldsV1 }) => manager !== labelManager(set) && `f:${key}` in labelsOf(fieldsV1),
  )?.manager;
}

/** Brings the labels of a node to what the set wants of it. */
function labelled(node: KubernetesObject, labels: Readonly<Record<string, string>>, on: OnNode): Verdict {
  const { name } = node.metadata;
  const live = node.metadata.labels ?? {};
  const held = ownLabels(node, on.set);
  const keys = Object.keys(labels);
  const off = keys.filter((key) => live[key] !== labels[key] || !held.includes(key));
  const extra = held.filter((key) => !(key in labels));
  if (off.length + extra.length === 0) return ready;
  const taken = off.filter((key) => live[key] !== labels[key] && holder(node, on.set, key) !== undefined);
  // What the state shows was seen in a preview; a label that others hold together with the set is no drift.
  const agreed = (key: string): boolean =>
    on.force || (!held.includes(key) && (on.seen ?? []).includes(`${key}=${live[key] ?? ""}`));
  const foreign = taken.find((key) => !agreed(key));
  if (foreign !== undefined) {
    return failed(
      `node ${name} has the label ${foreign}=${live[foreign] ?? ""}, held by field manager "${holder(node, on.set, foreign) ?? ""}". ` +
        "Run `pulumi refresh` to accept it as drift, or set `force` to take it over.",
    );
  }
  const does: Apply = {
    act: "apply",
    manager: labelManager(on.set),
    plural: "nodes",
    object: {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, ...(keys.length > 0 ? { labels: { ...labels } } : {}) },
    },
    ...(taken.length > 0 ? { force: true } : {}),
  };
  const seen = [
    ...off.map((key) => (live[key] === undefined ? `${key} is not there` : `${key}=${live[key]}`)),
    ...extra.map((key) => `${key} is too many`),
  ];
  return { state: "acting", condition: `node ${name} has its labels`, seen: seen.join(", "), does };
}

/** A failure on any node comes before anything is done on another. */
const first = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.find(({ state }) => state === "failed") ?? verdicts.find(({ state }) => state !== "ready") ?? ready;

interface Aim {
  /** Outputs that the state holds. */
  olds?: JsonObject;
  /** Everything is taken back. */
  gone?: boolean;
}

/** Brings all nodes to what the inputs want of them; what is put on nodes that are not meant any more is taken back. */
function bring(inputs: JsonObject, { olds, gone = false }: Aim = {}): Step[] {
  const found = isObject(olds?.found) ? olds.found : undefined;
  const onNode = (node: KubernetesObject): Verdict => {
    const isMeant = !gone && selects(inputs, node);
    const on: OnNode = {
      set: nameOf(inputs),
      force: inputs.force === true,
      ...(found ? { seen: textsAt(found, node.metadata.name) } : {}),
    };
    return inOrder(
      () => labelled(node, isMeant ? mapAt(inputs, "labels") : {}, on),
      () => tainted(node, isMeant ? objectsAt(inputs, "taints") : [], on),
    );
  };
  const verdict = (related: Related): Verdict => {
    const nodes = all(related, "nodes");
    const named = gone ? [] : textsAt(inputs, "nodes");
    const absent = named.filter((name) => !nodes.some(({ metadata }) => metadata.name === name));
    return inOrder(
      () => forAll(absent, (name) => waiting(`node ${name} exists`, "not there")),
      () => first(nodes.map(onNode)),
    );
  };
  return [{ act: "wait", watches: [watch.nodes()], verdict }];
}

const labelEntries = (inputs: JsonObject): [string, string][] => Object.entries(mapAt(inputs, "labels"));

/** Where nodes differ from the inputs. */
function driftOn(inputs: JsonObject, nodes: readonly KubernetesObject[]): ActionDrift[] {
  return nodes.flatMap((object): ActionDrift[] => [
    ...labelEntries(inputs).flatMap(([key, declared]): ActionDrift[] => {
      const live = object.metadata.labels?.[key];
      const at = ["metadata", "labels", key];
      const manager = labelManager(nameOf(inputs));
      return live === declared ? [] : [{ path: ["labels", key], declared, live, object, at, manager }];
    }),
    ...objectsAt(inputs, "taints").flatMap((declared, index): ActionDrift[] => {
      const live = sameTaint(object, declared);
      const at = ["spec", "taints"];
      const manager = taintManager(nameOf(inputs));
      const isSame = live && taintText(live) === taintText(declared);
      return isSame ? [] : [{ path: ["taints", index], declared, live, object, at, manager }];
    }),
  ]);
}

/** The inputs as the nodes have them: a label with the first node's other value, and taints that all nodes have. */
function held(inputs: JsonObject, nodes: readonly KubernetesObject[]): JsonObject {
  const drift = driftOn(inputs, nodes);
  const at = (...path: (string | number)[]): ActionDrift | undefined =>
    drift.find((each) => each.path.join("\n") === path.join("\n"));
  const labels = labelEntries(inputs).flatMap(([key, value]): [string, string][] => {
    const other = at("labels", key);
    if (!other) return [[key, value]];
    return typeof other.live === "string" ? [[key, other.live]] : [];
  });
  const taints = objectsAt(inputs, "taints").filter((_taint, index) => !at("taints", index));
  return {
    ...(isObject(inputs.labels) ? { labels: Object.fromEntries(labels) } : {}),
    ...(Array.isArray(inputs.taints) ? { taints } : {}),
  };
}

/** What a node has of the labels and taints that the inputs speak of. */
function foundOn(inputs: JsonObject, node: KubernetesObject): string[] {
  const labels = labelEntries(inputs).flatMap(([key]) => {
    const value = node.metadata.labels?.[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return [...labels, ...sameTaints(node, objectsAt(inputs, "taints")).map(taintText)];
}

const role = "node-role.kubernetes.io/";
const hasRole = (inputs: object | undefined): boolean =>
  Object.keys(objectAt(inputs, "labels")).some((key) => key.startsWith(role));
const evicts = (inputs: object | undefined): boolean =>
  objectsAt(inputs, "taints").some((taint) => textAt(taint, "effect") === "NoExecute");

const disruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update", "delete"],
    paths: ["labels", "nodes", "nodeSelector"],
    when: ({ before, after }) => hasRole(before) || hasRole(after),
    cost: "reboot",
    reach: "selected-nodes",
    by: "machine-config-operator",
    why: "A label of node-role.kubernetes.io moves a node into the pool of that role, and without it back: it is drained and rebooted when their configurations differ.",
    source: "openshift/machine-config-operator docs/custom-pools.md; pkg/controller/node/node_controller.go",
  },
  {
    on: ["create", "update"],
    paths: ["taints", "nodes", "nodeSelector"],
    when: ({ after }) => evicts(after),
    cost: "pod-restart",
    reach: "selected-nodes",
    by: "taint-eviction-controller",
    why: "NoExecute evicts the pods that do not tolerate it, those of machines among them.",
    source: "kubernetes pkg/controller/tainteviction/taint_eviction.go",
  },
];

const text: Shape = { type: "string" };

const inputs: Shape = {
  type: "object",
  required: ["name"],
  properties: {
    name: {
      type: "string",
      maxLength: 40,
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      doc: "Name of this set, its own in the cluster: by it the set knows what it has put on nodes.",
    },
    nodes: { type: "array", items: text, listType: "set", doc: "Names of nodes." },
    nodeSelector: { ...textMap, doc: "Labels of nodes that are meant as well." },
    labels: { ...textMap, doc: "Labels that the nodes get." },
    taints: {
      type: "array",
      items: {
        type: "object",
        required: ["key", "effect"],
        properties: {
          key: text,
          value: text,
          effect: { ...text, enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"] },
        },
      },
      doc: "Taints that the nodes get beside those that they have.",
    },
    force: {
      type: "boolean",
      doc: "Takes labels and taints over that somebody else has put there with another value.",
    },
  },
};

export const nodeLabels: ActionKind = {
  is: "action",
  token: "ove:nodes:NodeLabels",
  doc: "Labels and taints of nodes that are there: those of others stay as they are.",
  waits:
    "Every named node exists, and every node that is meant has the labels and taints. One that somebody else has put there with another value is an error that names the field manager, unless a refresh has recorded it as drift. Nodes that join later are drift at the next refresh.",
  deletes: "The labels and taints that it has put on nodes are taken back; those of others stay.",
  example: {
    name: "fabric",
    nodes: ["worker-0", "worker-1"],
    labels: { "example.com/fabric": "fast" },
    taints: [{ key: "example.com/reserved", value: "machines", effect: "NoSchedule" }],
  },
  inputs: () => inputs,
  outputs: () => ({
    type: "object",
    required: ["found"],
    properties: {
      found: {
        type: "object",
        values: { type: "array", items: text },
        doc: "What each node that is meant has of it, by the node's name: `key=value` and `key=value:effect`.",
      },
    },
  }),
  check: (subject, facts) => evaluate(nodeLabelRules, subject, facts),
  id: nameOf,
  immutable: ["name"],
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 5 * minutes },
  disruptions,
  create: (subject) => bring(subject),
  update: (subject, _inputs, olds) => bring(subject, { olds }),
  delete: (subject) => bring(subject, { gone: true }),
  observe: () => [watch.nodes()],
  observed(subject, related) {
    const nodes = all(related, "nodes").filter((each) => selects(subject, each));
    const found = nodes.map((each): [string, string[]] => [each.metadata.name, foundOn(subject, each)]);
    return { ...held(subject, nodes), found: Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))) };
  },
  drift: (subject, related) =>
    driftOn(
      subject,
      all(related, "nodes").filter((each) => selects(subject, each)),
    ),
};
