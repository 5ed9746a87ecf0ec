import type { JsonObject, KubernetesObject } from "../../model";
import { instancetypeRules, migrationPolicyRules, preferenceRules } from "../../rules";
import type { Rule } from "../../rules";
import type { ListIdentity, ObjectKind, Verdict } from "../kind";
import { generatedShape } from "./shapes";
import { ready } from "./verdict";

const minutes = 60;
const byName = { by: ["name"] };

/** What differs between the kinds that machines are described by; all of them work as soon as they exist. */
interface Template {
  kind: string;
  apiVersion: string;
  plural: string;
  scope: ObjectKind["scope"];
  doc: string;
  spec: JsonObject;
  listKeys: Record<string, ListIdentity>;
  rules: readonly Rule<KubernetesObject>[];
}

const works = (): Verdict => ready;

const template = ({ spec, scope, ...rest }: Template): ObjectKind => ({
  is: "object",
  token: `ove:machines:${rest.kind}`,
  waits: "Nothing: it works as soon as it exists. Machines that have it keep the revision with which they were made.",
  deletes: "Deleted; machines that have it keep their revision of it.",
  example: { metadata: { name: "large", ...(scope === "Namespaced" ? { namespace: "shop" } : {}) }, spec },
  scope,
  shape: generatedShape(rest.kind),
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  disruptions: [],
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: works },
  ...rest,
});

const instancetypes = "instancetype.kubevirt.io/v1beta1";

const instancetype = {
  apiVersion: instancetypes,
  spec: { cpu: { guest: 4 }, memory: { guest: "8Gi" } },
  listKeys: { "spec.gpus": byName, "spec.hostDevices": byName },
  rules: instancetypeRules,
};

const preference = {
  apiVersion: instancetypes,
  spec: { cpu: { preferredCPUTopology: "sockets" }, devices: { preferredDiskBus: "virtio" } },
  listKeys: { "spec.cpu.preferredCPUFeatures": byName },
  rules: preferenceRules,
};

export const virtualMachineInstancetype = template({
  ...instancetype,
  kind: "VirtualMachineInstancetype",
  plural: "virtualmachineinstancetypes",
  scope: "Namespaced",
  doc: "Processors, memory and devices for the machines of a namespace.",
});

export const virtualMachineClusterInstancetype = template({
  ...instancetype,
  kind: "VirtualMachineClusterInstancetype",
  plural: "virtualmachineclusterinstancetypes",
  scope: "Cluster",
  doc: "Processors, memory and devices for machines of all namespaces.",
});

export const virtualMachinePreference = template({
  ...preference,
  kind: "VirtualMachinePreference",
  plural: "virtualmachinepreferences",
  scope: "Namespaced",
  doc: "What the machines of a namespace prefer where they say nothing themselves.",
});

export const virtualMachineClusterPreference = template({
  ...preference,
  kind: "VirtualMachineClusterPreference",
  plural: "virtualmachineclusterpreferences",
  scope: "Cluster",
  doc: "What machines of all namespaces prefer where they say nothing themselves.",
});

export const migrationPolicy: ObjectKind = {
  ...template({
    apiVersion: "migrations.kubevirt.io/v1alpha1",
    kind: "MigrationPolicy",
    plural: "migrationpolicies",
    scope: "Cluster",
    doc: "How the machines that it selects are migrated: bandwidth, time, post-copy.",
    spec: {
      bandwidthPerMigration: "256Mi",
      allowPostCopy: false,
      selectors: { virtualMachineInstanceSelector: { "migration-class": "slow" } },
    },
    listKeys: {},
    rules: migrationPolicyRules,
  }),
  waits: "Nothing: later migrations of the machines that it selects follow it.",
  deletes: "Deleted; later migrations follow the cluster's settings.",
};
