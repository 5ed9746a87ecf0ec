import { expect } from "chai";
import type { z } from "zod";
import { findingText, type JsonObject } from "../../model";
import { Environment } from "../../model/environment";
import { LoadBalancersArgs, planLoadBalancers, planPlatform, validate } from "../../planning";
import { doubts } from "./checked";
import { full } from "./environments";
import { arrows, properties, waitsFor } from "./plans";

type Input = z.input<typeof LoadBalancersArgs>;

const plan = (input: Input) => planLoadBalancers(LoadBalancersArgs.parse(input));

const edge: Input = {
  pools: [{ name: "edge", blocks: [{ cidr: "10.100.0.0/24" }, { start: "10.101.0.5", stop: "10.101.0.9" }] }],
  l2: [
    { name: "edge", pools: ["edge"], interfaces: ["^br-ex$"], nodeSelector: { "node-role.kubernetes.io/worker": "" } },
  ],
  services: [
    {
      name: "web",
      namespace: "web",
      pool: "edge",
      selector: { app: "web" },
      ports: [{ port: 80, targetPort: 8080 }],
      addresses: ["10.100.0.10"],
    },
  ],
};

const bgp: NonNullable<Input["bgp"]> = [
  {
    name: "edge",
    pools: ["edge"],
    localASN: 65001,
    peers: [
      {
        name: "tor-a",
        asn: 65000,
        address: "192.0.2.1",
        holdTimeSeconds: 9,
        keepAliveTimeSeconds: 3,
        authSecret: "tor",
      },
      { name: "tor-b", asn: 65000, address: "2001:db8::1" },
    ],
  },
];

describe("planning of load balancers", () => {
  it("plans the source document's pool and Service in their present form, and who announces them", () => {
    const planned = plan(edge);
    expect(doubts(planned)).to.deep.equal([]);
    const objects = properties(planned);
    expect(objects["loadbalancers/pool/edge"]).to.deep.equal({
      metadata: { name: "edge" },
      spec: {
        blocks: [{ cidr: "10.100.0.0/24" }, { start: "10.101.0.5", stop: "10.101.0.9" }],
        allowFirstLastIPs: "No",
        serviceSelector: { matchLabels: { "pulumi-ove/pool": "edge" } },
      },
    });
    expect(objects["loadbalancers/l2/edge"]?.spec).to.deep.equal({
      loadBalancerIPs: true,
      interfaces: ["^br-ex$"],
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
      serviceSelector: { matchLabels: { "pulumi-ove/pool": "edge" } },
    });
    expect(objects["loadbalancers/service/web/web"]).to.deep.equal({
      metadata: {
        name: "web",
        namespace: "web",
        labels: { "pulumi-ove/pool": "edge" },
        annotations: { "lbipam.cilium.io/ips": "10.100.0.10" },
      },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Cluster",
        selector: { app: "web" },
        ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
      },
    });
    expect(arrows(planned)).to.include("loadbalancers/service/web/web -> loadbalancers/pool/edge");
  });

  it("plans BGP: the instance after the settings of its peers and what it announces", () => {
    const planned = plan({ pools: edge.pools, bgp });
    expect(doubts(planned)).to.deep.equal([]);
    const objects = properties(planned);
    expect(objects["loadbalancers/bgp/edge"]?.spec).to.deep.equal({
      bgpInstances: [
        {
          name: "edge",
          localASN: 65001,
          peers: [
            { name: "tor-a", peerASN: 65000, peerAddress: "192.0.2.1", peerConfigRef: { name: "edge-tor-a" } },
            { name: "tor-b", peerASN: 65000, peerAddress: "2001:db8::1", peerConfigRef: { name: "edge-tor-b" } },
          ],
        },
      ],
    });
    const families = (peer: string): unknown =>
      (objects[`loadbalancers/peer/edge/${peer}`]?.spec as { families: { afi: string }[] }).families[0]?.afi;
    expect([families("tor-a"), families("tor-b")]).to.deep.equal(["ipv4", "ipv6"]);
    expect((objects["loadbalancers/peer/edge/tor-a"]?.spec as JsonObject).authSecretRef).to.equal("tor");
    expect([...waitsFor(planned, "loadbalancers/bgp/edge")].sort()).to.deep.equal([
      "loadbalancers/advertisement/edge",
      "loadbalancers/peer/edge/tor-a",
      "loadbalancers/peer/edge/tor-b",
    ]);
  });

  it("says nothing of first and last addresses where no block keeps them back", () => {
    const blocks = [{ start: "10.101.0.5", stop: "10.101.0.9" }, { cidr: "10.102.0.0/31" }];
    const planned = plan({ pools: [{ name: "edge", blocks }] });
    expect(doubts(planned)).to.deep.equal([]);
    expect(properties(planned)["loadbalancers/pool/edge"]?.spec).to.not.have.property("allowFirstLastIPs", "No");
  });

  it("lets Services share an address", () => {
    const planned = plan({ ...edge, services: [{ ...edge.services![0]!, addresses: [], sharingKey: "front" }] });
    expect(properties(planned)["loadbalancers/service/web/web"]?.metadata).to.deep.include({
      annotations: { "lbipam.cilium.io/sharing-key": "front" },
    });
  });

  const cases: [what: string, input: unknown, problems: string[]][] = [
    [
      "a block that is nothing",
      { pools: [{ name: "a", blocks: [{}] }] },
      ["pools[0].blocks[0]: Must be either a `cidr` or begin at `start`."],
    ],
    [
      "a block with two beginnings",
      { pools: [{ name: "a", blocks: [{ cidr: "10.0.0.0/24", start: "10.0.0.1" }] }] },
      ["pools[0].blocks[0]: Must be either a `cidr` or begin at `start`."],
    ],
    [
      "an end of a network",
      { pools: [{ name: "a", blocks: [{ cidr: "10.0.0.0/24", stop: "10.0.0.1" }] }] },
      ["pools[0].blocks[0].stop: Goes with `start` only."],
    ],
    [
      "a range backwards",
      { pools: [{ name: "a", blocks: [{ start: "10.0.0.9", stop: "10.0.0.1" }] }] },
      ["pools[0].blocks[0].stop: Must not be below `start`."],
    ],
    [
      "the former form of a pool",
      { pools: [{ name: "a", cidrs: [{ cidr: "10.0.0.0/24" }] }] },
      ["pools[0].blocks: Is required: array.", "pools[0].cidrs: Is not a known property."],
    ],
    [
      "nameless ports",
      { ...edge, services: [{ ...edge.services![0]!, ports: [{ port: 80 }, { port: 443, name: "tls" }] }] },
      ["services[0].ports[0].name: Is required: there are several."],
    ],
    [
      "timers the wrong way round",
      {
        pools: edge.pools,
        bgp: [{ ...bgp[0]!, peers: [{ name: "a", asn: 1, address: "192.0.2.1", holdTimeSeconds: 9 }] }],
      },
      ["bgp[0].peers[0].keepAliveTimeSeconds: Must not be above the hold time."],
    ],
  ];
  for (const [what, input, problems] of cases) {
    it(`refuses ${what}`, () => {
      const found = validate(LoadBalancersArgs, input, "x").findings.map(findingText);
      expect(found.map((text) => text.replace(/ Did you mean.*/, ""))).to.deep.equal(problems);
    });
  }
});

