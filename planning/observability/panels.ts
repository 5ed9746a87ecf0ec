import type { JsonObject } from "../../model";
import type { ObservabilityArgs } from "../../model/arguments";

/** A graph of the dashboard; together they answer the key metrics that are asked for. */
export interface Panel {
  readonly title: string;
  readonly needs: "cilium" | "hubble" | "virtualization";
  readonly unit: "Bps" | "s" | "percentunit" | "ops";
  readonly expr: string;
}

/** All graphs, in the order of the dashboard. */
export const panels: readonly Panel[] = [
  {
    title: "Throughput per machine",
    needs: "virtualization",
    unit: "Bps",
    expr: "sum by (namespace, name) (rate(kubevirt_vmi_network_receive_bytes_total[5m]) + rate(kubevirt_vmi_network_transmit_bytes_total[5m]))",
  },
  {
    title: "Throughput per node",
    needs: "cilium",
    unit: "Bps",
    expr: "sum by (instance, direction) (rate(cilium_forward_bytes_total[5m]))",
  },
  {
    title: "Policy enforcement latency",
    needs: "cilium",
    unit: "s",
    expr: "histogram_quantile(0.99, sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m])))",
  },
  {
    title: "BPF map pressure",
    needs: "cilium",
    unit: "percentunit",
    expr: "max by (map_name) (cilium_bpf_map_pressure)",
  },
  {
    title: "Hubble flows",
    needs: "hubble",
    unit: "ops",
    expr: "sum by (verdict) (rate(hubble_flows_processed_total[5m]))",
  },
];

/** The dashboard in the form that OpenShift's console reads. */
export function dashboard(args: ObservabilityArgs): JsonObject {
  const on = {
    cilium: args.cilium,
    hubble: args.cilium && args.hubble,
    virtualization: args.virtualization,
  };
  const shown = panels.filter(({ needs }) => on[needs]);
  return {
    title: "Network and machines",
    uid: "pulumi-ove",
    schemaVersion: 16,
    time: { from: "now-1h", to: "now" },
    templating: { list: [] },
    rows: shown.map(({ title, unit, expr }, index) => ({
      title,
      showTitle: true,
      panels: [
        {
          id: index + 1,
          title,
          type: "graph",
          datasource: "prometheus",
          span: 12,
          targets: [{ refId: "A", expr, format: "time_series" }],
          yaxes: [{ format: unit }, { format: "short" }],
        },
      ],
    })),
  };
}
