import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { expect } from "chai";
import { ObservabilityArgs, planObservability, planPlatform } from "../../planning";
import { alertAreas } from "../../planning/observability/alerts";
import { panels } from "../../planning/observability/panels";
import { Environment } from "../../model/environment";
import { doubts } from "./checked";
import { full } from "./environments";
import { properties, waitsFor } from "./plans";

const everything = ObservabilityArgs.parse({ bgp: true, virtualization: true, nodes: true, vfResources: ["b", "a"] });

/** Whether an expression is PromQL. */
function isPromQl(expr: string): boolean {
  let sound = true;
  parser.parse(expr).iterate({
    enter: ({ type }) => {
      if (type.isError) sound = false;
    },
  });
  return sound;
}

describe("planning of observability", () => {
  it("plans objects that their kinds accept", () => {
    const plan = planObservability(everything);
    expect(doubts(plan)).to.deep.equal([]);
    expect(plan.objects.map(({ id }) => id)).to.deep.equal([
      "observability/access/binding",
      "observability/access/role",
      "observability/dashboard",
      "observability/monitor/cilium-agent",
      "observability/monitor/cilium-envoy",
      "observability/monitor/cilium-operator",
      "observability/monitor/hubble-metrics",
      "observability/ready",
      "observability/rules/cilium",
      "observability/rules/machine-config",
      "observability/rules/sriov",
      "observability/rules/virtualization",
    ]);
  });

  it("writes PromQL", () => {
    const exprs = alertAreas(everything).flatMap(({ alerts }) => alerts.map(({ expr }) => expr));
    const bad = [...exprs, ...panels.map(({ expr }) => expr)].filter((expr) => !isPromQl(expr));
    expect(bad).to.deep.equal([]);
    expect(isPromQl("sum by (a (b)")).to.equal(false);
  });

  it("says what to do on each alert, under a name of its own", () => {
    const all = alertAreas(everything).flatMap(({ alerts }) => alerts);
    expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length);
    for (const { summary, description, runbook } of all) {
      for (const text of [summary, description, runbook]) expect(text).to.not.equal("");
    }
  });

  it("watches only what is there", () => {
    const names = (input: object) =>
      alertAreas(ObservabilityArgs.parse(input)).flatMap(({ alerts }) => alerts.map(({ name }) => name));
    expect(names({})).to.not.include("CiliumBGPSessionDown");
    expect(names({ bgp: true })).to.include("CiliumBGPSessionDown");
    expect(names({ hubble: false })).to.not.include("HubbleLosesEvents");
    expect(names({ cilium: false })).to.deep.equal([]);
    const plan = planObservability(ObservabilityArgs.parse({ hubble: false }));
    expect(properties(plan)).to.not.have.property("observability/monitor/hubble-metrics");
  });

  it("documents each key metric with the series that is shown", () => {
    const page = readFileSync(join(__dirname, "../../docs/observability.md"), "utf8");
    const rows = [...page.matchAll(/^\| (.+?) +\| `(.+)` *\|$/gm)].map(([, title, expr]) => ({ title, expr }));
    expect(rows).to.deep.equal(panels.map(({ title, expr }) => ({ title, expr })));
  });

  it("has Cilium offer its metrics, without monitors of the chart, before they are scraped", () => {
    const plan = planPlatform(Environment.parse({ ...full, observability: {} }));
    const { spec } = properties(plan)["cilium/config"] as { spec: Record<string, unknown> };
    const metrics = { enabled: true, metricsService: true };
    expect(spec.prometheus).to.deep.equal(metrics);
    expect(spec.operator).to.deep.include({ prometheus: metrics });
    expect([...waitsFor(plan, "observability/monitor/cilium-agent")]).to.include("cilium/config");
  });
});
