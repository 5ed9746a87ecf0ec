import { createHash } from "node:crypto";
import {
  asJson,
  condition,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  objectName,
} from "../../model";
import { type Api, pathOf } from "./api";
import type { AgentContext } from "./context";
import { objectsOf, textOf } from "./read";
import { Lateness, type Store, Worker } from "./store";
import { machineInterfaces, migratability } from "./virt-launcher";

const KUBEVIRT = "kubevirt.io/v1";

/** virt-api lets only KubeVirt's own accounts write a VirtualMachineInstance's status. */
const ACCOUNT = "system:serviceaccount:kubevirt:kubevirt-handler";

/** Milliseconds that starting a guest takes, and until its agent answers. */
const START_MS = 1000;
const AGENT_MS = 1000;
/** Milliseconds that shutting a guest down takes. */
const STOP_MS = 700;
/** Milliseconds that each of a migration's three steps takes. */
const MIGRATE_MS = 500;

/** The agent's next write to a VirtualMachineInstance, as a merge patch, after so many milliseconds. */
export interface MachineStep {
  name: "start" | "agent" | "stop" | "prepare target" | "migrate" | "arrive";
  after: number;
  patch: JsonObject;
  /** Pod whose guest has left: it has completed. */
  completes?: string;
}

/** What the agents on the nodes do next with a machine; undefined when it is not their turn. */
export function nextMachineStep(vmi: KubernetesObject, pods: KubernetesObject[], now: string): MachineStep | undefined {
  const phase = vmi.status?.phase;
  if (phase !== "Scheduled" && phase !== "Running") return undefined;
  if (vmi.metadata.deletionTimestamp) {
    return {
      name: "stop",
      after: STOP_MS,
      patch: { status: { phase: "Succeeded", ...transition(vmi, "Succeeded", now) } },
    };
  }
  if (phase === "Scheduled") return { name: "start", after: START_MS, patch: started(vmi, pods, now) };
  if (isObject(vmi.status?.migrationState)) {
    const step = migrationStep(vmi, vmi.status.migrationState, pods, now);
    if (step) return step;
  }
  if (condition(vmi, "AgentConnected")) return undefined;
  return { name: "agent", after: AGENT_MS, patch: { status: { ...agent(vmi, pods, now) } } };
}

function started(vmi: KubernetesObject, pods: KubernetesObject[], now: string): JsonObject {
  const { migratable, conditions } = migratability(vmi, now);
  return {
    status: {
      phase: "Running",
      ...transition(vmi, "Running", now),
      conditions: merged(vmi, conditions),
      interfaces: machineInterfaces(vmi, podOn(pods, vmi.status?.nodeName), false) as unknown as Json,
      migrationMethod: migratable ? "LiveMigration" : "BlockMigration",
      machine: { type: "pc-q35-rhel9.6.0" },
      selinuxContext: "system_u:object_r:container_file_t:s0:c100,c200",
      migrationTransport: "Unix",
      qosClass: "Burstable",
    },
  };
}

function agent(vmi: KubernetesObject, pods: KubernetesObject[], now: string): JsonObject {
  const connected = { type: "AgentConnected", status: "True", lastProbeTime: now, lastTransitionTime: now };
  return {
    conditions: merged(vmi, [connected]),
    interfaces: machineInterfaces(vmi, podOn(pods, vmi.status?.nodeName), true) as unknown as Json,
    guestOSInfo: {
      id: "rhel",
      name: "Red Hat Enterprise Linux",
      prettyName: "Red Hat Enterprise Linux 9.6",
      version: "9.6",
    },
  };
}

/** Target ready, then running, then on the target: the controller's own part comes between (pkg/virt-handler). */
function migrationStep(
  vmi: KubernetesObject,
  migration: JsonObject,
  pods: KubernetesObject[],
  now: string,
): MachineStep | undefined {
  const target = migration.targetNode;
  if (migration.completed === true || migration.failed === true || typeof target !== "string" || !target)
    return undefined;
  const patch = (fields: JsonObject): JsonObject => ({ status: { migrationState: fields } });
  if (!migration.targetNodeAddress) {
    const ports = { "49152": 49152, "49153": 49153 };
    return {
      name: "prepare target",
      after: MIGRATE_MS,
      patch: patch({ targetNodeAddress: "192.0.2.1", targetDirectMigrationNodePorts: ports }),
    };
  }
  if (!migration.startTimestamp)
    return { name: "migrate", after: MIGRATE_MS, patch: patch({ startTimestamp: now, mode: "PreCopy" }) };
  const source = podOn(pods, migration.sourceNode);
  return {
    name: "arrive",
    after: MIGRATE_MS * 2,
    patch: {
      metadata: { labels: { "kubevirt.io/nodeName": target }, annotations: { "kubevirt.io/eviction-source": null } },
      status: {
        nodeName: target,
        evacuationNodeName: null,
        launcherContainerImageVersion: null,
        interfaces: machineInterfaces(vmi, podOn(pods, target), true) as unknown as Json,
        migrationState: {
          completed: true,
          endTimestamp: now,
          targetNodeDomainDetected: true,
          targetNodeDomainReadyTimestamp: now,
        },
      },
    },
    completes: source?.metadata.name,
  };
}

