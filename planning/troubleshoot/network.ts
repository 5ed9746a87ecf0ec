import type { Plan, TroubleshootingStep } from "../../model";
import { type Attachment, attachmentNames, namespacedName, partsOf, type SriovNetwork } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { hostOf } from "../domains/hostnetwork";
import { annotations, daemonOf } from "../networks";
import { SRIOV_NAMESPACE } from "../sriov";
import { interfaceOf } from "../uplinks";
import { columns, conditions, forEach, INTERFACES, LINE, oc, variable, type Word } from "./commands";
import { CILIUM_NAMESPACE } from "../cilium-values";
import { nodeStateStep, poolStep, resourceStep, roleSelector } from "./nodes";

const MULTUS = "openshift-multus";
const RESOURCE = "k8s.v1.cni.cncf.io/resourceName";

/** A secondary network in one namespace. */
export interface NetworkTarget {
  namespace: string;
  name: string;
  attachment?: Attachment;
  sriov?: SriovNetwork;
}

/** All networks of an environment, one for each namespace that has it. */
export function networkTargets({ networks, fabric }: Environment): NetworkTarget[] {
  const split = (full: string): string[] => full.split("/");
  return [
    ...networks.flatMap((attachment) =>
      attachmentNames(attachment).map((full) => {
        const [namespace = "", name = ""] = split(full);
        return { namespace, name, attachment };
      }),
    ),
    ...(fabric?.networks ?? []).map((sriov) => ({ namespace: sriov.namespace, name: sriov.name, sriov })),
  ];
}

function definitionStep({ namespace, name, sriov }: NetworkTarget): TroubleshootingStep {
  const made = oc("get", "network-attachment-definitions", name, "-n", namespace, "-o", "yaml");
  return {
    question: "Is the network defined where its members are?",
    commands: sriov === undefined ? [made] : [oc("get", "sriovnetworks", name, "-n", SRIOV_NAMESPACE), made],
    good: `It is in ${namespace}, with ${sriov === undefined ? "the configuration of the plan" : "the resource of its pool and `type: sriov`"}. OpenShift lets only members of the same namespace join.`,
    bad:
      sriov === undefined
        ? "Missing: `pulumi up` has not come that far. Another configuration: somebody else writes it (`oc get -o yaml --show-managed-fields`)."
        : "Missing: the operator makes it, in a namespace that must exist; faulty JSON in its settings keeps it away without a message.",
  };
}

/** What Multus needs to run. */
function multusStep(): TroubleshootingStep {
  const key = `{.data.cni-exclusive}${LINE}`;
  return {
    question: "Does Multus attach networks?",
    commands: [
      oc("rollout", "status", "daemonset/multus", "-n", MULTUS, "--timeout=10s"),
      oc("get", "configmap", "cilium-config", "-n", CILIUM_NAMESPACE, "-o", `jsonpath=${key}`),
    ],
    good: "Multus is rolled out, and Cilium's `cni-exclusive` is false.",
    bad: "With `true` Cilium takes Multus' configuration away, and pods start with the pod network only: correct Cilium's values.",
  };
}

/** The groups of nodes that make an interface. */
function makersOf(environment: Environment, name: string | undefined) {
  const groups = hostOf(environment).args?.groups ?? [];
  return groups.filter((group) => partsOf(group).some((part) => part.name === name));
}

function hostSteps(environment: Environment, name: string, ovs: boolean): TroubleshootingStep[] {
  const groups = makersOf(environment, name);
  const policies = groups.map((group) => group.name);
  const pools = [...new Set(groups.map((group) => group.nodePool ?? "worker"))];
  const onNodes = (...words: Word[]): string[] =>
    (pools.length > 0 ? pools : ["worker"]).map((pool) =>
      forEach(
        "EACH",
        oc("get", "nodes", "-l", roleSelector(pool), "-o", "name"),
        oc("debug", variable("EACH"), "-q", "--", "chroot", "/host", ...words),
      ),
    );
  const enactments = columns(["ENACTMENT", ".metadata.name"], ...conditions("Available", "Failing", "Aborted"));
  const policy: TroubleshootingStep = {
    question: `Have the nodes made ${name}?`,
    commands: policies.flatMap((each) => [
      oc("get", "nodenetworkconfigurationpolicy", each),
      oc("get", "nodenetworkconfigurationenactments", "-l", `nmstate.io/policy=${each}`, ...enactments),
    ]),
    good: "The policy is Available (SuccessfullyConfigured), and so is the enactment of every node.",
    bad: "Failing: `oc get -o yaml` of that enactment has nmstate's message; the node has gone back to what it was. Aborted: another node failed first. NoMatchingNode: the policy's labels are on no node.",
  };
  const link: TroubleshootingStep = {
    question: `Is ${name} up, with its ports?`,
    commands: ovs
      ? [...onNodes("systemctl", "is-active", "openvswitch.service"), ...onNodes("ovs-vsctl", "show")]
      : [...onNodes("ip", "-s", "-d", "link", "show", "dev", name), ...onNodes("bridge", "link", "show")],
    good: ovs
      ? `Open vSwitch is active, and ${name} has the uplink and the members as ports, with their tags.`
      : `${name} is UP with the MTU of the plan, its uplink is a port in state forwarding, and the counters grow.`,
    bad: ovs
      ? "Inactive: the unit comes with the node pool's rollout. No uplink: see the policy above."
      : "Does not exist: see the policy above; a bridge without an uplink was made by the plugin and leads nowhere. DOWN or no carrier: look at the cable, the switch's port and its VLANs.",
  };
  return [...(policies.length > 0 ? [policy] : []), link];
}

