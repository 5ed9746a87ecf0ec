import type { ObservabilityArgs } from "../../model/arguments";

/** One alert rule. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: "warning" | "critical";
  readonly summary: string;
  readonly description: string;
  readonly runbook: string;
}

/** Alerts of one area, which is also the name of its PrometheusRule. */
export interface Area {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

type Row = [Alert["name"], Alert["expr"], Alert["for"], Alert["severity"], string, string, string];

function alerts(rows: readonly Row[]): Alert[] {
  return rows.map(([name, expr, time, severity, summary, description, runbook]) => ({
    name,
    expr,
    for: time,
    severity,
    summary,
    description,
    runbook,
  }));
}

const cilium: Row[] = [
  [
    "CiliumAgentDown",
    'up{job="cilium-agent"} == 0 or absent(up{job="cilium-agent"})',
    "5m",
    "critical",
    "A Cilium agent is not scraped.",
    "Pods on {{ $labels.instance }} keep their connections, but get no new policies and addresses.",
    "oc -n cilium get pods -l k8s-app=cilium -o wide; read the log of the pod that is not ready.",
  ],
  [
    "CiliumOperatorDown",
    'absent(up{job="cilium-operator"} == 1)',
    "10m",
    "critical",
    "No Cilium operator is scraped.",
    "New nodes get no pod addresses, and load balancers none either.",
    "oc -n cilium get pods -l io.cilium/app=operator; read their logs.",
  ],
  [
    "CiliumDrops",
    'sum by (instance, reason) (rate(cilium_drop_count_total{reason!="Policy denied"}[5m])) > 10',
    "10m",
    "warning",
    "Cilium drops packets for another reason than policy.",
    "{{ $value }} packets per second are dropped on {{ $labels.instance }}: {{ $labels.reason }}.",
    "hubble observe --verdict DROPPED shows the packets with their reason.",
  ],
  [
    "CiliumPolicyImportErrors",
    'sum by (instance) (increase(cilium_policy_change_total{outcome="fail"}[10m])) > 0',
    "0m",
    "warning",
    "A network policy was refused by an agent.",
    "The agent on {{ $labels.instance }} does not enforce what was applied.",
    "Read the agent's log for the policy's name and correct it; `Valid` in its status may be wrong.",
  ],
  [
    "CiliumMapPressure",
    "max by (instance, map_name) (cilium_bpf_map_pressure) > 0.9",
    "10m",
    "critical",
    "A BPF map is nearly full.",
    "{{ $labels.map_name }} on {{ $labels.instance }} is above nine tenths; further entries will fail.",
    "Raise bpf.mapDynamicSizeRatio, or bpf.policyMapMax for policy maps; agents restart.",
  ],
  [
    "CiliumEndpointsNotReady",
    'sum by (instance) (cilium_endpoint_state{endpoint_state!="ready"}) > 0',
    "15m",
    "warning",
    "Endpoints stay without their policies.",
    "{{ $value }} endpoints on {{ $labels.instance }} are not ready.",
    "cilium-dbg endpoint list in the node's agent shows which, cilium-dbg endpoint log why.",
  ],
  [
    "CiliumNodesUnreachable",
    "max by (instance) (cilium_unreachable_nodes) > 0",
    "10m",
    "critical",
    "Nodes do not reach each other.",
    "{{ $labels.instance }} does not reach {{ $value }} nodes: link, MTU or, where it is on, encryption.",
    "cilium-health status in the agent; with WireGuard, cilium-dbg encrypt status: peers must be nodes less one.",
  ],
];

const bgp: Row[] = [
  [
    "CiliumBGPSessionDown",
    "cilium_bgp_control_plane_session_state == 0",
    "5m",
    "critical",
    "A BGP session is down.",
    "{{ $labels.instance }} announces no addresses to {{ $labels.neighbor }}.",
    "cilium bgp peers shows the sessions; compare AS numbers, timers and password with the router's.",
  ],
];

const hubble: Row[] = [
  [
    "HubbleLosesEvents",
    "sum by (instance, source) (rate(hubble_lost_events_total[5m])) > 1",
    "15m",
    "warning",
    "Hubble loses events.",
    "Flows and their metrics are incomplete on {{ $labels.instance }}.",
    "Raise hubble.eventQueueSize or watch fewer HTTP paths.",
  ],
];

const virtualization: Row[] = [
  [
    "VirtHandlerDown",
    "kubevirt_virt_handler_up == 0",
    "10m",
    "critical",
    "No virt-handler runs.",
    "Machines run on, but none starts, stops or migrates.",
    "oc -n openshift-cnv get pods -l kubevirt.io=virt-handler -o wide",
  ],
  [
    "MachineMigrationFailed",
    "max by (namespace, vmi) (kubevirt_vmi_migration_failed) > 0",
    "1m",
    "warning",
    "A machine could not migrate.",
    "{{ $labels.namespace }}/{{ $labels.vmi }} stays on its node, which may not drain.",
    "oc describe its VirtualMachineInstanceMigration; SR-IOV and dedicated CPUs need free ones elsewhere.",
  ],
];

const nodes: Row[] = [
  [
    "MachineConfigPoolDegraded",
    "max by (pool) (mco_degraded_machine_count) > 0",
    "10m",
    "critical",
    "Nodes do not take their configuration.",
    "{{ $value }} nodes of {{ $labels.pool }} are degraded; the rollout stands still.",
    "oc describe mcp {{ $labels.pool }} names node and reason.",
  ],
  [
    "MachineConfigDrainFails",
    "max by (exported_node) (mcc_drain_err) > 0",
    "30m",
    "warning",
    "A node cannot be drained.",
    "A disruption budget or a machine that cannot migrate holds its reboot up.",
    "oc -n openshift-machine-config-operator logs deploy/machine-config-controller names the pod.",
  ],
];

function sriov(resources: readonly string[]): Row[] {
  const chosen = `{resource=~"openshift_io_(${[...resources].sort().join("|")})"}`;
  return [
    [
      "SriovDevicesUnhealthy",
      `kube_node_status_capacity${chosen} - on (node, resource) kube_node_status_allocatable${chosen} > 0`,
      "10m",
      "warning",
      "Virtual functions are not usable.",
      "{{ $value }} of {{ $labels.resource }} on {{ $labels.node }} are unhealthy.",
      "Read the log of the device plugin on the node; a lost link or driver is the usual cause.",
    ],
  ];
}

/** The areas with their alerts, for what there is. */
export function alertAreas(args: ObservabilityArgs): Area[] {
  const watched = args.cilium ? [...cilium, ...(args.bgp ? bgp : []), ...(args.hubble ? hubble : [])] : [];
  const areas: [string, Row[]][] = [
    ["cilium", watched],
    ["virtualization", args.virtualization ? virtualization : []],
    ["sriov", args.vfResources.length > 0 ? sriov(args.vfResources) : []],
    ["machine-config", args.nodes ? nodes : []],
  ];
  return areas.filter(([, rows]) => rows.length > 0).map(([name, rows]) => ({ name, alerts: alerts(rows) }));
}