/** The machine's launcher on that node. */
function podOn(pods: KubernetesObject[], node: Json | undefined): KubernetesObject | undefined {
  return pods.find((pod) => pod.spec?.nodeName === node);
}

function transition(vmi: KubernetesObject, phase: string, now: string): JsonObject {
  const before = vmi.status?.phaseTransitionTimestamps;
  const list = Array.isArray(before) ? before : [];
  return { phaseTransitionTimestamps: [...list, { phase, phaseTransitionTimestamp: now }] };
}

/** The machine's conditions with these replaced or added: a merge patch replaces the list as a whole. */
function merged(vmi: KubernetesObject, conditions: JsonObject[]): Json[] {
  const before = objectsOf(vmi.status?.conditions);
  return [...before.filter((old) => !conditions.some((entry) => entry.type === old.type)), ...conditions];
}

/** Runs the simulated virt-handler of all nodes: their machines. */
export function startVirtHandler(context: AgentContext): void {
  const handler = context.api.as(ACCOUNT, ["system:masters"]);
  const machines = context.store(KUBEVIRT, "virtualmachineinstances");
  const launchers = context.store("v1", "pods");
  const lateness = new Lateness();

  const podsOf = (vmi: KubernetesObject): KubernetesObject[] =>
    launchers.all().filter((pod) => pod.metadata.labels?.["kubevirt.io/created-by"] === vmi.metadata.uid);

  const work = async (key: string): Promise<number | void> => {
    const [namespace = "", name = ""] = key.split("/");
    const path = pathOf(KUBEVIRT, "virtualmachineinstances", { namespace, name });
    const vmi = await context.api.get(path);
    if (!vmi || context.fault("vm-not-started", key)) return;
    const step = nextMachineStep(vmi, podsOf(vmi), new Date().toISOString().replace(/\.\d+Z$/, "Z"));
    if (!step) return;
    const left = lateness.left(key, `${vmi.metadata.uid} ${step.name}`, step.after);
    if (left > 0) return left;
    await handler.replace(path, mergePatch(asJson(vmi), step.patch));
    if (step.completes) await complete(context.api, namespace, step.completes);
    return 0;
  };

  const worker = new Worker("virt-handler", work);
  machines.onChange((vmi, gone) => gone || worker.wake(objectName(vmi.metadata)));
  context.onFaults(() => machines.all().forEach((vmi) => worker.wake(objectName(vmi.metadata))));
  startImages(context, launchers);
}

/**
 * RFC 7386 on this side of the wire. The server's own merge drops nulls inside lists, where KubeVirt writes times that
 * it later compares.
 */
export function mergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? mergePatch(isObject(before) ? before : {}, value) : value;
  }
  return result;
}

/**
 * Container statuses with image ids that have a digest, as a kubelet reports them: a migration starts the same images
 * on the target. Undefined when the pod has them already, or does not run yet.
 */
export function pulledImages(pod: KubernetesObject): JsonObject[] | undefined {
  const statuses = objectsOf(pod.status?.containerStatuses);
  const pulled = statuses.every((status) => textOf(status.imageID).includes("@sha256:"));
  if (pulled || pod.status?.phase !== "Running") return undefined;
  return statuses.map((status) => {
    const image = textOf(status.image);
    const repository = image.replace(/(:[^/]*)?(@.*)?$/, "");
    const digest = createHash("sha256").update(image).digest("hex");
    return { ...status, imageID: `${repository}@sha256:${digest}` };
  });
}

function startImages(context: AgentContext, launchers: Store): void {
  const worker = new Worker("virt-launcher", async (key) => {
    const pod = launchers.get(key);
    const containerStatuses = pod && pulledImages(pod);
    if (!containerStatuses) return;
    // The list is one value to the server: it must not overwrite what kwok writes at the same time.
    const { namespace, name, resourceVersion } = pod.metadata;
    const path = pathOf("v1", "pods", { namespace, name, subresource: "status" });
    await context.api.patch(path, { metadata: { resourceVersion }, status: { containerStatuses } });
  });
  launchers.onChange(({ metadata }, gone) => {
    if (!gone && metadata.labels?.["kubevirt.io"] === "virt-launcher") worker.wake(objectName(metadata));
  });
}

/** A launcher whose guest has gone ends by itself. */
async function complete(api: Api, namespace: string, name: string): Promise<void> {
  const path = pathOf("v1", "pods", { namespace, name, subresource: "status" });
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: "False", reason: "PodCompleted" }));
  await api.patch(path, { status: { phase: "Succeeded", conditions } }, "strategic-merge-patch+json");
}