const DAEMONS = {
  dhcp: "dhcp-daemon",
  whereabouts: "whereabouts-reconciler",
} as const;

function addressSteps(attachment: Attachment): TroubleshootingStep[] {
  const daemon = daemonOf(attachment);
  if (daemon === undefined) return [];
  const shown = `jsonpath={.spec.additionalNetworks[*].name}${LINE}`;
  const pools = oc("get", "ippools.whereabouts.cni.cncf.io", "-n", MULTUS);
  return [
    {
      question: "Do members get addresses?",
      commands: [
        oc("get", "network.operator.openshift.io", "cluster", "-o", shown),
        oc("get", "daemonset", DAEMONS[daemon], "-n", MULTUS),
        ...(daemon === "whereabouts" ? [pools] : []),
      ],
      good: `${daemon}-shim is among the additional networks, and the daemon runs on every node.`,
      bad: `Without the shim the network operator runs no ${DAEMONS[daemon]}. ${daemon === "dhcp" ? "A pod then waits for minutes, and fails." : "Addresses of pods that are gone are then never free again."}`,
    },
  ];
}

function multiPolicyStep({ policies }: Environment, { namespace, name }: NetworkTarget): TroubleshootingStep[] {
  const names = policies
    .filter((each) => each.namespace === namespace && each.attachment === name)
    .map((each) => each.name);
  if (names.length === 0) return [];
  return [
    {
      question: "Do policies drop the traffic?",
      commands: [
        oc("get", "daemonset", "multus-networkpolicy", "-n", MULTUS),
        oc("get", "multi-networkpolicies", "-n", namespace, ...names, "-o", "yaml"),
      ],
      good: "The daemon runs on every node, and each wanted peer is in a rule.",
      bad: "No daemon: `useMultiNetworkPolicy` of the network operator is not set, and nothing is policed. Nothing of this holds for machines: only pods are policed on secondary networks.",
    },
  ];
}

function memberStep(environment: Environment, { namespace, name }: NetworkTarget): TroubleshootingStep {
  const full = namespacedName({ namespace, name });
  const members = environment.machines.filter((machine) =>
    machine.nics.some(
      (nic) =>
        nic.binding !== "masquerade" &&
        (nic.network === full || (nic.network === name && machine.namespace === namespace)),
    ),
  );
  return {
    question: "Have members joined?",
    commands:
      members.length > 0
        ? members.map((each) => oc("get", "vmi", each.name, "-n", each.namespace, "-o", INTERFACES))
        : [oc("get", "events", "-n", namespace, "--field-selector", "reason=FailedCreatePodSandBox")],
    good:
      members.length > 0
        ? "Each has its interface, with the MAC of the plan; addresses show when the guest's agent runs (`guest-agent`)."
        : "No events: no pod has failed to join. The environment has no machine on this network.",
    bad:
      members.length > 0
        ? "No such interface: the machine was not restarted or migrated since the network was added. `domain` only: the guest does not run its agent, or has not configured the interface (`ip address` in its console)."
        : "The message names the plugin and what it lacks.",
  };
}

function sriovSteps({ fabric, nodePools }: Environment, { resourceName }: SriovNetwork): TroubleshootingStep[] {
  const pools = (fabric?.vfPools ?? []).filter((pool) => pool.resourceName === resourceName);
  const roles = [...new Set(pools.map((pool) => pool.nodePool))];
  const known = nodePools.map((pool) => pool.name).filter((name) => roles.includes(name));
  return [
    nodeStateStep(pools.map((pool) => pool.name)),
    resourceStep(
      roles,
      `openshift.io/${resourceName}`,
      "the device plugin has not found the functions, or restarts: see the node states above and the pods `sriov-device-plugin`.",
    ),
    ...poolStep(known),
  ];
}

/** Why a secondary network carries nothing. Cilium and Hubble see none of it. */
export function networkSteps(environment: Environment, _plan: Plan, target: NetworkTarget): TroubleshootingStep[] {
  const { attachment, sriov } = target;
  const first = [definitionStep(target), multusStep()];
  if (sriov) return [...first, ...sriovSteps(environment, sriov), memberStep(environment, target)];
  if (!attachment) return first;
  const on = interfaceOf(attachment);
  const marker = annotations(attachment)?.[RESOURCE];
  const pools = [...new Set(makersOf(environment, on).map((group) => group.nodePool ?? "worker"))];
  const known = environment.nodePools.map((pool) => pool.name).filter((name) => pools.includes(name));
  const missing = `the nodes do not have ${on}, or the marker of OpenShift Virtualization does not run there.`;
  return [
    ...first,
    ...(marker ? [resourceStep(pools, marker, missing)] : []),
    ...(on === undefined ? [] : hostSteps(environment, on, attachment.type === "ovs")),
    ...addressSteps(attachment),
    ...multiPolicyStep(environment, target),
    memberStep(environment, target),
    ...poolStep(known),
  ];
}
