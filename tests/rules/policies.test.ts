import { expect } from "chai";
import fc from "fast-check";
import { defaultFacts } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import {
  cidrGroupRules,
  ciliumPolicyRules,
  egressGatewayPolicyRules,
  envoyConfigRules,
  evaluate,
  localRedirectPolicyRules,
} from "../../rules";
import { ciliumNetworkPolicy } from "../../provider/kinds/policies";
import {
  ciliumCIDRGroup,
  ciliumEgressGatewayPolicy,
  ciliumEnvoyConfig,
  ciliumLocalRedirectPolicy,
} from "../../provider/kinds/policy-objects";
import type { ObjectKind } from "../../provider/kind";
import { policyCases } from "./policies-cases";
import { cidrGroupCases, egressCases, envoyCases, redirectCases } from "./policy-object-cases";
import { merged, testFine, testRules } from "./support";
import type { Build } from "./support";

const build: Build = ({ kind = "CiliumNetworkPolicy", ...content }) => ({
  apiVersion: "cilium.io/v2",
  kind: typeof kind === "string" ? kind : "",
  metadata: { name: "web", namespace: "shop" },
  ...content,
});

/** A kind's example with some of its spec changed. */
const changed =
  ({ kind, apiVersion, example }: ObjectKind): Build =>
  (spec) => ({
    apiVersion,
    kind,
    metadata: example.metadata as unknown as KubernetesObject["metadata"],
    spec: merged(example.spec, spec) as JsonObject,
  });

const version = ciliumPolicyRules.filter((rule) => rule.id === "policies/version");
const others = ciliumPolicyRules.filter((rule) => rule.id !== "policies/version");

testRules("rules of a policy", others, build, policyCases);
testFine("rules of a policy and a fine one", ciliumPolicyRules, changed(ciliumNetworkPolicy)({}));
for (const [kind, rules, cases] of [
  [ciliumCIDRGroup, cidrGroupRules, cidrGroupCases],
  [ciliumEgressGatewayPolicy, egressGatewayPolicyRules, egressCases],
  [ciliumLocalRedirectPolicy, localRedirectPolicyRules, redirectCases],
  [ciliumEnvoyConfig, envoyConfigRules, envoyCases],
] as const) {
  testRules(`rules of a ${kind.kind}`, rules, changed(kind), cases);
  testFine(`rules of a ${kind.kind} and a fine one`, rules, changed(kind)({}));
}

describe("rules of a policy by version", () => {
  const older = { ...defaultFacts, versions: { ...defaultFacts.versions, cilium: "1.18" } };
  const policy = build({
    spec: {
      endpointSelector: {},
      ingress: [
        {
          fromEntities: ["cluster", "cluster-mesh"],
          toPorts: [{ ports: [{ port: "0", protocol: "GRE" }, { port: "1" }] }],
        },
      ],
    },
  });
  it("refuse what 1.18 does not know yet", () => {
    expect(evaluate(version, policy, older).map((finding) => finding.path)).to.deep.equal([
      "spec.ingress[0].toPorts[0].ports[0].protocol",
      "spec.ingress[0].fromEntities[1]",
    ]);
  });
  it("say nothing of it later", () => expect(evaluate(version, policy)).to.deep.equal([]));
});

describe("ports and exceptions of a policy", () => {
  const paths = (spec: JsonObject, rule: string): string[] =>
    evaluate(ciliumPolicyRules, build({ spec: { endpointSelector: {}, ...spec } }))
      .filter((finding) => finding.rule === rule)
      .map((finding) => finding.path);

  it("takes every number that fits into sixteen bits and no other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200000 }), (number) => {
        const found = paths({ ingress: [{ toPorts: [{ ports: [{ port: String(number) }] }] }] }, "policies/port");
        return (found.length === 0) === number <= 65535;
      }),
    );
  });

  it("takes every exception that is a part of its block", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, fc.integer({ min: 8, max: 32 }), (first, second, length) => {
        const inner = `10.${first}.${second}.0/${length}`;
        const set = (cidr: string): string[] =>
          paths({ egress: [{ toCIDRSet: [{ cidr, except: [inner] }] }] }, "policies/cidr-set");
        return set("10.0.0.0/8").length === 0 && set("11.0.0.0/8").length === 1;
      }),
    );
  });
});
