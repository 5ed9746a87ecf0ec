import type { JsonObject, KubernetesObject } from "../../../model";
import type { Before, Related, Verdict } from "../../../provider/kind";

type Parts = Partial<KubernetesObject> & { name?: string };

/** An object of a kind with just what a test is about. */
export function object(apiVersion: string, kind: string, { name = "x", metadata, ...rest }: Parts): KubernetesObject {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...rest };
}

const mco = "machineconfiguration.openshift.io/v1";

export interface PoolState {
  name?: string;
  generation?: number;
  observed?: number;
  spec?: string;
  status?: string;
  sources?: string[];
  done?: string[];
  machines?: number;
  updated?: number;
  paused?: boolean;
  annotations?: Record<string, string>;
  managedFields?: NonNullable<KubernetesObject["metadata"]["managedFields"]>;
  conditions?: Record<string, string>;
}

const healthy = {
  Updated: "True",
  Updating: "False",
  Degraded: "False",
  NodeDegraded: "False",
  RenderDegraded: "False",
};

/** A pool; without further words one that has rolled out `rendered-worker-1` made of `00-worker` to three nodes. */
export function pool(state: PoolState = {}): KubernetesObject {
  const { name = "worker", generation = 1, observed = generation, spec = `rendered-${name}-a1`, status = spec } = state;
  const { sources = ["00-worker"], done = sources, machines = 3, updated = machines } = state;
  const refs = (names: string[]): JsonObject[] => names.map((each) => ({ kind: "MachineConfig", name: each }));
  const conditions = Object.entries({ ...healthy, ...state.conditions }).map(([type, text]) => {
    const [value = "", message = ""] = text.split(/:(.*)/);
    return { type, status: value, message };
  });
  return object(mco, "MachineConfigPool", {
    metadata: { name, generation, annotations: state.annotations ?? {}, managedFields: state.managedFields ?? [] },
    spec: {
      configuration: { name: spec, source: refs(sources) },
      ...(state.paused === undefined ? {} : { paused: state.paused }),
    },
    status: {
      observedGeneration: observed,
      machineCount: machines,
      updatedMachineCount: updated,
      configuration: { name: status, source: refs(done) },
      conditions,
    },
  });
}

export function machineConfig(name: string, spec: JsonObject, role = "worker"): KubernetesObject {
  return object(mco, "MachineConfig", {
    metadata: { name, labels: { "machineconfiguration.openshift.io/role": role } },
    spec,
  });
}

export function node(
  name: string,
  parts: { annotations?: Record<string, string>; status?: JsonObject } = {},
): KubernetesObject {
  const { annotations = {}, status: given } = parts;
  const status = { conditions: [{ type: "Ready", status: "True" }], ...given };
  return object("v1", "Node", { metadata: { name, annotations }, status });
}

/** `before` of a change that creates the object, or of one that changes it. */
export function before(related: Related = {}, live?: KubernetesObject): Before {
  return live ? { object: live, related } : { related };
}

/** The verdict as one text: `ready`, `waiting: <condition>` or `failed: <reason>`. */
export function said(verdict: Verdict): string {
  switch (verdict.state) {
    case "ready":
      return "ready";
    case "waiting":
      return `waiting: ${verdict.condition} (${verdict.seen})`;
    case "acting":
      return `acting: ${verdict.condition} (${verdict.seen})`;
    case "failed":
      return `failed: ${verdict.reason}`;
  }
}
