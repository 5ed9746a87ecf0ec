import { asJson, type JsonObject, type KubernetesObject, sameJson, valueAt } from "../../model";
import { pathOf } from "./api";
import { type AgentContext, annotation, kernelArguments } from "./context";
import { textOf } from "./read";
import { reboot } from "./reboot";
import {
  bootLine,
  discover,
  differs,
  type HostState,
  type InterfaceSpec,
  type InterfaceStatus,
  missingArguments,
  needsDrain,
  rdmaModeOf,
  vfDeviceIds,
} from "./sriov-host";
import { delay, type Store, Worker } from "./store";

export const SRIOV_GROUP = "sriovnetwork.openshift.io/v1";
export const SRIOV_NAMESPACE = "openshift-sriov-network-operator";

/** On the node state: written by the operator's drain controller, and by the daemon. */
const CURRENT_STATE = "sriovnetwork.openshift.io/current-state";
const DESIRED_STATE = "sriovnetwork.openshift.io/desired-state";
/** On the node: the daemon's request, the same value as the node state's desired-state. */
const NODE_STATE = "sriovnetwork.openshift.io/state";

/** Node annotation in which the simulator keeps what the daemon has configured (HostState). */
const HOST = "sandbox.pulumi-ove/sriov-host";

/** Milliseconds until the daemon notices a change: until then the last result still reads Succeeded. */
const NOTICE_MS = 700;
/** Milliseconds that making virtual functions and binding drivers takes. */
const CONFIGURE_MS = 1000;

/** Label on a node, for a moment only, that makes the operator look. */
const WAKE = "sandbox.pulumi-ove/wake";
/** Milliseconds between a configuration without node states and waking the operator. */
const WAKE_MS = 2000;

/** What the config daemon sees. */
export interface SriovView {
  /** Annotation current-state of the node state; undefined until the operator has set it. */
  currentState?: string;
  desiredState?: string;
  syncStatus: string;
  lastSyncError: string;
  /** True when this generation (on this boot) is configured already. */
  applied: boolean;
  specs: InterfaceSpec[];
  rdmaMode: string;
  interfaces: InterfaceStatus[];
  reported: InterfaceStatus[];
  /** The mode that the node state reports; empty before the first report. */
  reportedRdmaMode: string;
  kernelArguments: string[];
  /** PCI addresses of the cards whose virtual functions the host makes by itself. */
  hostMade: string[];
  disableDrain: boolean;
  broken: boolean;
}

/** The daemon's next step; `kernelArguments` are to be added to the boot line. */
export type SriovStep =
  | { kind: "report"; syncStatus: string; lastSyncError: string }
  | { kind: "ask"; state: string }
  | { kind: "reboot"; kernelArguments: string[] }
  | { kind: "configure" };

const FAILURE = "simulated failure: cannot configure the virtual functions";

/** The order of the real daemon (sriov-network-operator 1.6, pkg/daemon/daemon.go Reconcile). */
export function nextSriovStep(view: SriovView): SriovStep | undefined {
  if (view.currentState === undefined || view.desiredState === undefined) return undefined;
  const drifted = view.specs.some((spec) =>
    view.interfaces.some((iface) => iface.pciAddress === spec.pciAddress && differs(spec, iface)),
  );
  if (view.applied && !drifted) {
    const same =
      view.reportedRdmaMode === rdmaModeOf(view.kernelArguments) &&
      sameJson(view.reported as unknown as JsonObject[], view.interfaces as unknown as JsonObject[]);
    return same ? undefined : { kind: "report", syncStatus: view.syncStatus, lastSyncError: view.lastSyncError };
  }
  if (view.broken) {
    const told = view.syncStatus === "Failed" && view.lastSyncError === FAILURE;
    return told ? undefined : { kind: "report", syncStatus: "Failed", lastSyncError: FAILURE };
  }
  if (view.syncStatus !== "InProgress")
    return { kind: "report", syncStatus: "InProgress", lastSyncError: view.lastSyncError };
  const missing = missingArguments(view.specs, view.rdmaMode, view.kernelArguments);
  const drain = missing.length > 0 || needsDrain(view.specs, view.interfaces, view.hostMade);
  if ((drain || view.currentState !== "Idle") && view.currentState !== "DrainComplete" && !view.disableDrain) {
    const wanted = missing.length > 0 ? "Reboot_Required" : "Drain_Required";
    if (view.currentState === "Draining" || view.desiredState === wanted) return undefined;
    return { kind: "ask", state: wanted };
  }
  return missing.length > 0 ? { kind: "reboot", kernelArguments: missing } : { kind: "configure" };
}

