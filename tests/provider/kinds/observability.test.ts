import { expect } from "chai";
import { defaultFacts } from "../../../model";
import type { JsonObject } from "../../../model";
import { prometheusRule, serviceMonitor } from "../../../provider/kinds/observability";
import { checkInputs } from "../../../provider/server/checks";
import { before, object, said } from "./objects";

describe("kinds of Prometheus' operator", () => {
  it("work as soon as they exist", () => {
    for (const kind of [serviceMonitor, prometheusRule]) {
      const live = object(kind.apiVersion, kind.kind, {});
      expect(kind.ready.watches(live)).to.deep.equal([]);
      expect(said(kind.ready.verdict(live, {}, before()))).to.equal("ready");
      expect(kind.adopt({ name: "x" })).to.equal(false);
    }
  });

  it("take partial_response_strategy in any case, whose pattern only Go reads", () => {
    const inputs = (text: string): JsonObject => ({
      metadata: { name: "a", namespace: "b" },
      spec: {
        groups: [{ name: "g", partial_response_strategy: text, rules: [{ record: "a:b", expr: 1 }] }],
      },
    });
    expect(checkInputs(prometheusRule, inputs("WARN"), defaultFacts)).to.deep.equal([]);
    expect(checkInputs(prometheusRule, inputs("no"), defaultFacts).map((each) => each.rule)).to.deep.equal([
      "observability/partial-response",
    ]);
  });
});
