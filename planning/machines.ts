import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { Json, JsonObject, Plan } from "../model";
import type { MachineArgs, Nic } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { blankVolumeProperties, machineDisks, machineVolumes } from "./machine-disks";
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

/** The hardware address of an interface. */
export function macOf(machine: MachineArgs, nic: Nic): string {
  return nic.macAddress ?? macAddress(machine, nic.name);
}

const BINDINGS: Record<Nic["binding"], JsonObject> = {
  masquerade: { masquerade: {} },
  bridge: { bridge: {} },
  sriov: { sriov: {} },
};

function interfaceOf(machine: MachineArgs, nic: Nic): JsonObject {
  const { name, bootOrder, binding } = nic;
  return { name, macAddress: macOf(machine, nic), bootOrder, ...BINDINGS[binding] };
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
  const mtu = nic.mtu === undefined ? {} : { mtu: nic.mtu };
  const found = { match: { macaddress: macOf(machine, nic) }, ...rename, ...mtu };
  if (nic.binding === "masquerade") return { ...found, dhcp4: true };
  const { addresses, dhcp4, gateways, nameservers } = nic;
  const defaults = gateways.map((via) => ({ to: via.includes(":") ? "::/0" : "0.0.0.0/0", via }));
  const routes = [...defaults, ...nic.routes];
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

/** Processors; their number only where no instance type decides it. */
function cpuOf({ cpu, instanceType }: MachineArgs): JsonObject | undefined {
  const { cores = 1, sockets = 1, threads = 1, dedicated, isolateEmulatorThread, numa, model } = cpu;
  const given: JsonObject = {
    model,
    dedicatedCpuPlacement: dedicated || undefined,
    isolateEmulatorThread: isolateEmulatorThread || undefined,
    numa: numa ? { guestMappingPassthrough: {} } : undefined,
  };
  if (!instanceType) return { cores, sockets, threads, ...given };
  return Object.values(given).some((value) => value !== undefined) ? given : undefined;
}

function memoryOf({ memory, hugepages }: MachineArgs): JsonObject | undefined {
  if (memory === undefined && hugepages === undefined) return undefined;
  return { guest: memory, hugepages: hugepages && { pageSize: hugepages } };
}

/** How keys get into the guest: kept up to date by its agent, or once by cloud-init. */
function credentialOf({ secret, users }: MachineArgs["sshKeys"][number]): JsonObject {
  const propagationMethod: JsonObject = users.length > 0 ? { qemuGuestAgent: { users } } : { noCloud: {} };
  return { sshPublicKey: { source: { secret: { secretName: secret } }, propagationMethod } };
}

function instanceSpec(machine: MachineArgs): JsonObject {
  const { evictionStrategy, nics, nodeSelector, sshKeys } = machine;
  const secret = { name: secretName(machine) };
  const cloudInit = { name: "cloud-init", cloudInitNoCloud: { secretRef: secret, networkDataSecretRef: secret } };
  return {
    evictionStrategy,
    nodeSelector: nonEmpty(nodeSelector),
    accessCredentials: sshKeys.length > 0 ? sshKeys.map(credentialOf) : undefined,
    domain: {
      cpu: cpuOf(machine),
      memory: memoryOf(machine),
      devices: {
        disks: machineDisks(machine),
        interfaces: nics.map((nic) => interfaceOf(machine, nic)),
      },
    },
    networks: nics.map((nic) => networkOf(machine, nic)),
    volumes: machineVolumes(machine, cloudInit),
  };
}

function matcher(kind: string, template: MachineArgs["instanceType"]): JsonObject | undefined {
  if (!template) return undefined;
  const scope = template.scope === "cluster" ? "Cluster" : "";
  return { name: template.name, kind: `VirtualMachine${scope}${kind}` };
}

/** A virtual machine, the Secret with its cloud-init data, and its blank volumes. */
export function planMachine(machine: MachineArgs): Plan {
  const { name, namespace, labels, runStrategy, cloudInit } = machine;
  const plan = new PlanBuilder(machineComponent(machine), tokens.machine);
  const secret = plan.add("cloud-init", tokens.secret, {
    metadata: { name: secretName(machine), namespace },
    stringData: { userdata: cloudInit.userData, networkdata: networkData(machine) },
  });
  const vm = plan.add("vm", tokens.virtualMachine, {
    metadata: { name, namespace, labels: nonEmpty(labels) },
    spec: {
      runStrategy,
      instancetype: matcher("Instancetype", machine.instanceType),
      preference: matcher("Preference", machine.preference),
      template: { metadata: { labels: nonEmpty(labels) }, spec: instanceSpec(machine) },
    },
  });
  plan.after(vm, secret, "the guest reads its first configuration from the secret");
  for (const disk of machine.disks) {
    if (disk.source !== "blank") continue;
    const volume = plan.add(`disk/${disk.name}`, tokens.dataVolume, blankVolumeProperties(machine, disk));
    plan.after(vm, volume, "the machine has this volume as a disk");
  }
  return plan.build();
}
