import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { conditionsOf, operatorRefusal } from "../../sandbox/agents/cilium-policies";

const policy = (content: JsonObject, status?: JsonObject): KubernetesObject => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name: "a", namespace: "b" },
  ...content,
  ...(status ? { status } : {}),
});
const spec = (content: JsonObject): KubernetesObject => policy({ spec: { endpointSelector: {}, ...content } });
const good = { endpointSelector: {}, ingress: [{ fromEntities: ["cluster"] }] };

describe("what Cilium's operator says of a policy", () => {
  it("lets pass what is fine, also with hints", () => {
    expect(operatorRefusal(policy({ spec: good }))).to.equal("");
    expect(operatorRefusal(policy({ specs: [good] }))).to.equal("");
    expect(operatorRefusal(spec({ ingress: [{}] }))).to.equal("");
  });
  it("refuses what agents refuse, of each of the rules", () => {
    expect(operatorRefusal(spec({ ingress: [], egress: [] }))).to.match(/^spec: /);
    const both = { toFQDNs: [{ matchName: "a" }], toCIDR: ["10.0.0.0/8"] };
    expect(operatorRefusal(policy({ specs: [good, { endpointSelector: {}, egress: [both] }] }))).to.match(
      /^specs\[1\]\.egress\[0\]/,
    );
  });
  it("lets a selector of nodes pass in a namespace, which agents refuse", () => {
    expect(operatorRefusal(policy({ spec: { nodeSelector: {}, ingress: [{}] } }))).to.equal("");
    expect(operatorRefusal(policy({ spec: { ingress: [{}] } }))).to.match(/endpointSelector/);
  });
  it("refuses authentication, which agents take", () => {
    expect(operatorRefusal(spec({ egress: [{ authentication: { mode: "disabled" } }] }))).to.match(/mutual auth/);
  });
  it("says nothing of what it cannot read", () => {
    const icmps = [{ fields: [{ type: "NeighborSolicitation" }] }];
    expect(operatorRefusal(spec({ ingress: [{ icmps }] }))).to.equal(undefined);
    expect(conditionsOf(spec({ ingress: [{ icmps }] }), "now")).to.equal(undefined);
    expect(operatorRefusal(spec({ ingress: [{}], labels: [{ key: "" }] }))).to.equal(undefined);
  });
});

describe("the condition Valid", () => {
  const valid = { type: "Valid", status: "True", message: "Policy validation succeeded", lastTransitionTime: "then" };
  const other = { type: "Other", status: "True" };

  it("is written beside others", () => {
    expect(conditionsOf(policy({ spec: good }, { conditions: [other] }), "now")).to.deep.equal([
      other,
      { ...valid, lastTransitionTime: "now" },
    ]);
  });
  it("stays as it is while nothing changes, whatever the generation", () => {
    expect(conditionsOf(policy({ spec: good }, { conditions: [valid] }), "now")).to.equal(undefined);
  });
  it("keeps the time when only the message changes", () => {
    const refused = { type: "Valid", status: "False", message: "old", lastTransitionTime: "then" };
    const [now] = conditionsOf(policy({ spec: {} }, { conditions: [refused] }), "now") ?? [];
    expect(now).to.include({ status: "False", lastTransitionTime: "then" });
    const [turned] = conditionsOf(policy({ spec: {} }, { conditions: [valid] }), "now") ?? [];
    expect(turned).to.include({ status: "False", lastTransitionTime: "now" });
  });
});
