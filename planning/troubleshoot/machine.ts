import type { Plan, TroubleshootingStep } from "../../model";
import { namespacedName } from "../../model/arguments";
import type { Environment, EnvironmentMachine } from "../../model/environment";
import { LOAD_BALANCERS } from "../loadbalancing";
import { macOf } from "../machines";
import { hasStaticCpus } from "../node-tuning";
import { CILIUM_NAMESPACE } from "../cilium-values";
import { agentStep, encryptionStep, flowSteps, inAgent, inAgents, keepAgent, policyNames, policyStep } from "./cilium";
import { columns, CONDITIONS, CONDITIONS_OF_ALL, INTERFACES, keep, LINE, oc, variable } from "./commands";
import { networkSteps, networkTargets } from "./network";
import { poolStep, resourceStep, roleSelector } from "./nodes";

function startSteps(machine: EnvironmentMachine): TroubleshootingStep[] {
  const { name, namespace, runStrategy } = machine;
  const pod = ["pods", "-n", namespace, "-l", `vm.kubevirt.io/name=${name}`] as const;
  const halted = runStrategy === "Halted";
  return [
    {
      question: "What does the machine say of itself?",
      commands: [
        oc("get", "vm", name, "-n", namespace, "-o", `jsonpath={.status.printableStatus}${LINE}${CONDITIONS}`),
      ],
      good: halted ? "Stopped, as its run strategy wants it." : "Running, and Ready=True.",
      bad: "ErrorUnschedulable: see the pod and the nodes below. DataVolumeError, ErrorPvcNotFound: see its volume. ErrImagePull: the image of a container disk. CrashLoopBackOff: the log of the pod. RestartRequired: what was changed counts after the next restart.",
    },
    {
      question: "Is there a pod for it, and why not?",
      commands: [
        oc("get", ...pod, "-o", "wide"),
        oc("get", ...pod, "-o", `jsonpath=${CONDITIONS_OF_ALL}`),
        oc("get", "events", "-n", namespace, "--sort-by=.lastTimestamp"),
      ],
      good: `One pod virt-launcher-${name}-… is Running with all containers ready; two while it migrates.`,
      bad: "PodScheduled=False: the message counts the nodes and what each lacks. FailedCreatePodSandBox among the events: a network could not be joined; the message names it. No pod at all: the webhook or a quota refused it, see Failure above.",
    },
    {
      question: "What does KubeVirt say of the running machine?",
      commands: [oc("get", "vmi", name, "-n", namespace, "-o", `jsonpath=${CONDITIONS}`)],
      good: "Ready=True, AgentConnected=True, and LiveMigratable=True where nodes are drained.",
      bad: "Synchronized=False has the error of the last attempt. LiveMigratable=False has the reason for which a drain does not end. No AgentConnected: the guest has no qemu-guest-agent, or does not come up (`virtctl console`).",
    },
  ];
}

function diskStep({ namespace, rootDisk }: EnvironmentMachine): TroubleshootingStep[] {
  if (rootDisk.source === "containerDisk") return [];
  const volume = rootDisk.source === "dataVolume";
  const name = volume ? rootDisk.name : rootDisk.claimName;
  const claim = oc("get", "persistentvolumeclaim", name, "-n", namespace);
  return [
    {
      question: "Is its volume filled?",
      commands: volume
        ? [
            oc("get", "datavolume", name, "-n", namespace),
            claim,
            oc("get", "pods", "-n", namespace, "-l", "app=containerized-data-importer"),
          ]
        : [claim],
      good: volume
        ? "Succeeded, and the claim is Bound. WaitForFirstConsumer is filled when the machine starts."
        : "Bound.",
      bad: "ImportInProgress that does not move: the importer's log says what it cannot reach; the tenant's policies must allow the image's source. Pending claim: no storage class, or none with that access mode.",
    },
  ];
}

/** What nodes must offer for a machine. */
function nodeSteps({ nodePools }: Environment, machine: EnvironmentMachine): TroubleshootingStep[] {
  const { hugepages, cpu, nodeSelector } = machine;
  const paged = nodePools.filter(
    (pool) => hugepages !== undefined && (pool.hugepages?.size === hugepages || pool.performance !== undefined),
  );
  const pinned = nodePools.filter(hasStaticCpus);
  const steps: TroubleshootingStep[] = [];
  if (hugepages !== undefined) {
    const pools = paged.map((pool) => pool.name);
    steps.push(
      resourceStep(pools, `hugepages-${hugepages}`, "huge pages are set aside at boot: see the node pool below."),
    );
  }
  if (cpu.dedicated) {
    steps.push({
      question: "Do nodes give out whole processors?",
      commands: [
        oc("get", "nodes", "-l", "kubevirt.io/cpumanager=true"),
        ...pinned.map((pool) =>
          oc(
            "get",
            "nodes",
            "-l",
            roleSelector(pool.name),
            ...columns(["NODE", ".metadata.name"], ["CPUS", ".status.allocatable.cpu"]),
          ),
        ),
      ],
      good: "The nodes for the machine are listed, with enough processors that no other machine has.",
      bad: "Not listed: their kubelet's CPU manager is not static. That comes with the pool's rollout.",
    });
  }
  if (Object.keys(nodeSelector).length > 0) {
    const labels = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
    steps.push({
      question: "Is there a node for it?",
      commands: [oc("get", "nodes", "-l", labels.join(","))],
      good: "At least one node, Ready and without SchedulingDisabled.",
      bad: "None has these labels: correct the machine's `nodeSelector`, or label the nodes.",
    });
  }
  const used = nodePools.filter((pool) =>
    hugepages !== undefined || cpu.dedicated ? paged.includes(pool) || pinned.includes(pool) : pool.name === "worker",
  );
  return [...steps, ...poolStep(used.map((pool) => pool.name))];
}

