import type { JsonObject } from "../../../../model";
import type { KindRow } from "../row";

const metadata = { name: "life", namespace: "life" };
const monitor = (...intervals: string[]): JsonObject => ({
  selector: { matchLabels: { app: "life" } },
  endpoints: intervals.map((interval) => ({ port: "metrics", interval })),
});
const alerts = (expr: string): JsonObject => ({
  groups: [{ name: "life", rules: [{ alert: "LifeEnds", expr, for: "5m", labels: { severity: "warning" } }] }],
});

export const observabilityRows: KindRow[] = [
  {
    token: "ove:observability:ServiceMonitor",
    inputs: { metadata, spec: monitor("30s") },
    changed: { metadata, spec: monitor("1m") },
    edit: { spec: monitor("2m") },
    drift: "spec.endpoints[0].interval",
  },
  {
    token: "ove:observability:PrometheusRule",
    inputs: { metadata, spec: alerts("up == 0") },
    changed: { metadata, spec: alerts("up == 1") },
    edit: { spec: alerts("up == 2") },
    drift: "spec.groups[0].rules[0].expr",
  },
];
