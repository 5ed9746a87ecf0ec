import type { Json, JsonObject } from "../../../../model";

/** A change of the base machine: values by place; null takes the field away. */
export type Edit = Readonly<Record<string, Json>>;

/** Short words at the beginning of a place. */
const places: Readonly<Record<string, string>> = {
  T: "spec.template.spec",
  D: "spec.template.spec.domain",
  V: "spec.template.spec.domain.devices",
  I: "spec.template.spec.domain.devices.interfaces",
  K: "spec.template.spec.domain.devices.disks",
  N: "spec.template.spec.networks",
  W: "spec.template.spec.volumes",
};

/** A machine that KubeVirt accepts. */
export const base: JsonObject = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name: "generated", namespace: "default" },
  spec: {
    runStrategy: "Halted",
    template: {
      metadata: { labels: { app: "generated" } },
      spec: {
        domain: {
          cpu: { cores: 2 },
          memory: { guest: "2Gi" },
          devices: {
            disks: [
              { name: "root", disk: { bus: "virtio" } },
              { name: "init", disk: { bus: "virtio" } },
            ],
            interfaces: [
              { name: "default", masquerade: {} },
              { name: "fast", bridge: {} },
            ],
          },
        },
        networks: [
          { name: "default", pod: {} },
          { name: "fast", multus: { networkName: "fast" } },
        ],
        volumes: [
          { name: "root", dataVolume: { name: "root" } },
          { name: "init", cloudInitNoCloud: { userData: "#cloud-config" } },
        ],
      },
    },
  },
};

const keysOf = (place: string): string[] => {
  const [first = "", ...rest] = place.split(/[.[\]]+/).filter((key) => key !== "");
  return [...(places[first] ?? first).split("."), ...rest];
};

function write(target: JsonObject, keys: readonly string[], value: Json): void {
  const [key = "", ...rest] = keys;
  if (rest.length === 0) {
    if (value !== null) target[key] = value;
    else if (Array.isArray(target)) target.splice(Number(key), 1);
    else delete target[key];
    return;
  }
  const next = target[key];
  if (typeof next !== "object" || next === null) target[key] = /^\d+$/.test(rest[0] ?? "") ? [] : {};
  write(target[key] as JsonObject, rest, value);
}

/** The base machine after all edits, one after the other; lists without elements in the middle are closed up. */
export function edited(...edits: Edit[]): JsonObject {
  const machine = structuredClone(base);
  for (const edit of edits) for (const [place, value] of Object.entries(edit)) write(machine, keysOf(place), value);
  return JSON.parse(JSON.stringify(machine), (_key, value: Json) =>
    Array.isArray(value) ? value.filter((each) => each !== null) : value,
  ) as JsonObject;
}

/** One edit for each value. */
export const each = (place: string, ...values: Json[]): Edit[] => values.map((value) => ({ [place]: value }));
