import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import type { Inventory, KubernetesObject } from "../../model";
import { Api } from "./api";
import { startCiliumBgp } from "./cilium-bgp";
import { startCiliumGateway } from "./cilium-gateway";
import { startCiliumLoadBalancing } from "./cilium-load-balancing";
import { startCdi } from "./cdi";
import { startCiliumOperator } from "./cilium-operator";
import { startCiliumPolicies } from "./cilium-policies";
import { AgentContext } from "./context";
import { startCrdLate } from "./crd-late";
import { startDevicePlugin } from "./device-plugin";
import { startHyperConverged } from "./hyperconverged";
import { startDrainBlocked } from "./drain-blocked";
import { startDisruptionPolicyStatus, startMachineConfigDaemon } from "./machine-config-daemon";
import { startNetworkOperator } from "./network-operator";
import { startNmstate } from "./nmstate";
import { startOlm } from "./olm";
import { startNodeTuning } from "./node-tuning";
import { startSriovConfigDaemon } from "./sriov-config-daemon";
import { startStorage } from "./storage";
import { startVirtHandler } from "./virt-handler";
import { startVirtNodes } from "./virt-node";
import { startWebhookDown } from "./webhook-down";

/** Every simulator of a node's agents; each watches the cluster and acts on its own. */
const agents: ((context: AgentContext) => void)[] = [
  startMachineConfigDaemon,
  startDisruptionPolicyStatus,
  startNetworkOperator,
  startNmstate,
  startOlm,
  startNodeTuning,
  startSriovConfigDaemon,
  startDevicePlugin,
  startVirtHandler,
  startVirtNodes,
  startStorage,
  startCdi,
  startHyperConverged,
  startCiliumPolicies,
  startCiliumLoadBalancing,
  startCiliumBgp,
  startCiliumGateway,
  startCrdLate,
  startDrainBlocked,
  startWebhookDown,
];

async function main(): Promise<void> {
  const file = { type: "string" } as const;
  const { values } = parseArgs({ options: { kubeconfig: file, inventory: file, "cilium-crds": file } });
  const held = values["cilium-crds"];
  if (!values.kubeconfig || !values.inventory || !held) {
    throw new Error("usage: node main.js --kubeconfig FILE --inventory FILE --cilium-crds FILE");
  }
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromFile(values.kubeconfig);
  const inventory = JSON.parse(readFileSync(values.inventory, "utf8")) as Inventory;
  const context = new AgentContext(await Api.connect(kubeconfig), kubeconfig, inventory);
  for (const start of agents) start(context);
  const crds = existsSync(held) ? (JSON.parse(readFileSync(held, "utf8")) as KubernetesObject[]) : [];
  startCiliumOperator(context, crds);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