/** Runs the simulated SR-IOV config daemon of every node that has network cards. */
export function startSriovConfigDaemon(context: AgentContext): void {
  const states = context.store(SRIOV_GROUP, "sriovnetworknodestates", SRIOV_NAMESPACE);
  const configs = context.store(SRIOV_GROUP, "sriovoperatorconfigs", SRIOV_NAMESPACE);
  const ids = context.store("v1", "configmaps", SRIOV_NAMESPACE);
  const applied = new Map<string, string>();
  const noticed = new Map<string, string>();

  const work = async (name: string): Promise<number | void> => {
    const node = await context.node(name);
    const state = await context.api.get(
      pathOf(SRIOV_GROUP, "sriovnetworknodestates", { namespace: SRIOV_NAMESPACE, name }),
    );
    if (!node || !state) return;
    const version = `${state.metadata.uid} ${state.metadata.generation} ${bootID(node)}`;
    if (noticed.get(name) !== version) {
      noticed.set(name, version);
      return NOTICE_MS;
    }
    const interfaces = discover(
      context.inventoryOf(name)?.nics ?? [],
      hostState(node),
      vfDeviceIds(ids.get(`${SRIOV_NAMESPACE}/supported-nic-ids`)),
    );
    const view = viewOf(state, node, interfaces);
    const made = (context.inventoryOf(name)?.nics ?? []).filter((nic) => (nic.numVfs ?? 0) > 0);
    view.hostMade = made.map((nic) => nic.pciAddress);
    view.applied = applied.get(name) === version;
    view.disableDrain = configs.get(`${SRIOV_NAMESPACE}/default`)?.spec?.disableDrain === true;
    view.broken = context.fault("sriov-sync-fails", name);
    const step = nextSriovStep(view);
    if (!step) return;
    await perform(context, node, view, step);
    if (step.kind === "configure") applied.set(name, version);
    return 0;
  };

  startWaking(context, configs, states);
  const worker = new Worker("sriov-config-daemon", work);
  const wakeAll = (): void => context.inventory.nodes.forEach((node) => worker.wake(node.name));
  states.onChange((state) => worker.wake(state.metadata.name));
  context.nodes.onChange((node) => worker.wake(node.metadata.name));
  configs.onChange(wakeAll);
  ids.onChange(wakeAll);
  context.onFaults(wakeAll);
}

/**
 * The operator makes node states at its next resync, which after a deleted configuration is up to five minutes away: it
 * does not watch configurations. A node label that comes and goes wakes it at once.
 */
function startWaking(context: AgentContext, configs: Store, states: Store): void {
  const worker = new Worker("sriov-operator", async () => {
    const config = configs.get(`${SRIOV_NAMESPACE}/default`);
    if (!config || config.metadata.deletionTimestamp) return;
    await delay(WAKE_MS);
    const node = context.inventory.nodes[0]?.name;
    if (states.all().length > 0 || !node) return;
    await context.markNode(node, {}, { [WAKE]: "" });
    await context.markNode(node, {}, { [WAKE]: null });
    return WAKE_MS;
  });
  configs.onChange((config) => worker.wake(config.metadata.name));
}

function viewOf(state: KubernetesObject, node: KubernetesObject, interfaces: InterfaceStatus[]): SriovView {
  return {
    currentState: state.metadata.annotations?.[CURRENT_STATE],
    desiredState: state.metadata.annotations?.[DESIRED_STATE],
    syncStatus: textOf(state.status?.syncStatus),
    lastSyncError: textOf(state.status?.lastSyncError),
    applied: false,
    specs: wantedInterfaces(state),
    rdmaMode: textOf(valueAt(asJson(state), ["spec", "system", "rdmaMode"])),
    interfaces,
    reported: (state.status?.interfaces ?? []) as unknown as InterfaceStatus[],
    reportedRdmaMode: textOf(valueAt(asJson(state), ["status", "system", "rdmaMode"])),
    kernelArguments: kernelArguments(node),
    hostMade: [],
    disableDrain: false,
    broken: false,
  };
}

async function perform(context: AgentContext, node: KubernetesObject, view: SriovView, step: SriovStep): Promise<void> {
  const { name } = node.metadata;
  if (step.kind === "report") return report(context, view, name, view.interfaces, step);
  if (step.kind === "ask") return ask(context, name, step.state);
  if (step.kind === "reboot") return reboot(context, name, bootLine(view.kernelArguments, step.kernelArguments));
  await delay(CONFIGURE_MS);
  const host: HostState = { bootID: bootID(node), interfaces: view.specs };
  await context.markNode(name, { [HOST]: JSON.stringify(host) });
  await ask(context, name, "Idle");
  const ids = await context.api.get(
    pathOf("v1", "configmaps", { namespace: SRIOV_NAMESPACE, name: "supported-nic-ids" }),
  );
  const interfaces = discover(context.inventoryOf(name)?.nics ?? [], host, vfDeviceIds(ids));
  await report(context, view, name, interfaces, { syncStatus: "Succeeded", lastSyncError: "" });
}

/** Tells the operator's drain controller what the node needs. */
async function ask(context: AgentContext, name: string, state: string): Promise<void> {
  await context.markNode(name, { [NODE_STATE]: state });
  const path = pathOf(SRIOV_GROUP, "sriovnetworknodestates", { namespace: SRIOV_NAMESPACE, name });
  await context.api.patch(path, { metadata: { annotations: { [DESIRED_STATE]: state } } });
}

async function report(
  context: AgentContext,
  view: SriovView,
  name: string,
  interfaces: InterfaceStatus[],
  { syncStatus, lastSyncError }: { syncStatus: string; lastSyncError: string },
): Promise<void> {
  const location = { namespace: SRIOV_NAMESPACE, name, subresource: "status" };
  const status = { interfaces, syncStatus, lastSyncError, system: { rdmaMode: rdmaModeOf(view.kernelArguments) } };
  await context.api.patch(pathOf(SRIOV_GROUP, "sriovnetworknodestates", location), { status });
}

/** What the daemon has configured on a node since its last boot; a reboot takes all virtual functions away. */
export function hostState(node: KubernetesObject): HostState {
  const text = annotation(node, HOST);
  const host = text ? (JSON.parse(text) as HostState) : undefined;
  return host?.bootID === bootID(node) ? host : { bootID: bootID(node), interfaces: [] };
}

function wantedInterfaces(state: KubernetesObject): InterfaceSpec[] {
  return (state.spec?.interfaces ?? []) as unknown as InterfaceSpec[];
}

function bootID(node: KubernetesObject): string {
  return textOf(valueAt(asJson(node), ["status", "nodeInfo", "bootID"]));
}
