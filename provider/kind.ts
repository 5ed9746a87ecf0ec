import type { DisruptionRow, Facts, Finding, Json, JsonObject, KubernetesObject, PathStep } from "../model";
import type { Rule } from "../rules";
import type { Shape } from "./shape";

/** A set of objects to look at while waiting. At most one object when `name` is given. */
export interface Watch {
  /** Key under which the objects appear in `Related`. */
  id: string;
  apiVersion: string;
  plural: string;
  namespace?: string;
  name?: string;
  /** Label selector in the API's text form, `a=b,c`. */
  labelSelector?: string;
  /** Only for what the user is told: the verdict is right without it, and who may not list it has no objects. */
  details?: true;
}

/** The objects of each watch, by the watch's id; an empty list when there are none, the kind is not served, or only details cannot be had. */
export type Related = Readonly<Record<string, readonly KubernetesObject[]>>;

/** What a gate says of the objects it saw. */
export type Verdict =
  | { state: "ready" }
  /** Not yet: the condition that is missing and the value last seen, both shown to the user. */
  | { state: "waiting"; condition: string; seen: string }
  /** Not yet, and `does` brings it on: it is applied once for each form of the objects seen. */
  | { state: "acting"; condition: string; seen: string; does: Apply }
  /** Never by itself: waiting on is useless. `reason` is the operator's own message where there is one. */
  | { state: "failed"; reason: string };

/** What was there immediately before the change was applied; `object` is absent when it is being created. */
export interface Before {
  object?: KubernetesObject;
  related: Related;
}

/** When an applied object really works. Pure: the engine watches, this decides. */
export interface Readiness {
  watches(object: KubernetesObject): Watch[];
  verdict(live: KubernetesObject, related: Related, before: Before): Verdict;
}

/** Server-side apply under that manager to an object that is there. Without content it gives the manager's fields back. */
export interface Apply {
  act: "apply";
  manager: string;
  plural: string;
  object: KubernetesObject;
  force?: boolean;
  /** The content when it depends on what is there; `object` then only says which one it is. */
  from?(live: KubernetesObject): KubernetesObject;
}

/** One act on the cluster, in the order in which a kind lists it. */
export type Step =
  | Apply
  /** Delete an object that goes with another one; one that is not there is fine. */
  | { act: "delete"; plural: string; object: KubernetesObject }
  /** Wait until the verdict is ready. `before` is what the same watches saw when the list of steps began. */
  | { act: "wait"; watches: Watch[]; verdict: (related: Related, before: Related) => Verdict };

/** Seconds that an operation may take unless the program says otherwise by `customTimeouts`. */
export interface Timeouts {
  create: number;
  update: number;
  delete: number;
}

/** How the elements of a list are told apart: by keys (`metadata.name` for one further in), as a set of scalars, or by position. */
export type ListIdentity = { by: string[] } | "set" | "ordered";

interface KindBase {
  /** `ove:<domain>:<Kind>`. */
  token: string;
  /** One sentence in own words for schema.json. */
  doc: string;
  /** What a create or change waits for, in a sentence or two for its page. */
  waits: string;
  /** How it is deleted, in a sentence or two for its page. */
  deletes: string;
  /** Inputs that pass all checks; shown on its page. */
  example: JsonObject;
  timeouts: Timeouts;
}

/** Another version of a kind's API. The API server converts between those that it serves. */
export interface OtherVersion {
  apiVersion: string;
  /** Whether supported releases serve it, serve it with a warning, or do not serve it any more. */
  status: "served" | "deprecated" | "removed";
  /** Since which version of the product, and what to use. */
  note: string;
  /** Its shape where it differs from the kind's own. */
  shape?(): Shape;
}

