import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { conditionOf, type Row } from "../rows/row";

const CILIUM = "cilium.io/v2";

const addressOf = ({ status }: KubernetesObject): string | undefined =>
  (status?.loadBalancer as { ingress?: { ip: string }[] } | undefined)?.ingress?.[0]?.ip;

/** Cilium and what it serves: addresses, gateways, policies. */
export const prodServicesRow: Row = (read) => {
  it("Cilium: strict WireGuard between nodes too, Maglev, BGP, bandwidth manager, Hubble", async () => {
    const spec = (await read("cilium.io/v1alpha1", "CiliumConfig", "ciliumconfig", "cilium")).spec ?? {};
    expect(spec).to.deep.include({ kubeProxyReplacement: true, k8sServiceHost: "api-int.prod.example" });
    expect(spec.cni).to.deep.include({ exclusive: false });
    expect(spec.encryption).to.deep.include({ enabled: true, type: "wireguard", nodeEncryption: true });
    const strict = (spec.encryption as JsonObject).strictMode as JsonObject;
    expect([strict.egress, strict.ingress].map((each) => (each as JsonObject).enabled)).to.deep.equal([true, true]);
    expect(spec.loadBalancer).to.deep.include({ algorithm: "maglev" });
    expect(spec.maglev).to.deep.include({ tableSize: 65521 });
    expect(spec.bgpControlPlane).to.deep.include({ enabled: true });
    expect(spec.bandwidthManager).to.deep.include({ enabled: true });
    expect(spec.gatewayAPI).to.deep.include({ enabled: true });
    for (const name of ["hubble-relay", "hubble-ui"]) {
      expect((await read("apps/v1", "Deployment", name, "cilium")).status?.readyReplicas, name).to.equal(1);
    }
    expect((await read("apps/v1", "DaemonSet", "cilium", "cilium")).status?.numberReady).to.equal(7);
  });

  it("a pool of addresses, announced by BGP to both routers, and a Service with the address it asked for", async () => {
    const pool = await read(CILIUM, "CiliumLoadBalancerIPPool", "edge");
    expect(pool.spec?.blocks).to.deep.equal([{ cidr: "10.100.0.0/24" }]);
    expect(conditionOf(pool, "cilium.io/PoolConflict")).to.equal("False");
    const bgp = await read(CILIUM, "CiliumBGPClusterConfig", "edge");
    const [instance] = bgp.spec?.bgpInstances as { localASN: number; peers: JsonObject[] }[];
    expect(instance?.localASN).to.equal(65001);
    expect(instance?.peers.map(({ name, peerAddress, peerConfigRef }) => [name, peerAddress, peerConfigRef])).to.eql([
      ["tor-a", "192.0.2.1", { name: "edge-tor-a" }],
      ["tor-b", "192.0.2.2", { name: "edge-tor-b" }],
    ]);
    for (const name of ["edge-tor-a", "edge-tor-b"]) {
      const { timers } = (await read(CILIUM, "CiliumBGPPeerConfig", name)).spec ?? {};
      expect(timers).to.deep.include({ holdTimeSeconds: 9, keepAliveTimeSeconds: 3 });
    }
    expect(addressOf(await read("v1", "Service", "web", "app-web-prod"))).to.equal("10.100.0.10");
  });

  it("a gateway with its address, and a route that it has accepted", async () => {
    const group = "gateway.networking.k8s.io/v1";
    const gateway = await read(group, "Gateway", "web", "app-web-prod");
    expect(gateway.spec?.gatewayClassName).to.equal("cilium");
    expect(conditionOf(gateway, "Programmed")).to.equal("True");
    expect(gateway.status?.addresses).to.deep.equal([{ type: "IPAddress", value: "10.100.0.20" }]);
    const route = await read(group, "HTTPRoute", "api", "app-web-prod");
    const [parent] = route.status?.parents as { conditions: { type: string; status: string }[] }[];
    expect(parent?.conditions.map(({ type, status }) => `${type} ${status}`)).to.include.members([
      "Accepted True",
      "ResolvedRefs True",
    ]);
  });

  it("namespaces are closed but for their baseline, and the web machines' HTTP is ruled", async () => {
    const policy = (namespace: string, name: string) => read(CILIUM, "CiliumNetworkPolicy", name, namespace);
    const tenants = { shop: ["app-web-prod", "app-database-prod"], machines: ["vm-infrastructure", "vm-production"] };
    for (const [tenant, namespaces] of Object.entries(tenants)) {
      const parts = ["isolation", "dns", "images", "monitoring"];
      for (const name of namespaces) {
        const { metadata } = await read("v1", "Namespace", name);
        expect(metadata.labels).to.include({ "pulumi-ove/tenant": tenant });
        for (const part of parts) {
          const live = await policy(name, `baseline-${part}`);
          expect(conditionOf(live, "Valid"), `${name} ${part}`).to.equal("True");
        }
      }
    }
    const closed = await policy("app-web-prod", "baseline-isolation");
    expect([closed.spec?.ingress, closed.spec?.egress]).to.deep.equal([[{}], [{}]]);
    const web = await policy("app-web-prod", "web");
    expect(conditionOf(web, "Valid")).to.equal("True");
    expect(web.spec?.endpointSelector).to.deep.equal({ matchLabels: { app: "web" } });
    const entries = web.spec?.ingress as { toPorts: { rules: JsonObject }[] }[];
    expect(entries).to.have.length(2);
    for (const { toPorts } of entries) {
      expect(toPorts.map(({ rules }) => rules.http)).to.deep.equal([
        [
          { method: "GET", path: "/api/v1/.*" },
          { method: "POST", path: "/api/v1/users" },
        ],
      ]);
    }
  });
};
