import { isObject } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { ApiError, pathOf } from "./api";
import type { AgentContext } from "./context";
import { textOf } from "./read";
import { delay, Worker } from "./store";

const OPERATOR = "operator.openshift.io/v1";
const CONFIG = "config.openshift.io/v1";
const ATTACHMENTS = "k8s.cni.cncf.io/v1";
const NAMESPACE = "openshift-multus";

/** Label on what this operator has made for the configuration, so that it finds it when it is no longer wanted. */
const MADE = { "sandbox.pulumi-ove/network-operator": "" };

/** Milliseconds until the operator notices a change: until then it still says that it does nothing. */
const NOTICE_MS = 700;
/** Milliseconds from noticing until what was asked for is there. */
const RENDER_MS = 1000;

/** What the operator makes of its configuration. */
export interface Wanted {
  daemonSets: string[];
  attachments: { namespace: string; name: string; config: string }[];
  /** Why it makes nothing of it. */
  failure?: string;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Type of the first IPAM section (cluster-network-operator pkg/network/multus_ipam.go). */
function ipamType(config: JsonObject): string {
  const plugins = Array.isArray(config.plugins) ? config.plugins.filter(isObject) : [];
  const holder = [...plugins, config].find((each) => isObject(each.ipam));
  return isObject(holder?.ipam) ? textOf(holder.ipam.type) : "";
}

/** SimpleMacvlan as the configuration of a macvlan; without words about IPAM it uses DHCP. */
function macvlan(network: JsonObject): JsonObject {
  const simple = isObject(network.simpleMacvlanConfig) ? network.simpleMacvlanConfig : {};
  const given = isObject(simple.ipamConfig) ? simple.ipamConfig : { type: "DHCP" };
  const mode = textOf(simple.mode).toLowerCase();
  return {
    cniVersion: "0.3.1",
    name: textOf(network.name),
    type: "macvlan",
    ...(simple.master ? { master: simple.master } : {}),
    ...(mode ? { mode } : {}),
    ...(simple.mtu ? { mtu: simple.mtu } : {}),
    ipam:
      given.type === "Static"
        ? { ...(isObject(given.staticIPAMConfig) ? given.staticIPAMConfig : {}), type: "static" }
        : { type: "dhcp" },
  };
}

/** What the operator does with a configuration (cluster-network-operator pkg/network render.go, additional_networks.go). */
export function wantedOf(network: KubernetesObject): Wanted {
  const spec = network.spec ?? {};
  const networks = Array.isArray(spec.additionalNetworks) ? spec.additionalNetworks.filter(isObject) : [];
  const nothing = (failure: string): Wanted => ({ daemonSets: [], attachments: [], failure });
  if (spec.disableMultiNetwork === true) {
    if (networks.length > 0) return nothing("additional networks cannot be specified without deploying Multus");
    return { daemonSets: [], attachments: [] };
  }
  const used = new Set<string>();
  const attachments: Wanted["attachments"] = [];
  for (const each of networks) {
    const raw = each.type === "Raw" ? jsonOf(textOf(each.rawCNIConfig)) : undefined;
    if (each.type === "Raw" && !isObject(raw))
      return nothing(`failed to unmarshal rawCNIConfig of ${textOf(each.name)}`);
    if (each.type !== "Raw" && each.type !== "SimpleMacvlan") {
      return nothing(`unknown or unsupported network type ${textOf(each.type)}`);
    }
    const config = isObject(raw) ? raw : macvlan(each);
    used.add(ipamType(config));
    const text = isObject(raw) ? textOf(each.rawCNIConfig) : JSON.stringify(config);
    attachments.push({ namespace: textOf(each.namespace) || "default", name: textOf(each.name), config: text });
  }
  return {
    daemonSets: [
      ...(used.has("dhcp") ? ["dhcp-daemon"] : []),
      ...(used.has("whereabouts") ? ["whereabouts-reconciler"] : []),
      ...(spec.useMultiNetworkPolicy === true ? ["multus-networkpolicy"] : []),
    ],
    attachments,
  };
}

/** Conditions of ClusterOperator `network`. */
export function operatorConditions(progressing: boolean, failure: string | undefined, now: string): JsonObject[] {
  const condition = (type: string, status: boolean, message = ""): JsonObject => ({
    type,
    status: status ? "True" : "False",
    reason: message ? "InvalidOperatorConfig" : "AsExpected",
    message,
    lastTransitionTime: now,
  });
  return [
    condition("Available", true),
    condition("Progressing", progressing),
    condition("Degraded", failure !== undefined, failure),
    condition("Upgradeable", true),
  ];
}

function daemonSet(name: string): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: NAMESPACE, labels: { ...labels, ...MADE } },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          tolerations: [{ operator: "Exists" }],
          containers: [{ name, image: `quay.example/${name}:sandbox` }],
        },
      },
    },
  };
}

