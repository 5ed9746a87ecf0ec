import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import {
  FOREIGN_VERSION,
  groupNamespaces,
  nextPhase,
  planSpec,
  subscriptionStatus,
  versionOf,
} from "../../sandbox/agents/olm";

const object = (spec: JsonObject): KubernetesObject => ({
  apiVersion: "x/v1",
  kind: "X",
  metadata: { name: "x" },
  spec,
});

describe("the simulated OLM", () => {
  it("gives a subscription what it starts with, or a version of its package", () => {
    expect(versionOf(object({ name: "op", startingCSV: "op.v4.20.0" }))).to.equal("op.v4.20.0");
    expect(versionOf(object({ name: "op" }))).to.equal("op.v1.0.0");
  });

  it("asks for approval when it is manual, and may carry a foreign version", () => {
    expect(planSpec(object({ name: "op", installPlanApproval: "Manual" }), true)).to.deep.equal({
      approval: "Manual",
      approved: false,
      clusterServiceVersionNames: ["op.v1.0.0", FOREIGN_VERSION],
    });
    expect(planSpec(object({ name: "op" }), false)).to.include({ approval: "Automatic", approved: true });
  });

  it("goes through the phases of a version once", () => {
    expect(["", "Pending", "InstallReady", "Installing", "Succeeded"].map(nextPhase)).to.deep.equal([
      "Pending",
      "InstallReady",
      "Installing",
      "Succeeded",
      undefined,
    ]);
  });

  it("names the namespaces of a group", () => {
    expect(groupNamespaces(object({ targetNamespaces: ["a", "b"] }))).to.deep.equal(["a", "b"]);
    expect([groupNamespaces(object({})), groupNamespaces(object({ targetNamespaces: [] }))]).to.deep.equal([
      [""],
      [""],
    ]);
  });

  it("says of a subscription what is installed only after its plan", () => {
    expect(subscriptionStatus("op.v1", "p", false, "t"))
      .to.include({ state: "UpgradePending" })
      .and.not.have.property("installedCSV");
    expect(subscriptionStatus("op.v1", "p", true, "t")).to.include({ state: "AtLatestKnown", installedCSV: "op.v1" });
  });
});
