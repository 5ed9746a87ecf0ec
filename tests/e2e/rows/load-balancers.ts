import { expect } from "chai";
import type { KubernetesObject } from "../../../model";
import { conditionOf, type Row } from "./row";

const CILIUM = "cilium.io/v2";

function addressOf({ status }: KubernetesObject): string | undefined {
  return (status?.loadBalancer as { ingress?: { ip: string }[] } | undefined)?.ingress?.[0]?.ip;
}

/** Addresses for machines and pods, announced on L2 or by BGP, and the Gateway API in front of them. */
export const loadBalancersRow: Row = (read) => {
  it("pools of addresses without conflicts", async () => {
    const edge = await read(CILIUM, "CiliumLoadBalancerIPPool", "edge");
    expect(edge.spec).to.deep.include({ blocks: [{ cidr: "10.100.0.0/28" }], allowFirstLastIPs: "No" });
    const routed = await read(CILIUM, "CiliumLoadBalancerIPPool", "routed");
    expect(routed.spec).to.deep.include({ blocks: [{ start: "10.101.0.10", stop: "10.101.0.20" }] });
    for (const pool of [edge, routed]) expect(conditionOf(pool, "cilium.io/PoolConflict")).to.equal("False");
  });

  it("announcements: one pool on the nodes' own network, one to a router", async () => {
    const l2 = await read("cilium.io/v2alpha1", "CiliumL2AnnouncementPolicy", "edge");
    expect(l2.spec).to.deep.include({ loadBalancerIPs: true, interfaces: ["^br-ex$"] });
    expect(l2.spec?.serviceSelector).to.deep.equal({ matchLabels: { "pulumi-ove/pool": "edge" } });
    const bgp = await read(CILIUM, "CiliumBGPClusterConfig", "routed");
    const peer = { name: "tor", peerASN: 65000, peerAddress: "192.0.2.1", peerConfigRef: { name: "routed-tor" } };
    expect(bgp.spec?.bgpInstances).to.deep.equal([{ name: "routed", localASN: 65001, peers: [peer] }]);
    const timers = (await read(CILIUM, "CiliumBGPPeerConfig", "routed-tor")).spec?.timers;
    expect(timers).to.deep.include({ holdTimeSeconds: 9, keepAliveTimeSeconds: 3 });
    const advertised = (await read(CILIUM, "CiliumBGPAdvertisement", "routed")).spec?.advertisements;
    expect(JSON.stringify(advertised)).to.include('"LoadBalancerIP"');
  });

  it("Services: two share an address, one has the address that it asked for", async () => {
    const [web, router, database] = await Promise.all([
      read("v1", "Service", "web-ssh", "web"),
      read("v1", "Service", "router-ssh", "web"),
      read("v1", "Service", "database", "data"),
    ]);
    expect(addressOf(web)).to.match(/^10\.100\.0\.\d+$/);
    expect(addressOf(router)).to.equal(addressOf(web));
    expect(addressOf(database)).to.equal("10.101.0.10");
    expect(database.spec).to.include({ externalTrafficPolicy: "Local" });
  });

  it("Gateway API: Cilium's class, a gateway with its address, a route to machines", async () => {
    const group = "gateway.networking.k8s.io/v1";
    const kind = await read(group, "GatewayClass", "cilium");
    expect(kind.spec?.controllerName).to.equal("io.cilium/gateway-controller");
    expect(conditionOf(kind, "Accepted")).to.equal("True");
    const gateway = await read(group, "Gateway", "web", "web");
    expect(conditionOf(gateway, "Programmed")).to.equal("True");
    expect(gateway.status?.addresses).to.deep.equal([{ type: "IPAddress", value: "10.100.0.10" }]);
    const route = await read(group, "HTTPRoute", "api", "web");
    expect(route.spec?.hostnames).to.deep.equal(["api.shop.example"]);
    const [parent] = route.status?.parents as { conditions: { type: string; status: string }[] }[];
    expect(parent?.conditions.map(({ type, status }) => `${type} ${status}`)).to.include.members([
      "Accepted True",
      "ResolvedRefs True",
    ]);
    const backend = await read("v1", "Service", "api", "web");
    expect(backend.spec?.selector).to.deep.equal({ app: "web" });
  });
};
