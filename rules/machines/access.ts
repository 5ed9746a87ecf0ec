import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { listAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { instances } from "./sources";
import {
  devices,
  elementRule,
  interfaces,
  listUnknown,
  machineRule,
  networks,
  setKeys,
  template,
  unknownAt,
  volumes,
} from "./template";

const credentials: PathStep[] = [...template, "accessCredentials"];

const drives: Readonly<Record<string, string>> = { noCloud: "cloudInitNoCloud", configDrive: "cloudInitConfigDrive" };

/** What is wrong with one way into the machine; `methods` are the ways in which it may get there. */
function problems(credential: JsonObject, type: string, methods: string[], machine: KubernetesObject): Violation[] {
  const content = objectAt(credential, type);
  if (credential[type] === undefined) return [];
  const found: Violation[] = [];
  const path = [type, "propagationMethod"];
  if (content.source !== undefined || !("source" in content)) {
    if (setKeys(objectAt(content, "source"), ["secret"]).length !== 1)
      found.push({ path: [type, "source"], message: "The source is missing.", fix: "Write source.secret." });
  }
  if ("propagationMethod" in content && content.propagationMethod === undefined) return found;
  const ways = setKeys(objectAt(content, "propagationMethod"), methods);
  if (ways.length !== 1)
    found.push({ path, message: "There must be exactly one way to propagate it.", fix: `${methods.join(", ")}.` });
  for (const way of ways) {
    const drive = drives[way];
    const there = objectsAt(machine, ...volumes).some((volume) => setKeys(volume, [drive ?? ""]).length > 0);
    if (drive && !there && !listUnknown(machine, volumes))
      found.push({ path, message: `The machine has no volume ${drive}.`, fix: "Add one." });
  }
  return found;
}

/** R44. */
const access = elementRule(
  "access-credential",
  "error",
  `${instances} validateAccessCredentials`,
  credentials,
  (credential, _index, machine) => {
    const types = setKeys(credential, ["sshPublicKey", "userPassword"]);
    if (types.length !== 1) return [{ path: [], message: "It must be exactly one of sshPublicKey and userPassword." }];
    const key = types[0] === "sshPublicKey";
    const methods = key ? ["noCloud", "configDrive", "qemuGuestAgent"] : ["qemuGuestAgent"];
    const found = problems(credential, types[0] ?? "", methods, machine);
    const agent = ["sshPublicKey", "propagationMethod", "qemuGuestAgent"];
    const parent = objectAt(credential, ...agent.slice(0, 2));
    const asked = setKeys(parent, ["qemuGuestAgent"]).length > 0 && parent.qemuGuestAgent !== undefined;
    const unknown = objectAt(credential, ...agent).users === undefined && "users" in objectAt(credential, ...agent);
    if (key && asked && !unknown && listAt(credential, ...agent, "users").length === 0)
      found.push({ path: [...agent, "users"], message: "The users who get the key are missing." });
    return found;
  },
);

const handlers = ["httpGet", "tcpSocket", "exec", "guestAgentPing"];
const probes = ["readinessProbe", "livenessProbe"];

/** R45. */
const handler = machineRule("probe", "error", `${instances} validateProbe`, (machine) =>
  probes.flatMap((probe): Violation[] => {
    const path = [...template, probe];
    if (setKeys(objectAt(machine, ...template), [probe]).length === 0 || unknownAt(machine, path)) return [];
    if (setKeys(objectAt(machine, ...path), handlers).length === 1) return [];
    return [{ path, message: "A probe asks in exactly one way.", fix: `Give one of ${handlers.join(", ")}.` }];
  }),
);

/** R45; guestAgentPing and exec need no network. */
const probeNetwork = machineRule(
  "probe-network",
  "error",
  `${instances} appendStatusCauseForProbeNotAllowedWithNoPodNetworkPresent`,
  (machine) => {
    const pods = objectsAt(machine, ...networks).some((each) => setKeys(each, ["pod"]).length > 0);
    const given = setKeys(objectAt(machine, ...template), ["networks"]).length > 0;
    // Without any network the pod network is added.
    const nics = listAt(machine, ...interfaces).length > 0 || listUnknown(machine, interfaces);
    const attach = objectAt(machine, ...devices).autoattachPodInterface;
    const added = !nics && attach !== false && (!given || listAt(machine, ...networks).length === 0);
    if (pods || added || listUnknown(machine, networks) || unknownAt(machine, networks)) return [];
    return probes.flatMap((probe) =>
      setKeys(objectAt(machine, ...template, probe), ["httpGet", "tcpSocket"]).map((key) => ({
        path: [...template, probe, key],
        message: "It reaches the machine by the pod network only, which the machine does not join.",
        fix: "Use guestAgentPing or exec.",
      })),
    );
  },
);

/** R45. */
const start = machineRule("start-strategy", "error", `${instances} validateStartStrategy`, (machine) => {
  const path = [...template, "startStrategy"];
  const text = textAt(machine, ...path);
  if (text === undefined) return [];
  if (text !== "Paused") return [{ path, message: `There is no start strategy "${text}".`, fix: "Allowed: Paused." }];
  if (setKeys(objectAt(machine, ...template), ["livenessProbe"]).length === 0) return [];
  return [{ path, message: "A machine that starts paused cannot have a livenessProbe." }];
});

/** Rules on ways into a machine and on its probes. */
export const accessRules: readonly Rule<KubernetesObject>[] = [access, handler, probeNetwork, start];
