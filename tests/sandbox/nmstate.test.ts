import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import {
  abortedStatus,
  enactmentStatus,
  isEnacted,
  policyConditions,
  progressing,
  selectedNodes,
} from "../../sandbox/agents/nmstate";

const policy = (status: JsonObject = {}, nodeSelector: JsonObject = {}): KubernetesObject => ({
  apiVersion: "nmstate.io/v1",
  kind: "NodeNetworkConfigurationPolicy",
  metadata: { name: "br", generation: 3 },
  spec: { nodeSelector, desiredState: { interfaces: [] } },
  status,
});
const node = (name: string, labels: Record<string, string>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels },
});
const isTrue = (conditions: unknown): string[] =>
  (conditions as { type: string; status: string; reason: string }[])
    .filter((each) => each.status === "True")
    .map((each) => `${each.type} ${each.reason}`);

describe("the simulated NMState", () => {
  it("selects nodes that have all labels", () => {
    const nodes = [node("b", { role: "w", zone: "1" }), node("a", { role: "w", zone: "1" }), node("c", { role: "w" })];
    expect(selectedNodes(policy({}, { role: "w", zone: "1" }), nodes)).to.deep.equal(["a", "b"]);
    expect(selectedNodes({ ...policy(), spec: {} }, nodes)).to.have.length(3);
  });

  it("says of a node what the handler says", () => {
    const fine = enactmentStatus(policy(), "n1", false);
    expect(fine.policyGeneration).to.equal(3);
    expect(isTrue(fine.conditions)).to.deep.equal(["Available SuccessfullyConfigured"]);
    expect(isTrue(enactmentStatus(policy(), "n1", true).conditions)).to.deep.equal(["Failing FailedToConfigure"]);
    expect(isTrue(abortedStatus(policy(), "n1").conditions)).to.deep.equal(["Aborted ConfigurationAborted"]);
  });

  it("says of a policy what its nodes come to", () => {
    expect(isTrue(policyConditions(2, 0))).to.deep.equal(["Available SuccessfullyConfigured"]);
    expect(isTrue(policyConditions(2, 1))).to.deep.equal(["Degraded FailedToConfigure"]);
    expect(isTrue(policyConditions(0, 0))).to.deep.equal(["Ignored NoMatchingNode"]);
    expect(isTrue(progressing())).to.deep.equal(["Progressing ConfigurationProgressing"]);
    expect(progressing()[0]).to.include({ type: "Available", status: "Unknown" });
  });

  it("does not apply the same form twice", () => {
    const done = policy({ conditions: policyConditions(1, 0) });
    const enactment = (generation: number): KubernetesObject => ({
      ...node("n1.br", {}),
      status: { policyGeneration: generation },
    });
    expect(isEnacted(done, ["n1"], [enactment(3)])).to.equal(true);
    expect(isEnacted(done, ["n1"], [enactment(2)])).to.equal(false);
    expect(isEnacted(done, ["n1", "n2"], [enactment(3)])).to.equal(false);
    expect(isEnacted(policy(), ["n1"], [enactment(3)])).to.equal(false);
    expect(isEnacted(policy({ conditions: progressing() }), ["n1"], [enactment(3)])).to.equal(false);
  });
});