/** The form of a configuration that the operator has looked at, and whether it could not be applied. */
export interface Noticed {
  generation: number;
  broken: boolean;
}

/** What the operator sees now: a fault strikes forms that come while it lasts, not the one that is carried out already. */
export function noticedNow(network: KubernetesObject, fault: boolean, before?: Noticed): Noticed {
  const generation = network.metadata.generation ?? 0;
  return { generation, broken: fault && (before?.generation !== generation || before.broken) };
}

/** Runs the simulated cluster network operator, for what it does beside the cluster's own network. */
export function startNetworkOperator(context: AgentContext): void {
  const { api } = context;
  const noticed = new Map<string, Noticed>();
  const worker = new Worker("network-operator", async (name): Promise<number | void> => {
    const network = await api.get(pathOf(OPERATOR, "networks", { name }));
    if (!network) return;
    const before = noticed.get(name);
    const seen = noticedNow(network, context.fault("network-operator-degraded", name), before);
    if (before && before.generation === seen.generation && before.broken === seen.broken) return;
    if (before !== undefined) await delay(NOTICE_MS);
    const wanted = wantedOf(network);
    const failure = seen.broken ? "simulated failure: the configuration cannot be applied" : wanted.failure;
    if (failure === undefined && before !== undefined) await report(context, true);
    if (failure === undefined) {
      await delay(RENDER_MS);
      await carryOut(context, wanted);
    }
    await report(context, false, failure);
    noticed.set(name, seen);
    return 0;
  });
  const networks = context.store(OPERATOR, "networks");
  networks.onChange((network, gone) => gone || worker.wake(network.metadata.name));
  context.onFaults(() => networks.all().forEach((network) => worker.wake(network.metadata.name)));
}

async function report(context: AgentContext, progressing: boolean, failure?: string): Promise<void> {
  const { api } = context;
  const metadata = { name: "network" };
  const path = pathOf(CONFIG, "clusteroperators", metadata);
  if (!(await api.get(path))) {
    const object = { apiVersion: CONFIG, kind: "ClusterOperator", metadata, spec: {} };
    await api.create(pathOf(CONFIG, "clusteroperators"), object).catch(unlessThere);
  }
  const conditions = operatorConditions(progressing, failure, new Date().toISOString().replace(/\.\d+Z$/, "Z"));
  await api.patch(pathOf(CONFIG, "clusteroperators", { name: "network", subresource: "status" }), {
    status: { conditions },
  });
}

function unlessThere(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 409)) throw error;
}

/** Makes what is wanted, and takes away what earlier configurations wanted. */
async function carryOut({ api }: AgentContext, { daemonSets, attachments }: Wanted): Promise<void> {
  const kept = new Set<string>();
  for (const { namespace, name, config } of attachments) {
    const path = pathOf(ATTACHMENTS, "network-attachment-definitions", { namespace, name });
    const metadata = { name, namespace, labels: MADE };
    const object = { apiVersion: ATTACHMENTS, kind: "NetworkAttachmentDefinition", metadata, spec: { config } };
    await api.apply(path, object);
    kept.add(path);
  }
  for (const name of daemonSets) {
    const path = pathOf("apps/v1", "daemonsets", { namespace: NAMESPACE, name });
    await api.apply(path, daemonSet(name));
    kept.add(path);
  }
  for (const [apiVersion, resource] of [
    [ATTACHMENTS, "network-attachment-definitions"],
    ["apps/v1", "daemonsets"],
  ] as const) {
    const made = await api.list(`${pathOf(apiVersion, resource)}?labelSelector=${Object.keys(MADE)[0] ?? ""}`);
    for (const { metadata } of made.items) {
      const path = pathOf(apiVersion, resource, { namespace: metadata.namespace, name: metadata.name });
      if (!kept.has(path)) await api.remove(path);
    }
  }
}
