import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import {
  addressFor,
  addressesOf,
  conflictOf,
  holds,
  isServed,
  rangesOf,
  total,
} from "../../sandbox/agents/cilium-addresses";
import { clusterSaid, ownerOf, peerSaid, selectedNodes } from "../../sandbox/agents/cilium-bgp";
import { conditionsWith, sameConditions } from "../../sandbox/agents/cilium-conditions";
import { gatewayStatus, listenerSaid, routeSaid, serviceFor } from "../../sandbox/agents/cilium-gateway";
import { conflictSaid, countsSaid, serviceSaid } from "../../sandbox/agents/cilium-load-balancing";
import { labelsFit } from "../../sandbox/agents/selectors";

type Parts = Partial<KubernetesObject["metadata"]> & { spec?: JsonObject; status?: JsonObject };

const object = (kind: string, name: string, { spec = {}, status = {}, ...metadata }: Parts = {}): KubernetesObject => ({
  apiVersion: "x/v1",
  kind,
  metadata: { name, generation: 1, ...metadata },
  spec,
  status,
});
const pool = (name: string, blocks: JsonObject[], parts: Parts = {}): KubernetesObject =>
  object("CiliumLoadBalancerIPPool", name, {
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...parts,
    spec: { blocks, ...parts.spec },
  });
const service = (name: string, parts: Parts = {}): KubernetesObject =>
  object("Service", name, { namespace: "shop", uid: name, ...parts, spec: { type: "LoadBalancer", ...parts.spec } });
const having = (ip: string): JsonObject => ({ loadBalancer: { ingress: [{ ip }] } });

describe("address management of the simulated Cilium", () => {
  const four = pool("a", [{ cidr: "192.0.2.0/30" }]);

  it("counts the addresses of networks, ranges and single ones", () => {
    expect(total(four)).to.equal(4n);
    expect(total(pool("b", [{ start: "192.0.2.1", stop: "192.0.2.3" }, { start: "2001:db8::1" }]))).to.equal(4n);
  });

  it("gives up on a pool with a block that cannot be read", () => {
    for (const block of [{}, { cidr: "x" }, { start: "192.0.2.9", stop: "192.0.2.1" }]) {
      expect(rangesOf(pool("a", [block])), JSON.stringify(block)).to.equal(undefined);
    }
  });

  it("switches the younger of two pools off that share addresses, and one that overlaps itself", () => {
    const younger = pool("b", [{ start: "192.0.2.3" }], { creationTimestamp: "2026-01-02T00:00:00Z" });
    expect(conflictOf(four, [four, younger])).to.equal(undefined);
    expect(conflictOf(younger, [four, younger])).to.match(/'192.0.2.3 - 192.0.2.3' overlaps .* from IP Pool 'a'/);
    expect(conflictOf(pool("c", [{ start: "192.0.2.1" }, { cidr: "192.0.2.0/31" }]), [])).to.match(/IP Pool 'c'/);
  });

  it("says of conflicts only what is new", () => {
    const told = { conditions: [{ type: "cilium.io/PoolConflict", status: "False" }] };
    expect(conflictSaid(four, [four])?.status).to.equal("False");
    expect(conflictSaid({ ...four, status: told }, [four])).to.equal(undefined);
  });

  it("says how many addresses there are, are left and are used", () => {
    const said = countsSaid(four, [
      service("web", { status: having("192.0.2.1") }),
      service("x", { status: having("10.0.0.1") }),
    ]);
    expect(said.map((each) => each.message)).to.deep.equal(["4", "3", "1"]);
    expect(holds(four, "2001:db8::1")).to.equal(false);
  });

  it("serves load balancers without a class and those of Cilium's classes", () => {
    expect(isServed(service("web"))).to.equal(true);
    expect(isServed(service("web", { spec: { loadBalancerClass: "io.cilium/l2-announcer" } }))).to.equal(true);
    expect(isServed(service("web", { spec: { loadBalancerClass: "other" } }))).to.equal(false);
    expect(isServed(service("web", { spec: { type: "ClusterIP" } }))).to.equal(false);
  });

  it("gives the first free address, keeps one that is given, and the one that is asked for", () => {
    const other = service("other", { status: having("192.0.2.0") });
    expect(addressFor(service("web"), [four], [other])).to.equal("192.0.2.1");
    expect(addressFor(service("web", { status: having("192.0.2.2") }), [four], [other])).to.equal("192.0.2.2");
    const asks = (ip: string): KubernetesObject => service("web", { annotations: { "lbipam.cilium.io/ips": ip } });
    expect(addressFor(asks("192.0.2.3"), [four], [other])).to.equal("192.0.2.3");
    expect(addressFor(asks("192.0.2.0"), [four], [other])).to.equal(undefined);
    const six = pool("six", [{ cidr: "2001:db8::/126" }]);
    expect(addressFor(service("web", { spec: { ipFamilies: ["IPv6"] } }), [four, six], [])).to.equal("2001:db8::");
  });

  it("keeps the ends of networks back when told to, and lets services with one key and other ports share", () => {
    const inner = pool("a", [{ cidr: "192.0.2.0/30" }, { cidr: "192.0.2.8/31" }], {
      spec: { allowFirstLastIPs: "No" },
    });
    expect(total(inner)).to.equal(4n);
    const sharing = (name: string, port: number, key = "front"): KubernetesObject =>
      service(name, { annotations: { "lbipam.cilium.io/sharing-key": key }, spec: { ports: [{ port }] } });
    const first = { ...sharing("first", 22), status: having("192.0.2.2") };
    expect(addressFor(sharing("web", 80), [inner], [first])).to.equal("192.0.2.2");
    expect(addressFor(sharing("web", 22), [inner], [first])).to.equal("192.0.2.1");
    expect(addressFor(sharing("web", 80, "other"), [inner], [first])).to.equal("192.0.2.1");
  });

  it("gives none of a pool that is disabled, does not fit or is used up", () => {
    const only = (spec: JsonObject): KubernetesObject => pool("a", [{ start: "192.0.2.1" }], { spec });
    expect(addressFor(service("web"), [only({ disabled: true })], [])).to.equal(undefined);
    const shop = { matchLabels: { "io.kubernetes.service.namespace": "shop" } };
    expect(addressFor(service("web"), [only({ serviceSelector: shop })], [])).to.equal("192.0.2.1");
    expect(addressFor(service("web"), [only({ serviceSelector: { matchLabels: { a: "b" } } })], [])).to.equal(
      undefined,
    );
    expect(addressFor(service("web"), [only({})], [service("x", { status: having("192.0.2.1") })])).to.equal(undefined);
    expect(serviceSaid(undefined).status).to.equal("False");
    expect(serviceSaid("192.0.2.1").status).to.equal("True");
    expect(addressesOf(service("web"))).to.deep.equal([]);
  });
});