function interfaceStep(environment: Environment, machine: EnvironmentMachine): TroubleshootingStep {
  const { name, namespace, nics } = machine;
  const wanted = nics.map((nic) => `${nic.name} ${macOf({ ...machine, environment: environment.name }, nic)}`);
  return {
    question: "Has it its interfaces, with their hardware addresses?",
    commands: [
      oc("get", "vmi", name, "-n", namespace, "-o", INTERFACES),
      keep(
        "LAUNCHER",
        oc(
          "get",
          "pods",
          "-n",
          namespace,
          "-l",
          `vm.kubevirt.io/name=${name}`,
          "--field-selector",
          "status.phase=Running",
          "-o",
          "jsonpath={.items[0].metadata.name}",
        ),
      ),
      oc(
        "exec",
        "-n",
        namespace,
        variable("LAUNCHER"),
        "-c",
        "compute",
        "--",
        "virsh",
        "domiflist",
        `${namespace}_${name}`,
      ),
    ],
    good: `The plan's: ${wanted.join(", ")}. The guest's network data finds its interfaces by them.`,
    bad: "Another MAC: the machine was made by somebody else or has not restarted since; the guest leaves such an interface unconfigured. An interface without addresses: the guest's agent or its network data, which cloud-init reads only once.",
  };
}

function endpointSteps(environment: Environment, plan: Plan, machine: EnvironmentMachine): TroubleshootingStep[] {
  const { name, namespace, labels } = machine;
  const where = ["--pod", `${namespace}/virt-launcher-${name}-`];
  return [
    {
      question: "Does the agent of its node know it?",
      commands: [
        keep("NODE", oc("get", "vmi", name, "-n", namespace, "-o", "jsonpath={.status.nodeName}")),
        keepAgent(),
        oc("get", "ciliumendpoints", "-n", namespace, "-l", `vm.kubevirt.io/name=${name}`),
        inAgent("cilium-dbg", "endpoint", "list"),
      ],
      good: "An endpoint virt-launcher-… in state ready, with the labels of the machine's template. NODE and AGENT are used below.",
      bad: "Not ready: `cilium-dbg endpoint log` with its number. No endpoint: the agent is not well, see the next step.",
    },
    agentStep(),
    ...policyStep(namespace, policyNames(plan, namespace, labels)),
    ...flowSteps(environment, "the machine", where, false),
    ...encryptionStep(environment),
  ];
}

function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function serviceSteps(
  { loadBalancers }: Environment,
  { namespace, labels }: EnvironmentMachine,
): TroubleshootingStep[] {
  const { services = [], l2 = [], bgp = [] } = loadBalancers ?? {};
  return services
    .filter((service) => service.namespace === namespace && selects(service.selector, labels))
    .map((service): TroubleshootingStep => {
      const { name, pool } = service;
      const onL2 = l2.some((each) => each.pools.includes(pool));
      const family = service.addresses.some((address) => address.includes(":")) ? "ipv6" : "ipv4";
      const onBgp = bgp.some((each) => each.pools.includes(pool));
      return {
        question: `Is it reached through the Service ${name}?`,
        commands: [
          oc(
            "get",
            "service",
            name,
            "-n",
            namespace,
            "-o",
            `jsonpath={.status.loadBalancer.ingress[*].ip}${LINE}${CONDITIONS}`,
          ),
          oc("get", "endpointslices", "-n", namespace, "-l", `kubernetes.io/service-name=${name}`),
          oc("get", "ciliumloadbalancerippools", pool),
          ...(onL2 ? [oc("get", "lease", `cilium-l2announce-${namespace}-${name}`, "-n", CILIUM_NAMESPACE)] : []),
          ...(onBgp
            ? [
                inAgents("cilium-dbg", "bgp", "peers"),
                inAgents("cilium-dbg", "bgp", "routes", "advertised", family, "unicast"),
              ]
            : []),
        ],
        good: `It has an address of pool ${pool}, endpoints with the machine's pod, and ${onL2 ? "a node that holds the lease" : "sessions that are established"}.`,
        bad: `No address: IPAMRequestSatisfied has the reason, a pool that is full, disabled or in conflict. No endpoints: the Service selects labels that the machine's template lacks. Not announced: see \`${LOAD_BALANCERS}\` in the plan.`,
      };
    });
}

/** Why a machine does not start or is not reached. */
export function machineSteps(environment: Environment, plan: Plan, machine: EnvironmentMachine): TroubleshootingStep[] {
  const joined = new Set(
    machine.nics.flatMap((nic) => {
      if (nic.binding === "masquerade") return [];
      return nic.network.includes("/")
        ? nic.network
        : namespacedName({ namespace: machine.namespace, name: nic.network });
    }),
  );
  const networks = networkTargets(environment).filter((target) => joined.has(namespacedName(target)));
  const pods = machine.nics.some((nic) => nic.binding === "masquerade");
  const steps = [
    ...startSteps(machine),
    ...diskStep(machine),
    ...nodeSteps(environment, machine),
    interfaceStep(environment, machine),
    ...(pods ? endpointSteps(environment, plan, machine) : []),
    ...serviceSteps(environment, machine),
    ...networks.flatMap((target) =>
      networkSteps(environment, plan, target).map((step) => ({
        ...step,
        question: `${namespacedName(target)}: ${step.question}`,
      })),
    ),
  ];
  // Networks of one pool ask the same of its nodes.
  const seen = new Set<string>();
  return steps.filter(({ commands }) => {
    const key = commands.join("\n");
    return !seen.has(key) && seen.add(key);
  });
}
