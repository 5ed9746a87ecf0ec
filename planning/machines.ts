import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { Json, JsonObject, Plan } from "../model";
import type { MachineArgs, Nic } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { tokens } from "./tokens";

export { MachineArgs } from "../model/arguments";

type Identity = Pick<MachineArgs, "environment" | "namespace" | "name">;

/**
 * A locally administered unicast MAC that depends on the environment, the machine and the interface only,
 * so that the guest keeps it over restarts and migrations.
 */
export function macAddress({ environment, namespace, name }: Identity, nic: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([environment, namespace, name, nic]))
    .digest("hex");
  return ["02", ...(hash.slice(0, 10).match(/../g) ?? [])].join(":");
}

/** Id of the machine's component in a plan. */
export function machineComponent({ namespace, name }: { namespace: string; name: string }): string {
  return `machines/${namespace}/${name}`;
}

/** Name of the Secret that holds a machine's cloud-init data. */
function secretName(machine: Identity): string {
  return `${machine.name}-cloud-init`;
}

function macOf(machine: MachineArgs, nic: Nic): string {
  return nic.macAddress ?? macAddress(machine, nic.name);
}

const BINDINGS: Record<Nic["binding"], JsonObject> = {
  masquerade: { masquerade: {} },
  bridge: { bridge: {} },
  sriov: { sriov: {} },
};

function interfaceOf(machine: MachineArgs, nic: Nic): JsonObject {
  return { name: nic.name, macAddress: macOf(machine, nic), ...BINDINGS[nic.binding] };
}

function networkOf({ namespace }: MachineArgs, nic: Nic): JsonObject {
  if (nic.binding === "masquerade") return { name: nic.name, pod: {} };
  const own = `${namespace}/`;
  const networkName = nic.network.startsWith(own) ? nic.network.slice(own.length) : nic.network;
  return { name: nic.name, multus: { networkName } };
}

/** An interface in the guest's network data. Linux reserves the names `all` and `default`. */
function ethernet(machine: MachineArgs, nic: Nic): JsonObject {
  const rename = nic.name === "all" || nic.name === "default" ? {} : { "set-name": nic.name };
  const found = { match: { macaddress: macOf(machine, nic) }, ...rename };
  if (nic.binding === "masquerade") return { ...found, dhcp4: true };
  const { addresses, dhcp4, routes, nameservers } = nic;
  return {
    ...found,
    dhcp4: dhcp4 ?? addresses.length === 0,
    ...(addresses.length > 0 && { addresses }),
    ...(routes.length > 0 && { routes }),
    ...(nameservers.length > 0 && { nameservers: { addresses: nameservers } }),
  };
}

/**
 * cloud-init's network data, version 2. It names every interface, since cloud-init configures no others,
 * and finds them by MAC, as names in the guest depend on the order of devices.
 */
export function networkData(machine: MachineArgs): string {
  const ethernets: Record<string, Json> = {};
  for (const nic of machine.nics) ethernets[nic.name] = ethernet(machine, nic);
  return stringify({ version: 2, ethernets }, { aliasDuplicateObjects: false });
}

function rootVolume({ rootDisk }: MachineArgs): JsonObject {
  const { source, ...content } = rootDisk;
  return { name: "root", [source]: content };
}

function cpuOf({ cpu: { dedicated, ...topology } }: MachineArgs): JsonObject {
  return dedicated ? { ...topology, dedicatedCpuPlacement: true } : topology;
}

function instanceSpec(machine: MachineArgs): JsonObject {
  const { evictionStrategy, hugepages, memory, nics, nodeSelector } = machine;
  const secret = { name: secretName(machine) };
  return {
    evictionStrategy,
    nodeSelector: nonEmpty(nodeSelector),
    domain: {
      cpu: cpuOf(machine),
      memory: { guest: memory, hugepages: hugepages && { pageSize: hugepages } },
      devices: {
        disks: ["root", "cloud-init"].map((name) => ({ name, disk: { bus: "virtio" } })),
        interfaces: nics.map((nic) => interfaceOf(machine, nic)),
      },
    },
    networks: nics.map((nic) => networkOf(machine, nic)),
    volumes: [
      rootVolume(machine),
      { name: "cloud-init", cloudInitNoCloud: { secretRef: secret, networkDataSecretRef: secret } },
    ],
  };
}

/** A virtual machine and the Secret with its cloud-init data. */
export function planMachine(machine: MachineArgs): Plan {
  const { name, namespace, labels, runStrategy, cloudInit } = machine;
  const plan = new PlanBuilder(machineComponent(machine), tokens.machine);
  const secret = plan.add("cloud-init", tokens.secret, {
    metadata: { name: secretName(machine), namespace },
    stringData: { userdata: cloudInit.userData, networkdata: networkData(machine) },
  });
  const vm = plan.add("vm", tokens.virtualMachine, {
    metadata: { name, namespace, labels: nonEmpty(labels) },
    spec: { runStrategy, template: { metadata: { labels: nonEmpty(labels) }, spec: instanceSpec(machine) } },
  });
  plan.after(vm, secret, "the guest reads its first configuration from the secret");
  return plan.build();
}
