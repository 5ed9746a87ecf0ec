import { expect } from "chai";
import type { z } from "zod";
import { findingText } from "../../model";
import { Environment } from "../../model/environment";
import { GatewaysArgs, planGateways, planPlatform, validate } from "../../planning";
import { doubts } from "./checked";
import { full } from "./environments";
import { arrows, properties, waitsFor } from "./plans";

type Input = z.input<typeof GatewaysArgs>;

const web: Input = {
  gateways: [
    {
      name: "web",
      namespace: "web",
      pool: "edge",
      address: "10.100.0.20",
      listeners: [
        { name: "http", port: 80 },
        { name: "https", port: 443, protocol: "HTTPS", hostname: "*.shop.example", certificate: "shop" },
      ],
    },
  ],
  backends: [{ name: "web", namespace: "web", selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] }],
  routes: [
    {
      name: "web",
      namespace: "web",
      gateway: "web",
      listener: "https",
      hostnames: ["www.shop.example"],
      rules: [
        { path: "/api/v1", method: "GET", service: "web", port: 80 },
        { service: "other", port: 8000 },
      ],
    },
  ],
};

const plan = (input: Input) => planGateways(GatewaysArgs.parse(input));

describe("planning of gateways", () => {
  it("plans gateways of Cilium's class, Services and routes, in this order", () => {
    const planned = plan(web);
    expect(doubts(planned)).to.deep.equal([]);
    const objects = properties(planned);
    expect(objects["gateways/gateway/web/web"]?.spec).to.deep.equal({
      gatewayClassName: "cilium",
      infrastructure: { labels: { "pulumi-ove/pool": "edge" } },
      addresses: [{ type: "IPAddress", value: "10.100.0.20" }],
      listeners: [
        { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
        {
          name: "https",
          port: 443,
          protocol: "HTTPS",
          hostname: "*.shop.example",
          tls: { mode: "Terminate", certificateRefs: [{ name: "shop" }] },
          allowedRoutes: { namespaces: { from: "Same" } },
        },
      ],
    });
    expect(objects["gateways/backend/web/web"]?.spec).to.deep.equal({
      selector: { app: "web" },
      ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
    });
    expect(objects["gateways/route/web/web"]?.spec).to.deep.equal({
      parentRefs: [{ name: "web", sectionName: "https" }],
      hostnames: ["www.shop.example"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/api/v1" }, method: "GET" }],
          backendRefs: [{ name: "web", port: 80 }],
        },
        { matches: [{ path: { type: "PathPrefix", value: "/" } }], backendRefs: [{ name: "other", port: 8000 }] },
      ],
    });
    expect(arrows(planned)).to.include.members([
      "gateways/route/web/web -> gateways/gateway/web/web",
      "gateways/route/web/web -> gateways/backend/web/web",
    ]);
  });

  it("names the gateway's namespace only where it is another", () => {
    const route = { ...web.routes![0]!, gatewayNamespace: "edge" };
    const spec = (gatewayNamespace: string): unknown =>
      properties(plan({ routes: [{ ...route, gatewayNamespace }] }))["gateways/route/web/web"]?.spec;
    expect(spec("edge")).to.deep.include({ parentRefs: [{ name: "web", namespace: "edge", sectionName: "https" }] });
    expect(spec("web")).to.deep.include({ parentRefs: [{ name: "web", sectionName: "https" }] });
  });

  it("asks for a certificate with HTTPS and only then", () => {
    const wrong = (listener: object): string[] => {
      const gateways = [{ ...web.gateways![0]!, listeners: [{ name: "a", port: 443, ...listener }] }];
      return validate(GatewaysArgs, { gateways }, "x").findings.map(findingText);
    };
    const told = ["gateways[0].listeners[0].certificate: Belongs to HTTPS, which needs it."];
    expect(wrong({ protocol: "HTTPS" })).to.deep.equal(told);
    expect(wrong({ certificate: "a" })).to.deep.equal(told);
    expect(wrong({ protocol: "HTTPS", certificate: "a" })).to.deep.equal([]);
  });
});

describe("gateways of an environment", () => {
  const cilium = { loadBalancer: { l2Announcements: true }, mesh: { gatewayApi: true } };
  const loadBalancers = {
    pools: [{ name: "edge", blocks: [{ cidr: "10.100.0.0/24" }] }],
    l2: [{ name: "e", pools: ["edge"] }],
  };
  const platform = (more: Partial<z.input<typeof Environment>>) =>
    planPlatform(Environment.parse({ ...full, cilium, loadBalancers, gateways: web, ...more }));

  it("wait for Cilium, their namespace and the pools", () => {
    const planned = platform({});
    expect(planned.findings).to.deep.equal([]);
    expect(waitsFor(planned, "gateways/gateway/web/web")).to.include("cilium/config");
    expect(arrows(planned)).to.include.members([
      "gateways/gateway/web/web -> platform/namespace/web",
      "gateways/gateway/web/web -> loadbalancers/ready",
      "gateways/backend/web/web -> platform/namespace/web",
    ]);
  });

  it("reports what is not there or not open", () => {
    const route = web.routes![0]!;
    const found = platform({
      cilium: {},
      loadBalancers: undefined,
      gateways: {
        gateways: web.gateways,
        routes: [
          { ...route, gateway: "none" },
          { ...route, name: "b", namespace: "db", gatewayNamespace: "web" },
          { ...route, name: "c", listener: "tls" },
        ],
      },
    }).findings.map(findingText);
    expect(found).to.deep.equal([
      "gateways.gateways: Cilium does not serve Gateway API. Set `cilium.mesh.gatewayApi`.",
      'gateways.gateways[0].pool: There is no pool "edge". Add it to `loadBalancers.pools`.',
      'gateways.routes[0].gateway: There is no gateway "web/none". Add it to `gateways.gateways`.',
      "gateways.routes[1].gatewayNamespace: The gateway takes routes of its own namespace. Set its `routesFrom`.",
      'gateways.routes[2].listener: The gateway has no listener "tls". Correct the name.',
    ]);
  });
});