/** A Kubernetes kind that an operator owns: everything the provider knows of it. */
export interface ObjectKind extends KindBase {
  is: "object";
  apiVersion: string;
  kind: string;
  plural: string;
  scope: "Cluster" | "Namespaced";
  /** Shape of the object without apiVersion, kind, metadata and status: `properties: {spec: …}`. */
  shape(): Shape;
  /** By path pattern without indices (`spec.template.spec.networks`); where silent, the shape's listType decides. */
  listKeys: Record<string, ListIdentity>;
  /** Path patterns whose change replaces the object. Name and namespace always do. */
  immutable: string[];
  /** Path patterns whose change is refused, because a new object would not have what the old one holds; what to do instead. */
  fixed?: { paths: string[]; instead: string };
  /** Path patterns that servers write after the apply (webhooks, controllers): never drift. */
  serverWritten: string[];
  /**
   * Whether an object that is there already is taken over. What was taken over is given back instead of deleted; what
   * the stack made itself is deleted. True for singletons and for objects that an operator or the installer makes.
   */
  adopt(metadata: { name: string; namespace?: string }): boolean;
  /** What the operator would refuse or silently ignore. */
  rules: readonly Rule<KubernetesObject>[];
  /**
   * Names that are no fields of the kind, or no longer, by path pattern: a sentence that says what to use instead and
   * which version removed it.
   */
  formerFields?: Readonly<Record<string, string>>;
  otherVersions?: readonly OtherVersion[];
  /** What a change costs; for each changed path the first row that fits counts, and what no row fits costs nothing. */
  disruptions: readonly DisruptionRow[];
  /** Whether a refused update passes by itself, so that it is tried again: the text is the API server's message. */
  busy?(message: string): boolean;
  /**
   * `static`: an admission webhook's refusal depends on the object alone, so it is an error at preview.
   * `dynamic`: it depends on what else is in the cluster, which may change before the object is applied: a warning at preview.
   */
  admission: "static" | "dynamic";
  ready: Readiness;
  /** What the user should know of the object once it works; shown as warnings. */
  notes?(live: KubernetesObject): string[];
  /** Steps before the object is deleted, and the wait after it is gone. Default: none. */
  deletion?: {
    before?(live: KubernetesObject): Step[];
    after?(live: KubernetesObject): Step[];
  };
}

/** A kind that is not an object: it acts or waits when it is created, changed and deleted. */
export interface ActionKind extends KindBase {
  is: "action";
  /** Shape of the inputs. */
  inputs(): Shape;
  /** Further shape of what it puts out beside its inputs. */
  outputs(): Shape;
  check(inputs: JsonObject, facts: Facts): Finding[];
  /** Identity: what `pulumi` shows as the resource's id. */
  id(inputs: JsonObject): string;
  /** Input paths whose change replaces it. */
  immutable: string[];
  /** As of an object, with its inputs in place of the object; a change costs nothing when absent. */
  disruptions?: readonly DisruptionRow[];
  create(inputs: JsonObject): Step[];
  /** @param outputs what the state holds beside the old inputs */
  update(inputs: JsonObject, olds: JsonObject, outputs?: JsonObject): Step[];
  delete(inputs: JsonObject): Step[];
  /** What to look at to fill the outputs, after create, update and on refresh. */
  observe(inputs: JsonObject): Watch[];
  /**
   * The outputs beside the inputs; undefined when what it acts on is gone. Inputs among them are what the cluster has
   * instead: a refresh takes them into the state, so that the next `up` corrects them.
   */
  observed(inputs: JsonObject, related: Related): JsonObject | undefined;
  /** Where what it acts on differs from the inputs, told by a refresh. */
  drift?(inputs: JsonObject, related: Related): ActionDrift[];
}

/** A place where an object that an action acts on is not as its inputs say. */
export interface ActionDrift {
  /** Path in the inputs. */
  path: PathStep[];
  declared: Json;
  /** Absent when nothing is there. */
  live?: Json;
  object: KubernetesObject;
  /** Path in the object. */
  at: PathStep[];
  /** The action's own field manager. */
  manager: string;
}

export type Kind = ObjectKind | ActionKind;
