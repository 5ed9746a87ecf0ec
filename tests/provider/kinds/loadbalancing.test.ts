import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { defaultFacts } from "../../../model";
import { ciliumBGPAdvertisement, ciliumBGPClusterConfig, ciliumBGPPeerConfig } from "../../../provider/kinds/bgp";
import { ciliumL2AnnouncementPolicy, ciliumLoadBalancerIPPool } from "../../../provider/kinds/loadbalancing";
import { validateShape } from "../../../provider/kinds/validate";
import type { ObjectKind } from "../../../provider/kind";
import { checkInputs } from "../../../provider/server/checks";
import { before, object, said } from "./objects";

const v2 = "cilium.io/v2";

const condition = (type: string, status: string, observedGeneration = 2, message = ""): JsonObject => ({
  type,
  status,
  observedGeneration,
  message,
  reason: "why",
});

function live(kind: ObjectKind, conditions: JsonObject[], spec: JsonObject = {}): KubernetesObject {
  return object(kind.apiVersion, kind.kind, {
    metadata: { name: "edge", generation: 2 },
    spec,
    status: { conditions },
  });
}

const verdict = (kind: ObjectKind, conditions: JsonObject[], spec: JsonObject = {}): string => {
  const of = live(kind, conditions, spec);
  expect(kind.ready.watches(of)).to.deep.equal([]);
  return said(kind.ready.verdict(of, {}, before()));
};

describe("readiness of a CiliumLoadBalancerIPPool", () => {
  const total = (generation: number): JsonObject => condition("cilium.io/IPsTotal", "Unknown", generation, "32");
  const check = (...conditions: JsonObject[]): string => verdict(ciliumLoadBalancerIPPool, conditions);

  it("waits until its present form has been counted", () => {
    expect(check()).to.equal("waiting: cilium-operator has seen its present form (no condition cilium.io/IPsTotal)");
    expect(check(total(1), condition("cilium.io/PoolConflict", "True", 1, "old"))).to.match(/earlier form/);
    expect(check(total(2))).to.match(/^waiting: cilium.io\/PoolConflict is False/);
  });

  it("is ready with a PoolConflict that has been False for longer", () => {
    expect(check(total(2), condition("cilium.io/PoolConflict", "False", 1))).to.equal("ready");
  });

  it("fails with the operator's message on a conflict", () => {
    expect(check(total(2), condition("cilium.io/PoolConflict", "True", 2, "overlaps"))).to.equal("failed: overlaps");
    const silent = { type: "cilium.io/PoolConflict", status: "True" };
    expect(check(total(2), silent)).to.equal("failed: no message given");
  });

  it("names what came after cidrs", () => {
    const [found] = checkInputs(
      ciliumLoadBalancerIPPool,
      { metadata: { name: "x" }, spec: { cidrs: [{ cidr: "192.0.2.0/27" }] } },
      defaultFacts,
    );
    expect(found).to.include({ rule: "schema/former-field", path: "spec.cidrs" });
    expect(found?.fix).to.match(/^Use blocks/);
  });
});

describe("readiness of a CiliumL2AnnouncementPolicy", () => {
  it("is there at once, unless an agent has refused its present form", () => {
    const bad = (generation: number): JsonObject[] => [
      condition("io.cilium/bad-interface-regex", "True", generation, "missing closing ]"),
    ];
    expect(verdict(ciliumL2AnnouncementPolicy, [])).to.equal("ready");
    expect(verdict(ciliumL2AnnouncementPolicy, bad(1))).to.equal("ready");
    expect(verdict(ciliumL2AnnouncementPolicy, bad(2))).to.equal("failed: missing closing ]");
    expect(verdict(ciliumL2AnnouncementPolicy, [condition("io.cilium/bad-node-selector", "False")])).to.equal("ready");
  });
});