describe("conditions of the simulated Cilium", () => {
  it("carry the present generation and keep what others said", () => {
    const of = object("X", "x", { generation: 2, status: { conditions: [{ type: "B", status: "True" }] } });
    const said = conditionsWith(of, [{ type: "A", status: "True", reason: "r", message: "" }]);
    expect(said.map((each) => [each.type, each.observedGeneration])).to.deep.equal([
      ["B", undefined],
      ["A", 2],
    ]);
    expect(sameConditions(said, [...said].reverse())).to.equal(true);
    expect(sameConditions(said, [])).to.equal(false);
  });

  it("keep the time of the last change", () => {
    const old = { type: "A", status: "True", lastTransitionTime: "2020-01-01T00:00:00Z" };
    const [kept] = conditionsWith(object("X", "x"), [{ type: "A", status: "True", reason: "r", message: "" }], [old]);
    expect(kept?.lastTransitionTime).to.equal("2020-01-01T00:00:00Z");
  });

  it("select by labels and expressions", () => {
    const fits = (operator: string, values?: string[]): boolean =>
      labelsFit({ matchExpressions: [{ key: "a", operator, ...(values ? { values } : {}) }] }, { a: "1" });
    expect([fits("In", ["1"]), fits("NotIn", ["1"]), fits("Exists"), fits("DoesNotExist")]).to.deep.equal([
      true,
      false,
      true,
      false,
    ]);
    expect(labelsFit(undefined, {})).to.equal(true);
  });
});

