import { asJson, type KubernetesObject, valueAt } from "../../model";
import { pathOf } from "./api";
import { type AgentContext, annotation, kernelArguments, KERNEL_ARGUMENTS } from "./context";
import { type ClusterPolicies, clusterPolicies, type PolicySpec } from "./disruption-policy";
import { type Disruption, disruption, type HostConfig, hostConfig } from "./host-config";
import { boot, reboot } from "./reboot";
import { delay, Worker } from "./store";

const GROUP = "machineconfiguration.openshift.io";
const CURRENT = `${GROUP}/currentConfig`;
const DESIRED = `${GROUP}/desiredConfig`;
const STATE = `${GROUP}/state`;
const REASON = `${GROUP}/reason`;
const DESIRED_DRAIN = `${GROUP}/desiredDrain`;
const APPLIED_DRAIN = `${GROUP}/lastAppliedDrain`;

/** Annotation: the configuration that is on the node's disk already, while the update is not finished. */
const APPLIED = "sandbox.pulumi-ove/applied-config";

/** Milliseconds that writing files and units takes. */
const WRITE_MS = 500;

/** What the daemon sees of its node. */
export interface DaemonView {
  annotations: Record<string, string>;
  /** The configurations that the annotations name; undefined when there is no such MachineConfig. */
  current?: HostConfig;
  desired?: HostConfig;
  policies: ClusterPolicies;
  /** A fault keeps the daemon from applying anything. */
  broken: boolean;
}

/** The daemon's next step: annotations to set, or the node's disk to write and boot. */
export type DaemonStep =
  | { kind: "annotate"; annotations: Record<string, string> }
  | { kind: "apply"; config: HostConfig; name: string; reboot: boolean };

/** The machine-config-daemon's next step on its node; undefined when it has to wait or has nothing to do. */
export function nextStep(view: DaemonView): DaemonStep | undefined {
  const at = (key: string): string => view.annotations[key] ?? "";
  if (at(CURRENT) === at(DESIRED)) return finish(view, at(DESIRED));
  if (!view.desired || !view.current) return undefined;
  const change = disruption(view.current, view.desired, view.policies);
  const failure = view.broken ? "simulated failure: cannot apply the update" : change.impossible;
  if (failure) return degrade(view, failure);
  if (at(STATE) !== "Working") return { kind: "annotate", annotations: { [STATE]: "Working", [REASON]: "" } };
  if (at(APPLIED) !== at(DESIRED)) return applyStep(view, view.desired, change);
  return finish(view, at(DESIRED));
}

function applyStep(view: DaemonView, config: HostConfig, change: Disruption): DaemonStep | undefined {
  const name = view.annotations[DESIRED] ?? "";
  if (!change.drain || view.annotations[APPLIED_DRAIN] === `drain-${name}`) {
    return { kind: "apply", config, name, reboot: change.reboot };
  }
  return ask(view, `drain-${name}`);
}

/** Uncordons the node, then reports the configuration as current. */
function finish(view: DaemonView, name: string): DaemonStep | undefined {
  const uncordon = `uncordon-${name}`;
  if (view.annotations[APPLIED_DRAIN] !== uncordon) return ask(view, uncordon);
  if (view.annotations[CURRENT] === name && view.annotations[STATE] === "Done") return undefined;
  return { kind: "annotate", annotations: { [CURRENT]: name, [STATE]: "Done", [REASON]: "" } };
}

/** Asks the drain controller for something, once. */
function ask(view: DaemonView, drain: string): DaemonStep | undefined {
  if (view.annotations[DESIRED_DRAIN] === drain) return undefined;
  return { kind: "annotate", annotations: { [DESIRED_DRAIN]: drain } };
}

function degrade(view: DaemonView, reason: string): DaemonStep | undefined {
  if (view.annotations[STATE] === "Degraded" && view.annotations[REASON] === reason) return undefined;
  return { kind: "annotate", annotations: { [STATE]: "Degraded", [REASON]: reason } };
}

/** What a node gets at its installation: its pool's configuration, applied. */
export function installed(config: string): Record<string, string> {
  const drain = `uncordon-${config}`;
  return {
    [CURRENT]: config,
    [DESIRED]: config,
    [STATE]: "Done",
    [REASON]: "",
    [DESIRED_DRAIN]: drain,
    [APPLIED_DRAIN]: drain,
    [APPLIED]: config,
  };
}

