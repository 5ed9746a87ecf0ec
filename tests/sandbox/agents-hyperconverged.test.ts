import { expect } from "chai";
import type { JsonObject } from "../../model";
import { hyperConvergedStatus, kubeVirtConfiguration } from "../../sandbox/agents/hyperconverged";

const states = (status: JsonObject): Record<string, unknown> =>
  Object.fromEntries(
    (status.conditions as { type: string; status: unknown }[]).map(({ type, status: state }) => [type, state]),
  );

describe("the simulated hyperconverged cluster operator", () => {
  it("begins with what is not known yet", () => {
    expect(states(hyperConvergedStatus("init", 1))).to.deep.include({
      ReconcileComplete: "Unknown",
      Available: "False",
    });
  });

  it("ends available, of the generation it has seen", () => {
    const status = hyperConvergedStatus("done", 3);
    expect(status).to.deep.include({ observedGeneration: 3, systemHealthStatus: "healthy" });
    expect(states(status)).to.deep.include({ Available: "True", Progressing: "False", Degraded: "False" });
  });

  it("is degraded by a fault", () => {
    const status = hyperConvergedStatus("degraded", 1);
    expect(status.systemHealthStatus).to.equal("error");
    expect(states(status)).to.deep.include({ Degraded: "True", Available: "False" });
    expect(hyperConvergedStatus("deploying", 1).systemHealthStatus).to.equal("warning");
  });

  it("ignores what is called otherwise", () => {
    expect(states(hyperConvergedStatus("ignored", 1))).to.deep.equal({ ReconcileComplete: "False" });
  });

  it("hands the limits of migration on to KubeVirt", () => {
    const of = (spec?: JsonObject): JsonObject =>
      kubeVirtConfiguration({ apiVersion: "x", kind: "HyperConverged", metadata: { name: "x" }, spec });
    const migrations = { parallelMigrationsPerCluster: 7 };
    expect(of({ liveMigrationConfig: migrations, evictionStrategy: "None" })).to.deep.equal({
      migrations,
      evictionStrategy: "None",
    });
    expect(of()).to.deep.equal({});
  });
});