describe("BGP of the simulated Cilium", () => {
  const node = object("Node", "worker-0", { labels: { rack: "1" } });
  const config = (spec: JsonObject): KubernetesObject => object("CiliumBGPClusterConfig", "fabric", { spec });
  const statuses = (said: { type: string; status: string }[]): JsonObject =>
    Object.fromEntries(said.map((each) => [each.type.slice("cilium.io/".length), each.status]));
  const peers = {
    bgpInstances: [{ name: "i", peers: [{ name: "p", peerConfigRef: { name: "leaf" } }, { name: "q" }] }],
  };

  it("is content with nodes and peer configurations that are there", () => {
    const leaf = object("CiliumBGPPeerConfig", "leaf");
    expect(statuses(clusterSaid(config(peers), [node], [], [leaf]))).to.deep.equal({
      NoMatchingNode: "False",
      MissingPeerConfigs: "False",
      ConflictingClusterConfig: "False",
    });
  });

  it("complains about what is missing and about another configuration of the node", () => {
    const other = object("CiliumBGPNodeConfig", "worker-0", { ownerReferences: [{ name: "old" }] });
    const said = clusterSaid(config(peers), [node], [other], []);
    expect(statuses(said)).to.include({ MissingPeerConfigs: "True", ConflictingClusterConfig: "True" });
    expect(said.map((each) => each.message).join()).to.match(/\[leaf\].*\[old\]/);
    const elsewhere = config({ nodeSelector: { matchLabels: { rack: "2" } } });
    expect(selectedNodes(elsewhere, [node])).to.deep.equal([]);
    expect(statuses(clusterSaid(elsewhere, [node], [other], []))).to.include({ NoMatchingNode: "True" });
    expect(ownerOf(node)).to.equal("");
  });

  it("looks for the password of a peer", () => {
    const peer = object("CiliumBGPPeerConfig", "leaf", { spec: { authSecretRef: "pw" } });
    expect(peerSaid(peer, ["pw"]).reason).to.equal("AuthSecretValidated");
    expect(peerSaid(peer, []).status).to.equal("True");
    expect(peerSaid(object("CiliumBGPPeerConfig", "leaf"), []).reason).to.equal("AuthSecretNotConfigured");
  });
});

describe("gateways of the simulated Cilium", () => {
  const listener = { name: "http", protocol: "HTTP", port: 80 };
  const gateway = (spec: JsonObject): KubernetesObject => object("Gateway", "web", { namespace: "shop", spec });
  const conditions = (status: JsonObject): string[] =>
    (status.conditions as JsonObject[]).map((each) => `${each.type as string}=${each.status as string}`);

  it("have an address before they are programmed", () => {
    const of = gateway({ listeners: [listener] });
    expect(conditions(gatewayStatus(of, [], undefined, 0))).to.deep.equal(["Accepted=True", "Programmed=False"]);
    const status = gatewayStatus(of, [], "192.0.2.1", 1);
    expect(conditions(status)).to.deep.equal(["Accepted=True", "Programmed=True"]);
    expect(status.addresses).to.deep.equal([{ type: "IPAddress", value: "192.0.2.1" }]);
    expect((status.listeners as JsonObject[])[0]).to.include({ name: "http", attachedRoutes: 1 });
  });

  it("are refused without a valid listener or with a host name as address", () => {
    const none = gateway({ listeners: [{ ...listener, protocol: "X" }] });
    expect(conditions(gatewayStatus(none, [], "192.0.2.1", 0))).to.deep.equal(["Accepted=False", "Programmed=False"]);
    const named = gateway({ listeners: [listener], addresses: [{ type: "Hostname", value: "a.example" }] });
    expect(conditions(gatewayStatus(named, [], "192.0.2.1", 0))).to.deep.equal(["Accepted=False", "Programmed=False"]);
  });

  it("hand the labels of their infrastructure to their service", () => {
    const spec = { infrastructure: { labels: { pool: "edge" } }, listeners: [{ name: "http", port: 80 }] };
    const { metadata } = serviceFor(object("Gateway", "web", { namespace: "shop", uid: "u", spec }));
    expect(metadata.labels).to.deep.equal({ pool: "edge", "io.cilium.gateway/owning-gateway": "web" });
  });

  it("want the Secrets of their listeners and pass TLS through", () => {
    const https = { name: "https", protocol: "HTTPS", port: 443, tls: { certificateRefs: [{ name: "c" }] } };
    const reasons = (of: JsonObject, secrets: string[] = []): string[] =>
      listenerSaid(of, secrets).map((each) => each.reason);
    expect(reasons(https)).to.deep.equal(["Invalid", "InvalidCertificateRef"]);
    expect(reasons(https, ["c"])).to.deep.equal(["Accepted", "ResolvedRefs"]);
    expect(reasons({ ...https, protocol: "TLS", tls: { mode: "Terminate" } })[0]).to.equal("UnsupportedValue");
  });

  it("tell routes whether they are accepted and their backends exist", () => {
    const route = object("HTTPRoute", "web", {
      namespace: "shop",
      spec: { rules: [{ backendRefs: [{ name: "web" }] }] },
    });
    const reasons = (ref: JsonObject, services: KubernetesObject[]): string[] =>
      routeSaid(route, ref, [gateway({ listeners: [listener] })], services).map((each) => each.reason);
    expect(reasons({ name: "other" }, [])).to.deep.equal(["InvalidHTTPRoute"]);
    expect(reasons({ name: "web", sectionName: "x" }, [])).to.deep.equal(["NoMatchingParent"]);
    expect(reasons({ name: "web", sectionName: "http" }, [])).to.deep.equal(["Accepted", "BackendNotFound"]);
    expect(reasons({ name: "web" }, [service("web")])).to.deep.equal(["Accepted", "ResolvedRefs"]);
  });
});