/** Runs the simulated machine-config-daemon of every node in the inventory. */
export function startMachineConfigDaemon(context: AgentContext): void {
  const configs = context.store(`${GROUP}/v1`, "machineconfigs");
  const pools = context.store(`${GROUP}/v1`, "machineconfigpools");
  const knobs = context.store("operator.openshift.io/v1", "machineconfigurations");

  const read = (name: string): HostConfig | undefined => {
    const found = configs.get(name);
    return found && hostConfig(found);
  };

  const work = async (name: string): Promise<void> => {
    const role = context.inventoryOf(name)?.role;
    const node = role && (await context.node(name));
    if (!node) return;
    if (!annotation(node, DESIRED)) return install(context, name, pools.get(role), read);
    const step = nextStep({
      annotations: node.metadata.annotations ?? {},
      current: read(annotation(node, CURRENT)),
      desired: read(annotation(node, DESIRED)),
      policies: clusterPolicies(policySpec(knobs.get("cluster"))),
      broken: context.fault("degrade-node", name),
    });
    if (step?.kind === "annotate") await context.markNode(name, step.annotations);
    if (step?.kind === "apply") await applyConfig(context, node, step);
  };

  const worker = new Worker("machine-config-daemon", work);
  const wakeAll = (): void => context.inventory.nodes.forEach((node) => worker.wake(node.name));
  context.nodes.onChange((node) => worker.wake(node.metadata.name));
  for (const store of [configs, pools, knobs]) store.onChange(wakeAll);
  context.onFaults(wakeAll);
}

async function install(
  context: AgentContext,
  name: string,
  pool: KubernetesObject | undefined,
  read: (config: string) => HostConfig | undefined,
): Promise<void> {
  const config = pool && valueAt(asJson(pool), ["spec", "configuration", "name"]);
  const content = typeof config === "string" ? read(config) : undefined;
  if (typeof config !== "string" || !content) return;
  await boot(context, name, content.kernelArguments);
  const running = { [KERNEL_ARGUMENTS]: content.kernelArguments.join(" ") };
  await context.markNode(name, { ...installed(config), ...running });
}

async function applyConfig(
  context: AgentContext,
  node: KubernetesObject,
  step: { config: HostConfig; name: string; reboot: boolean },
): Promise<void> {
  await delay(WRITE_MS);
  const { name } = node.metadata;
  if (step.reboot) await reboot(context, name, bootArguments(node, step.config, context));
  await context.markNode(name, { [APPLIED]: step.name });
}

/** The configuration's arguments, and those that others than the MCO (the SR-IOV daemon) have put on the boot line. */
function bootArguments(node: KubernetesObject, config: HostConfig, context: AgentContext): string[] {
  const previous = context.store(`${GROUP}/v1`, "machineconfigs").get(annotation(node, CURRENT));
  const ours = new Set(previous ? hostConfig(previous).kernelArguments : []);
  const foreign = kernelArguments(node).filter((argument) => !ours.has(argument));
  return [...config.kernelArguments, ...foreign.filter((argument) => !config.kernelArguments.includes(argument))];
}

function policySpec(knobs: KubernetesObject | undefined): PolicySpec | undefined {
  return knobs?.spec?.nodeDisruptionPolicy as PolicySpec | undefined;
}

/** Status that the Machine Config Operator writes: the policies in force, for what it has observed. */
export function startDisruptionPolicyStatus(context: AgentContext): void {
  const knobs = context.store("operator.openshift.io/v1", "machineconfigurations");
  const worker = new Worker("machine-config-operator", async (name) => {
    const object = knobs.get(name);
    if (!object || object.metadata.generation === object.status?.observedGeneration) return;
    const nodeDisruptionPolicyStatus = { clusterPolicies: clusterPolicies(policySpec(object)) };
    const status = { observedGeneration: object.metadata.generation, nodeDisruptionPolicyStatus };
    const location = { name, subresource: "status" };
    await context.api.patch(pathOf("operator.openshift.io/v1", "machineconfigurations", location), { status });
  });
  knobs.onChange((object) => worker.wake(object.metadata.name));
}
