import { expect } from "chai";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { evaluate } from "../../rules";
import { policySetRules } from "../../rules/policies/dns-set";

const policy = (
  egress: Json,
  more: JsonObject = {},
  kind = "CiliumNetworkPolicy",
  namespace = "a",
): KubernetesObject => ({
  apiVersion: "cilium.io/v2",
  kind,
  metadata: { name: "p", namespace },
  spec: { endpointSelector: {}, egress, ...more },
});

const paths = (...objects: KubernetesObject[]): string[] => evaluate(policySetRules, objects).map(({ path }) => path);

const database = { toEndpoints: [{ matchLabels: { app: "db" } }], toPorts: [{ ports: [{ port: "5432" }] }] };
const port = (name: Json | undefined): JsonObject => ({ toPorts: [{ ports: [{ port: name }] }] });

describe("policies/no-dns", () => {
  it("is said of egress that closes DNS", () => {
    expect(paths(policy([database]))).to.deep.equal(["[0].spec.egress"]);
    expect(paths(policy([{ toCIDR: ["10.0.0.0/8"] }]))).to.deep.equal(["[0].spec.egress"]);
    expect(paths(policy([{ toEndpoints: [{ matchLabels: { app: "db" } }], toPorts: [] }]))).to.have.length(1);
    expect(paths(policy([port("80")]), policy([port("53")], {}, "CiliumNetworkPolicy", "b"))).to.deep.equal([
      "[0].spec.egress",
    ]);
  });

  it("is not said where DNS is open", () => {
    const open = [
      port("53"),
      port("5353"),
      port("dns-tcp"),
      port("0"),
      port(undefined),
      { toPorts: undefined },
      { toEntities: ["cluster"] },
      { toEndpoints: [{}] },
      { toEndpoints: undefined },
      { toEndpoints: [{ matchLabels: { "k8s-app": "kube-dns" } }] },
    ];
    for (const entry of open) expect(paths(policy([database, entry])), JSON.stringify(entry)).to.deep.equal([]);
  });

  it("is not said where another policy opens it", () => {
    expect(paths(policy([database]), policy([port("53")]))).to.deep.equal([]);
    expect(paths(policy([database]), policy([port("53")], {}, "CiliumClusterwideNetworkPolicy", "b"))).to.deep.equal(
      [],
    );
  });

  it("is not said where egress is open or closed on purpose", () => {
    expect(paths(policy([]), policy([{}]))).to.deep.equal([]);
    expect(paths(policy([database], { enableDefaultDeny: { egress: false } }))).to.deep.equal([]);
    expect(paths(policy([database], { endpointSelector: null as unknown as Json }))).to.deep.equal([]);
    expect(
      paths({ apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { egress: [database] } }),
    ).to.deep.equal([]);
  });
});