describe("load balancers of an environment", () => {
  const announcing = {
    preset: "vm-compatible",
    loadBalancer: { l2Announcements: true, bgpControlPlane: true },
  } as const;
  const found = (loadBalancers: Input, cilium: (typeof full)["cilium"] = announcing): string[] =>
    planPlatform(Environment.parse({ ...full, cilium, loadBalancers })).findings.map(findingText);

  it("wait for Cilium and their namespaces", () => {
    const planned = planPlatform(Environment.parse({ ...full, cilium: announcing, loadBalancers: { ...edge, bgp } }));
    expect(planned.findings).to.deep.equal([]);
    expect(arrows(planned)).to.include.members([
      "loadbalancers/pool/edge -> cilium/config",
      "loadbalancers/service/web/web -> platform/namespace/web",
    ]);
  });

  it("reports addresses that others have, pools that nobody announces and names that are not there", () => {
    expect(
      found({
        pools: [
          { name: "a", blocks: [{ cidr: "10.129.0.0/24" }] },
          { name: "b", blocks: [{ cidr: "172.30.1.0/24" }, { cidr: "10.9.0.0/24" }] },
          { name: "c", blocks: [{ start: "10.9.0.200" }] },
        ],
        l2: [{ name: "l", pools: ["a", "c", "d"] }],
        services: [
          { ...edge.services![0]!, namespace: "none", pool: "e", addresses: [] },
          { ...edge.services![0]!, name: "x", pool: "c", addresses: ["10.9.0.201"], externalTrafficPolicy: "Local" },
        ],
      }),
    ).to.deep.equal([
      "loadBalancers.pools[0].blocks[0]: Has addresses of the pod network 10.128.0.0/14. Take addresses that nobody else has.",
      "loadBalancers.pools[1].blocks[0]: Has addresses of the service network 172.30.0.0/16. Take addresses that nobody else has.",
      "loadBalancers.pools[2].blocks[0]: Has addresses of pool b. Take addresses that nobody else has.",
      'loadBalancers.l2[0].pools[2]: There is no pool "d". Add it to `loadBalancers.pools`.',
      'loadBalancers.services[0].pool: There is no pool "e". Add it to `loadBalancers.pools`.',
      "loadBalancers.pools[1]: Nobody announces its addresses: packets for them reach no node. Name the pool in `loadBalancers.l2` or `loadBalancers.bgp`.",
      'loadBalancers.services[1].addresses[0]: Is no address of pool "c". Take one of the pool\'s.',
      "loadBalancers.services[1].externalTrafficPolicy: With L2 announcements the node that answers may have no pod of the Service. Leave it out, or announce the pool by BGP.",
      'loadBalancers.services[0].namespace: The environment has no namespace "none". Add it to a tenant or to `namespaces`.',
    ]);
  });

  it("reports announcers that Cilium does not run", () => {
    expect(found({ ...edge, bgp }, {})).to.include.members([
      "loadBalancers.l2: Cilium does not announce on L2. Set `cilium.loadBalancer.l2Announcements`.",
      "loadBalancers.bgp: Cilium does not speak BGP. Set `cilium.loadBalancer.bgpControlPlane`.",
    ]);
  });
});
