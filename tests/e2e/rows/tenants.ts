import { expect } from "chai";
import type { JsonObject } from "../../../model";
import { conditionOf, type Row } from "./row";

const CILIUM = "cilium.io/v2";
const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

/** Tenancy, and policies for machines by layer. */
export const tenantsRow: Row = (read) => {
  const policy = (namespace: string, name: string) => read(CILIUM, "CiliumNetworkPolicy", name, namespace);

  it("each namespace of the tenant is closed, but for what its baseline opens", async () => {
    for (const name of ["web", "data"]) {
      const { metadata } = await read("v1", "Namespace", name);
      expect(metadata.labels).to.include({ "pulumi-ove/tenant": "shop" });
      for (const part of ["isolation", "dns", "images", "monitoring", "router"]) {
        expect(conditionOf(await policy(name, `baseline-${part}`), "Valid"), part).to.equal("True");
      }
      const { spec } = await policy(name, "baseline-isolation");
      expect(spec?.endpointSelector).to.deep.equal({});
      expect(JSON.stringify([spec?.ingress, spec?.egress])).to.not.include(name === "web" ? "data" : "web");
    }
  });

  it("machine to machine, by labels and namespace, at one port", async () => {
    const { spec } = await policy("data", "database");
    expect(spec).to.deep.include({
      endpointSelector: { matchLabels: { app: "database" } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: "web", [NAMESPACE]: "web" } }],
          toPorts: [{ ports: [{ port: "5432", protocol: "TCP" }] }],
        },
      ],
    });
    const [toDatabase] = (await policy("web", "web")).spec?.egress as JsonObject[];
    expect(toDatabase?.toEndpoints).to.deep.equal([{ matchLabels: { app: "database", [NAMESPACE]: "data" } }]);
  });

  it("HTTP by method and path, through the nodes' Envoy", async () => {
    const live = await policy("web", "web");
    expect(conditionOf(live, "Valid")).to.equal("True");
    const [rule] = live.spec?.ingress as JsonObject[];
    expect(rule?.fromEntities).to.deep.equal(["ingress"]);
    const [ports] = rule?.toPorts as { rules: JsonObject }[];
    expect(ports?.rules.http).to.deep.equal([
      { method: "GET", path: "/api/v1/.*" },
      { method: "POST", path: "/api/v1/orders" },
    ]);
  });

  it("a policy of a secondary network of pods", async () => {
    const { metadata, spec } = await read("k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", "backup", "web");
    expect(metadata.annotations).to.include({ "k8s.v1.cni.cncf.io/policy-for": "web/backup" });
    expect(spec?.policyTypes).to.deep.equal(["Ingress"]);
  });
};
