import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { devices, listUnknown, machineRule, setKeys, template } from "./template";

const claims: PathStep[] = [...template, "resourceClaims"];

/** Whether a text is set for certain to something. */
const given = (device: JsonObject, key: string): boolean => !missing(device, key) && device[key] !== "";

const unknown = (device: JsonObject): boolean =>
  ["deviceName", "claimName", "requestName"].some((key) => key in device && device[key] === undefined);

/** Whether a device comes by a claim: it has no name of its own and says at least something of a claim. */
export const isClaimed = (device: JsonObject): boolean =>
  !given(device, "deviceName") && setKeys(device, ["claimName", "requestName"]).length > 0;

interface Claimed {
  path: PathStep[];
  pair: string;
  name: string;
}

/** What is wrong with the devices of one list, and the claims that they make; `mixed` is whether both kinds may be in it. */
function deviceProblems(machine: KubernetesObject, key: string, mixed: boolean): [Violation[], Claimed[]] {
  const list: PathStep[] = [...devices, key];
  const all = indexedAt(machine, ...list).filter(([, device]) => !unknown(device));
  const found: Violation[] = [];
  const made: Claimed[] = [];
  if (!mixed && new Set(all.map(([, device]) => isClaimed(device))).size > 1)
    return [[{ path: list, message: "Devices with a name and devices with a claim cannot go together." }], []];
  for (const [index, device] of all) {
    const path = [...list, index];
    const about = setKeys(device, ["claimName", "requestName"]);
    if (isClaimed(device)) {
      const absent = ["claimName", "requestName"].filter((field) => !given(device, field));
      for (const field of absent) found.push({ path: [...path, field], message: "It is missing." });
      const [name, request] = [textAt(device, "claimName") ?? "", textAt(device, "requestName") ?? ""];
      if (absent.length === 0) made.push({ path, name, pair: `${name}/${request}` });
    } else if (!given(device, "deviceName"))
      found.push({ path, message: "The device says not what it is.", fix: "Give deviceName, or claimName." });
    else if (about.length > 0) found.push({ path, message: "deviceName cannot go with a claim.", fix: "Keep one." });
  }
  return [found, made];
}

/** R54. The webhook reports most of it at the list. */
const device = machineRule(
  "device-source",
  "error",
  "KubeVirt pkg/dra/admitter/dra_admitter.go validateDRADevices",
  (machine) => {
    const [graphics, first] = deviceProblems(machine, "gpus", false);
    const [others, second] = deviceProblems(machine, "hostDevices", true);
    const seen = new Set<string>();
    const twice = [...first, ...second].flatMap(({ path, pair }): Violation[] => {
      if (seen.has(pair)) return [{ path, message: "Another device has the same claim and request." }];
      seen.add(pair);
      return [];
    });
    const names = objectsAt(machine, ...claims);
    const lost = [...first, ...second].filter(
      ({ name }) => !names.some((claim) => claim.name === name || ("name" in claim && claim.name === undefined)),
    );
    const message = `resourceClaims has no claim "${lost[0]?.name ?? ""}".`;
    const unlisted = lost.length > 0 && !listUnknown(machine, claims) ? [{ path: claims, message }] : [];
    return [...graphics, ...others, ...twice, ...unlisted];
  },
);

/** Numbers that cannot be negative, by the list that they stand in. */
const unsigned: readonly [PathStep[], string[]][] = [
  [
    [...devices, "disks"],
    ["bootOrder", "blockSize.custom.logical", "blockSize.custom.physical"],
  ],
  [[...devices, "interfaces"], ["bootOrder"]],
];

const alone: readonly PathStep[][] = [
  ...["cores", "sockets", "threads", "maxSockets"].map((key) => ["cpu", key]),
  ["ioThreads", "supplementalPoolThreadCount"],
  ["features", "hyperv", "spinlocks", "spinlocks"],
];

function numberIn(object: JsonObject | KubernetesObject, path: PathStep[]): number | undefined {
  const value = objectAt(object, ...path.slice(0, -1))[String(path.at(-1))];
  return typeof value === "number" ? value : undefined;
}

/** Refused without a path: they do not fit into the numbers that KubeVirt reads. */
const negative = machineRule(
  "negative",
  "error",
  "KubeVirt api/core/v1: uint and uint32 fields, decoded by the mutating webhook",
  (machine) => {
    const places = alone.map((path): PathStep[] => [...template, "domain", ...path]);
    const listed = unsigned.flatMap(([list, keys]) =>
      listAt(machine, ...list).flatMap((_item, index) =>
        keys.map((key): PathStep[] => [...list, index, ...key.split(".")]),
      ),
    );
    return [...places, ...listed]
      .filter((path) => (numberIn(machine, path) ?? 0) < 0)
      .map((path) => ({ path, message: "The number cannot be negative." }));
  },
);

/** Rules on devices that come by a claim, and on numbers. */
export const claimRules: readonly Rule<KubernetesObject>[] = [device, negative];
