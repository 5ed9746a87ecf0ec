import { isAtLeast } from "../../model";
import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { missing, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { elementRule, interfaces, listUnknown, machineRule, networks, repeated, setKeys } from "./template";

/** Source of all rules here: KubeVirt pkg/network/admitter; numbers are those of the facts of the field, sections 3.3 and 8. */
const sources = ["pod", "multus", "resourceClaim"];
const core = ["bridge", "masquerade", "sriov", "passtBinding"];

/** The network of an interface: of several with its name the last, as the webhook has it. */
export function networkOf(machine: KubernetesObject, nic: JsonObject): JsonObject | undefined {
  return objectsAt(machine, ...networks).findLast((network) => network.name === nic.name);
}

/** R5. */
const networkNames = machineRule(
  "network-repeated",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateNetworkNameUnique",
  (machine) =>
    repeated(machine, networks, "name").map(({ index, text }) => ({
      path: [...networks, index, "name"],
      message: `The network "${text}" occurs twice.`,
    })),
);

/** R6. */
const interfaceNames = machineRule(
  "interface-repeated",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateInterfaceNameUnique",
  (machine) =>
    repeated(machine, interfaces, "name").map(({ index, text }) => ({
      path: [...interfaces, index, "name"],
      message: `The interface "${text}" occurs twice; a network takes one interface.`,
    })),
);

/** R7: also without any interface, because the default one is not added when there are networks. */
const networkUnused = elementRule(
  "network-without-interface",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateNetworksAssignedToInterfaces",
  networks,
  (network, _index, machine) => {
    const name = textAt(network, "name");
    if (name === undefined || listUnknown(machine, interfaces)) return [];
    const nics = objectsAt(machine, ...interfaces);
    if (nics.some((nic) => nic.name === name || ("name" in nic && nic.name === undefined))) return [];
    return [
      { path: ["name"], message: `No interface joins the network "${name}".`, fix: "Add an interface of that name." },
    ];
  },
);

/** R8. */
const interfaceUnconnected = elementRule(
  "interface-without-network",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateInterfacesAssignedToNetworks",
  interfaces,
  (nic, _index, machine) => {
    const name = textAt(nic, "name");
    if (name === undefined || listUnknown(machine, networks)) return [];
    const all = objectsAt(machine, ...networks);
    if (all.some((network) => network.name === name || ("name" in network && network.name === undefined))) return [];
    return [
      {
        path: ["name"],
        message: `There is no network "${name}" for the interface.`,
        fix: "Add a network of that name.",
      },
    ];
  },
);

/** R9. An empty `pod:` is a null and counts as absent; write `pod: {}`. */
const networkSource = elementRule(
  "network-source",
  "error",
  "KubeVirt pkg/network/admitter/netsource.go validateSingleNetworkSource",
  networks,
  (network) => {
    const given = setKeys(network, sources);
    if (given.length === 1) return [];
    const message =
      given.length === 0 ? "The network says not what it is." : `The network is both ${given.join(" and ")}.`;
    return [{ path: [], message, fix: "Give either pod: {} or multus." }];
  },
);

/** R10. The webhook reports the first at `spec.template.spec.interfaces`. */
const oneDefault = machineRule(
  "network-default",
  "error",
  "KubeVirt pkg/network/admitter/netsource.go validateSinglePodNetwork",
  (machine) => {
    const all = objectsAt(machine, ...networks);
    const pods = all.filter((network) => setKeys(network, ["pod"]).length > 0);
    const defaults = all.filter((network) => objectAt(network, "multus").default === true);
    if (pods.length > 1) return [{ path: networks, message: "A machine can join the pod network once only." }];
    if (defaults.length > 1) return [{ path: networks, message: "One network only can be the default." }];
    if (pods.length === 0 || defaults.length === 0) return [];
    return [{ path: networks, message: "The pod network and a default Multus network cannot go together." }];
  },
);

/** R11; the webhook reports the first only. */
const networkName = elementRule(
  "network-name",
  "error",
  "KubeVirt pkg/network/admitter/netsource.go validateMultusNetworkSource",
  networks,
  (network) => {
    if (setKeys(network, ["multus"]).length === 0 || network.multus === undefined) return [];
    const multus = objectAt(network, "multus");
    if (!missing(multus, "networkName") && multus.networkName !== "") return [];
    return [{ path: [], message: "The name of the NetworkAttachmentDefinition is missing: multus.networkName." }];
  },
);

/** R12. Before 1.9 a plugin beside another binding is refused only, at the plugin. */
const binding = elementRule(
  "binding",
  "error",
  "KubeVirt pkg/network/admitter/binding.go validateInterfaceBinding and discontinued.go",
  interfaces,
  (nic, _index, _machine, facts) => {
    const discontinued = setKeys(nic, ["slirp", "passt", "macvtap"]);
    if (discontinued.length > 0) {
      // Source: pkg/virt-api, R15: since 1.3 these are plugins.
      return [{ path: [discontinued[0] ?? ""], message: "This binding was taken out of KubeVirt in 1.3." }];
    }
    const plugin = setKeys(nic, ["binding"]).length > 0 && setKeys(nic, core).length > 0;
    if (isAtLeast(facts.versions.kubevirt, "1.9")) return bindingProblem(nic, []);
    return plugin ? bindingProblem(nic, ["binding"]) : [];
  },
);

function bindingProblem(nic: JsonObject, path: PathStep[]): Violation[] {
  const given = setKeys(nic, [...core, "binding"]);
  if (given.length === 1) return [];
  const message =
    given.length === 0 ? "The interface has no binding." : `The interface has two bindings: ${given.join(", ")}.`;
  return [{ path, message, fix: "Give one of masquerade: {} (pod network), bridge: {}, sriov: {}, binding." }];
}

/** R12. */
const unclearBinding = elementRule(
  "binding-unclear",
  "warning",
  "KubeVirt 1.8 pkg/network/admitter/binding.go validateInterfaceBindingExists; 1.9 refuses it",
  interfaces,
  (nic, _index, _machine, facts) => {
    const refused = isAtLeast(facts.versions.kubevirt, "1.9") || setKeys(nic, ["binding"]).length > 0;
    const discontinued = setKeys(nic, ["slirp", "passt", "macvtap"]).length > 0;
    return refused || discontinued ? [] : bindingProblem(nic, []);
  },
);

/** R13. The reserved address is compared as text. */
const masquerade = elementRule(
  "masquerade",
  "error",
  "KubeVirt pkg/network/admitter/binding.go validateMasqueradeBinding",
  interfaces,
  (nic, _index, machine) => {
    if (setKeys(nic, ["masquerade"]).length === 0) return [];
    const found: Violation[] = [];
    const network = networkOf(machine, nic);
    if (network && setKeys(network, sources).length > 0 && setKeys(network, ["pod"]).length === 0) {
      const message = "masquerade works on the pod network only.";
      found.push({ path: ["name"], message, fix: "Use bridge: {} or sriov: {} on other networks." });
    }
    if (nic.macAddress === "02:00:00:00:00:00") {
      found.push({ path: ["macAddress"], message: "This address is reserved for masquerade." });
    }
    return found;
  },
);

/** R15. Whether the gate is on is another rule's business. */
const passt = elementRule(
  "passt",
  "error",
  "KubeVirt pkg/network/admitter/passt.go validatePasstBinding",
  interfaces,
  (nic, _index, machine) => {
    const network = networkOf(machine, nic);
    if (setKeys(nic, ["passtBinding"]).length === 0 || !network) return [];
    if (setKeys(network, sources).length === 0 || setKeys(network, ["pod"]).length > 0) return [];
    return [{ path: ["name"], message: "passtBinding works on the pod network only.", fix: "Use bridge: {}." }];
  },
);

/** R14 depends on the cluster; with Cilium the address of a bridged pod interface does not survive a migration. */
const podBridge = elementRule(
  "bridge-on-pod-network",
  "warning",
  "KubeVirt pkg/network/admitter/binding.go validateBridgeBinding",
  interfaces,
  (nic, _index, machine) => {
    const network = networkOf(machine, nic);
    if (setKeys(nic, ["bridge"]).length === 0 || !network || setKeys(network, ["pod"]).length === 0) return [];
    const message = "A bridge on the pod network keeps the machine from live migration, and the cluster may forbid it.";
    return [{ path: ["name"], message, fix: "Use masquerade: {}." }];
  },
);

/** Source: OpenShift's Multus has namespaceIsolation; these are its global namespaces. */
const globalNamespaces = ["default", "openshift-multus", "openshift-sriov-network-operator", "openshift-cnv"];

/** Source: cluster-network-operator bindata/network/multus; nobody refuses it, the pod does not start. */
const reachable = elementRule(
  "network-namespace",
  "error",
  "openshift/cluster-network-operator bindata/network/multus/multus.yaml, namespaceIsolation",
  networks,
  (network, _index, machine) => {
    const name = textAt(network, "multus", "networkName") ?? "";
    const [namespace, rest] = name.includes("/") ? name.split("/") : [undefined, name];
    const own = machine.metadata.namespace;
    if (namespace === undefined || rest === undefined || typeof own !== "string") return [];
    if (namespace === own || globalNamespaces.includes(namespace)) return [];
    const message = `OpenShift does not let machines in "${own}" join networks of namespace "${namespace}".`;
    return [{ path: ["multus", "networkName"], message, fix: `Make the network in "${own}".` }];
  },
);

/** Rules on networks and interfaces of a machine. */
export const networkRules: readonly Rule<KubernetesObject>[] = [
  networkNames,
  interfaceNames,
  networkUnused,
  interfaceUnconnected,
  networkSource,
  oneDefault,
  networkName,
  reachable,
  binding,
  unclearBinding,
  masquerade,
  passt,
  podBridge,
];