describe("readiness of a CiliumBGPClusterConfig", () => {
  const types = ["cilium.io/ConflictingClusterConfig", "cilium.io/MissingPeerConfigs", "cilium.io/NoMatchingNode"];
  const all = (changes: Record<string, JsonObject> = {}): JsonObject[] =>
    types.map((type) => changes[type] ?? condition(type, "False"));
  const check = (changes: Record<string, JsonObject> = {}): string => verdict(ciliumBGPClusterConfig, all(changes));

  it("is ready when the operator finds nothing in its present form", () => {
    expect(check()).to.equal("ready");
    expect(verdict(ciliumBGPClusterConfig, [])).to.match(/^waiting: cilium-operator has seen its present form/);
    for (const type of types) expect(check({ [type]: condition(type, "True", 1) }), type).to.match(/earlier form/);
  });

  it("waits for peer configurations and nodes, which may come", () => {
    for (const type of types.slice(1)) {
      expect(check({ [type]: condition(type, "True", 2, "tor") })).to.equal(`waiting: ${type} is False (tor)`);
    }
  });

  it("fails on another configuration of the same nodes", () => {
    const type = "cilium.io/ConflictingClusterConfig";
    expect(check({ [type]: condition(type, "True", 2, "also other") })).to.equal("failed: also other");
  });

  it("waits after its deletion until its node configurations are gone", () => {
    const [step] = ciliumBGPClusterConfig.deletion?.after?.(live(ciliumBGPClusterConfig, [])) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(step.watches[0]).to.include({ plural: "ciliumbgpnodeconfigs" });
    const owned = (name: string): KubernetesObject =>
      object(v2, "CiliumBGPNodeConfig", {
        metadata: { name: "n1", ownerReferences: [{ kind: "CiliumBGPClusterConfig", name }] },
      });
    expect(said(step.verdict({ nodeConfigs: [owned("edge")] }, {}))).to.match(/left: n1/);
    expect(said(step.verdict({ nodeConfigs: [owned("other")] }, {}))).to.equal("ready");
  });
});

describe("readiness of BGP peer configurations and advertisements", () => {
  const type = "cilium.io/MissingAuthSecret";
  const secret = { authSecretRef: "bgp" };

  it("waits for the secret only where there is to be one", () => {
    expect(verdict(ciliumBGPPeerConfig, [])).to.equal("ready");
    expect(verdict(ciliumBGPPeerConfig, [], secret)).to.match(/^waiting: cilium-operator has seen/);
    expect(verdict(ciliumBGPPeerConfig, [condition(type, "True", 2, "missing")], secret)).to.match(/\(missing\)$/);
    expect(verdict(ciliumBGPPeerConfig, [condition(type, "False")], secret)).to.equal("ready");
  });

  it("is there at once for an advertisement", () => {
    expect(verdict(ciliumBGPAdvertisement, [])).to.equal("ready");
  });
});

describe("load balancing kinds", () => {
  const kinds = [
    ciliumLoadBalancerIPPool,
    ciliumL2AnnouncementPolicy,
    ciliumBGPClusterConfig,
    ciliumBGPPeerConfig,
    ciliumBGPAdvertisement,
  ];

  it("are the stack's own", () => {
    for (const kind of kinds) expect(kind.adopt({ name: "x" })).to.equal(false);
  });

  it("know the fields of v2alpha1", () => {
    const problems = (kind: ObjectKind, spec: JsonObject): [string[], string[]] => {
      const at = (shape: ReturnType<ObjectKind["shape"]> | undefined): string[] =>
        validateShape(shape?.properties?.spec ?? {}, spec, ["spec"]).map((each) => each.path);
      return [at(kind.shape()), at(kind.otherVersions?.[0]?.shape?.())];
    };
    const peer = (content: JsonObject): JsonObject => ({
      bgpInstances: [{ name: "a", peers: [{ name: "p", ...content }] }],
    });
    const path = "spec.bgpInstances[0].peers[0]";
    expect(problems(ciliumBGPClusterConfig, peer({ autoDiscovery: { mode: "DefaultGateway" } }))).to.deep.equal([
      [],
      [`${path}.autoDiscovery`],
    ]);
    expect(problems(ciliumBGPClusterConfig, peer({ peerConfigRef: { name: "t", kind: "x" } }))).to.deep.equal([
      [`${path}.peerConfigRef.kind`],
      [],
    ]);
    expect(problems(ciliumBGPPeerConfig, { transport: { localPort: 179 } })).to.deep.equal([
      ["spec.transport.localPort"],
      [],
    ]);
    const advertisement = { advertisements: [{ advertisementType: "Interface", interface: { name: "lo" } }] };
    expect(problems(ciliumBGPAdvertisement, advertisement)).to.deep.equal([
      [],
      ["spec.advertisements[0].advertisementType", "spec.advertisements[0].interface"],
    ]);
  });
});
