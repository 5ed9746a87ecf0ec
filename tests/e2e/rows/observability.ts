import { expect } from "chai";
import type { JsonObject } from "../../../model";
import type { Row } from "./row";

const MONITORING = "monitoring.coreos.com/v1";

/** Observability: what is scraped, what is alarmed and what is shown. */
export const observabilityRow: Row = (read) => {
  it("Cilium's metrics are on, and monitors find its Services by their labels", async () => {
    const config = await read("cilium.io/v1alpha1", "CiliumConfig", "ciliumconfig", "cilium");
    expect(config.spec?.prometheus).to.deep.equal({ enabled: true, metricsService: true });
    const { spec } = await read(MONITORING, "ServiceMonitor", "cilium-agent", "cilium");
    expect(spec?.selector).to.deep.equal({ matchLabels: { "app.kubernetes.io/name": "cilium-agent" } });
    expect(spec?.endpoints).to.deep.equal([{ port: "metrics", interval: "30s", path: "/metrics" }]);
  });

  it("the cluster's Prometheus may list Services and pods in Cilium's namespace", async () => {
    const binding = await read("rbac.authorization.k8s.io/v1", "RoleBinding", "prometheus-k8s", "cilium");
    const { subjects } = binding as unknown as { subjects: JsonObject[] };
    expect(subjects).to.deep.equal([
      { kind: "ServiceAccount", name: "prometheus-k8s", namespace: "openshift-monitoring" },
    ]);
  });

  it("each alert says what to do", async () => {
    const { spec } = await read(MONITORING, "PrometheusRule", "ove-cilium", "cilium");
    const groups = spec?.groups as { rules: { alert: string; annotations: Record<string, string> }[] }[];
    const alerts = groups.flatMap(({ rules }) => rules);
    expect(alerts.map(({ alert }) => alert)).to.include("CiliumAgentDown");
    for (const { alert, annotations } of alerts) expect(annotations.runbook, alert).to.match(/\S/);
  });

  it("the console has the dashboard", async () => {
    const map = await read("v1", "ConfigMap", "ove-dashboard", "openshift-config-managed");
    expect(map.metadata.labels).to.include({ "console.openshift.io/dashboard": "true" });
    const { data } = map as unknown as { data: Record<string, string> };
    expect(JSON.parse(data["ove.json"] ?? "")).to.have.property("title");
  });
};
