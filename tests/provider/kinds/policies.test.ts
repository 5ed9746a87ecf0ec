import { expect } from "chai";
import { defaultFacts, disruptionsOf } from "../../../model";
import type { Json, JsonObject, KubernetesObject } from "../../../model";
import { ciliumNodeConfig } from "../../../provider/kinds/cilium-node-config";
import { ciliumClusterwideNetworkPolicy, ciliumNetworkPolicy, policyReady } from "../../../provider/kinds/policies";
import {
  ciliumCIDRGroup,
  ciliumEgressGatewayPolicy,
  ciliumEnvoyConfig,
  ciliumLocalRedirectPolicy,
} from "../../../provider/kinds/policy-objects";
import { checkInputs } from "../../../provider/server/checks";
import { before, object, said } from "./objects";

const policy = (status?: string, message?: string): KubernetesObject =>
  object("cilium.io/v2", "CiliumNetworkPolicy", {
    status: status ? { conditions: [{ type: "Valid", status, ...(message ? { message } : {}) }] } : {},
  });

describe("readiness of a policy", () => {
  const verdict = (live: KubernetesObject, was = before()): string => said(policyReady(live, {}, was));

  it("waits until the operator has looked at it", () => {
    expect(verdict(policy())).to.equal("waiting: Cilium's operator calls it Valid (not looked at yet)");
  });
  it("is ready when it is valid", () =>
    expect(verdict(policy("True", "Policy validation succeeded"))).to.equal("ready"));
  it("fails with the operator's message", () => {
    expect(verdict(policy("False", "unsupported entity: moon"))).to.equal(
      "failed: Cilium refuses the policy: unsupported entity: moon",
    );
    expect(verdict(policy("False"))).to.equal("failed: Cilium refuses the policy: no reason given");
  });
  it("waits for a refusal from before the change to go away", () => {
    const was = before({}, policy("False", "old"));
    expect(verdict(policy("False", "old"), was)).to.equal("waiting: Cilium's operator calls it Valid (old)");
    expect(verdict(policy("False", "new"), was)).to.equal("failed: Cilium refuses the policy: new");
    expect(verdict(policy("True"), was)).to.equal("ready");
  });
});

const silent = [
  ciliumCIDRGroup,
  ciliumEgressGatewayPolicy,
  ciliumLocalRedirectPolicy,
  ciliumEnvoyConfig,
  ciliumNodeConfig,
];

describe("Cilium's objects without a status", () => {
  for (const kind of silent) {
    it(`${kind.kind} is ready when it is there`, () => {
      const live = object(kind.apiVersion, kind.kind, {});
      expect(kind.ready.watches(live)).to.deep.equal([]);
      expect(said(kind.ready.verdict(live, {}, before()))).to.equal("ready");
    });
  }
});

describe("policies", () => {
  for (const kind of [ciliumNetworkPolicy, ciliumClusterwideNetworkPolicy, ...silent]) {
    it(`${kind.kind} belongs to the stack and costs nobody a restart`, () => {
      expect(kind.adopt({ name: "a" })).to.equal(false);
      expect(kind.ready.watches(object(kind.apiVersion, kind.kind, {}))).to.deep.equal([]);
      for (const change of ["create", "update", "delete"] as const) {
        expect(disruptionsOf(kind.disruptions, { change, paths: [["spec"]] })).to.deep.equal([]);
      }
      expect(kind.disruptions.map(({ cost }) => cost)).to.deep.equal(["none"]);
    });
  }

  it("are made anew where the API server takes no change", () => {
    expect(ciliumLocalRedirectPolicy.immutable).to.include("spec.redirectFrontend");
  });
});

describe("inputs of a policy", () => {
  const found = (spec: JsonObject): string[] =>
    checkInputs(
      ciliumNetworkPolicy,
      { metadata: { name: "a", namespace: "b" }, spec: { endpointSelector: {}, ...spec } },
      defaultFacts,
    ).map(({ rule, path, fix }) => `${rule} ${path}${fix ? `: ${fix}` : ""}`);
  const ports = (rules: Json): Json => [{ ports: [{ port: "80", protocol: "TCP" }], rules }];

  it("say what became of Kafka", () => {
    const [kafka = ""] = found({ ingress: [{ toPorts: ports({ kafka: [{ topic: "a" }] }) }] });
    expect(kafka).to.match(/^schema\/former-field spec.ingress\[0\].toPorts\[0\].rules.kafka: .*1\.20/);
  });
  it("say that a deny entry has neither rules nor names", () => {
    expect(found({ egressDeny: [{ toFQDNs: [{ matchName: "a" }], toPorts: ports({ http: [{}] }) }] })).to.have.length(
      2,
    );
  });
  it("name the nearest field", () => {
    expect(found({ ingress: [{ fromEndpoint: [{}] }] })).to.deep.equal([
      'schema/unknown-field spec.ingress[0].fromEndpoint: Did you mean "fromEndpoints"?',
    ]);
  });
  it("are checked at once, however long a wrong name is", () => {
    const name = `${"a".repeat(80)}/`;
    expect(found({ egress: [{ toFQDNs: [{ matchName: name }] }] })[0]).to.match(/^schema\/pattern spec.egress\[0\]/);
  });
  it("take a text for the log", () => {
    expect(found({ ingress: [{ fromEntities: ["all"] }], egress: [{}], log: { value: "a" } })).to.deep.equal([
      "policies/empty-entry spec.egress[0]: To allow everything write toEntities: [all]; where all is to be denied, say enableDefaultDeny.egress: true.",
    ]);
  });
  it("know a wrong ICMP name by its family", () => {
    const icmps = [{ fields: [{ family: "IPv4", type: "NeighborSolicitation" }] }];
    expect(found({ ingress: [{ icmps }] })[0]).to.match(/^policies\/icmp-name spec.ingress\[0\].icmps\[0\]/);
  });
});
