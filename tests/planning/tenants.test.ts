import { expect } from "chai";
import type { z } from "zod";
import type { JsonObject } from "../../model";
import { planTenant, TenantArgs } from "../../planning";
import { doubts } from "./checked";
import { properties, waitsFor } from "./plans";

const plan = (input: z.input<typeof TenantArgs>) => planTenant(TenantArgs.parse(input));

const shop: z.input<typeof TenantArgs> = { name: "shop", namespaces: [{ name: "shop-web" }, { name: "shop-data" }] };

/** Names of the policies of a namespace, and their specs. */
function policies(input: z.input<typeof TenantArgs>, namespace: string): Record<string, JsonObject> {
  const planned = plan(input);
  expect(doubts(planned)).to.deep.equal([]);
  const found = planned.objects.filter(
    ({ properties: { metadata } }) => (metadata as JsonObject | undefined)?.namespace === namespace,
  );
  return Object.fromEntries(
    found.map(({ properties: { metadata, spec } }) => [(metadata as { name: string }).name, spec as JsonObject]),
  );
}

const namespaces = (...values: string[]): JsonObject => ({
  matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "In", values }],
});

describe("planning of tenants", () => {
  it("closes each namespace to all others but those of the tenant", () => {
    const { "baseline-isolation": isolation, ...others } = policies(shop, "shop-web");
    expect(isolation).to.deep.equal({
      endpointSelector: {},
      ingress: [{ fromEndpoints: [namespaces("shop-data", "shop-web")] }],
      egress: [{ toEndpoints: [namespaces("shop-data", "shop-web")] }],
    });
    expect(Object.keys(others)).to.have.members(["baseline-dns", "baseline-images"]);
  });

  it("keeps the namespaces of a tenant apart if asked", () => {
    const { "baseline-isolation": isolation } = policies({ ...shop, baseline: { reach: "namespace" } }, "shop-web");
    const own = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "shop-web" } };
    expect(isolation?.ingress).to.deep.equal([{ fromEndpoints: [own] }]);
  });

  it("leaves everything to policies if asked, with both directions closed", () => {
    const { "baseline-isolation": isolation } = policies({ ...shop, baseline: { reach: "none" } }, "shop-web");
    const enableDefaultDeny = { ingress: true, egress: true };
    expect(isolation).to.deep.equal({ endpointSelector: {}, enableDefaultDeny, ingress: [{}], egress: [{}] });
  });

  it("opens what the baseline says, each by a policy of its own", () => {
    const baseline: z.input<typeof TenantArgs>["baseline"] = {
      apiServer: true,
      monitoring: [{ port: 9100 }],
      logging: true,
      router: "host",
      gateway: true,
      imageSources: [{ fqdn: "quay.io" }, { cidr: "10.9.0.0/16" }],
    };
    const found = policies({ ...shop, baseline }, "shop-data");
    expect(found["baseline-api"]?.egress).to.deep.equal([
      { toEntities: ["kube-apiserver"], toPorts: [{ ports: [{ port: "6443", protocol: "TCP" }] }] },
    ]);
    expect(found["baseline-monitoring"]?.ingress).to.deep.equal([
      {
        fromEndpoints: [namespaces("openshift-monitoring", "openshift-user-workload-monitoring")],
        toPorts: [{ ports: [{ port: "9100", protocol: "TCP" }] }],
      },
    ]);
    expect(found["baseline-router"]?.ingress).to.deep.equal([{ fromEntities: ["host", "remote-node", "ingress"] }]);
    expect(found["baseline-logging"]?.egress).to.deep.equal([
      { toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "openshift-logging" } }] },
    ]);
    expect((found["baseline-images"]?.egress as JsonObject[]).slice(1, 3)).to.deep.equal([
      { toFQDNs: [{ matchName: "quay.io" }] },
      { toCIDRSet: [{ cidr: "10.9.0.0/16" }] },
    ]);
    expect(found["baseline-images"]?.endpointSelector).to.deep.equal({
      matchLabels: { app: "containerized-data-importer" },
    });
  });

  it("reaches the tenant from the router's pods where these have a network of their own", () => {
    const found = policies({ ...shop, baseline: { router: "pods" } }, "shop-web");
    expect(found["baseline-router"]?.ingress).to.deep.equal([
      { fromEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "openshift-ingress" } }] },
    ]);
  });

  it("labels the namespaces, and is ready when all of its policies are", () => {
    const namespaceOf = { name: "web", labels: { stage: "test" }, annotations: { note: "x" } };
    const planned = plan({ name: "shop", namespaces: [namespaceOf] });
    expect(properties(planned)["tenants/shop/namespace/web"]).to.deep.equal({
      metadata: { name: "web", labels: { stage: "test", "pulumi-ove/tenant": "shop" }, annotations: { note: "x" } },
    });
    const gate = planned.components[0]?.gate ?? "";
    expect([...waitsFor(planned, gate)]).to.include.members(["tenants/shop/web/isolation", "tenants/shop/web/dns"]);
  });
});
