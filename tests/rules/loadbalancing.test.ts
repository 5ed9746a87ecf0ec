import { expect } from "chai";
import fc from "fast-check";
import type { JsonObject, KubernetesObject } from "../../model";
import { ciliumL2AnnouncementPolicyRules, ciliumLoadBalancerIPPoolRules, evaluate } from "../../rules";
import { rangeBetween, rangeOfNetwork, rangesMeet } from "../../model/ranges";
import { merged, testFine, testRules } from "./support";

const build =
  (apiVersion: string, kind: string) =>
  (input: JsonObject): KubernetesObject =>
    merged({ apiVersion, kind, metadata: { name: "edge" } }, input) as unknown as KubernetesObject;

const spec = (content: JsonObject): JsonObject => ({ spec: content });
const blocks = (...list: JsonObject[]): JsonObject => spec({ blocks: list });
const selector = (key: string, content: JsonObject): JsonObject => spec({ [key]: content });
const expression = (key: string, operator: string, ...values: string[]): JsonObject => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
});

testRules(
  "rules of a CiliumLoadBalancerIPPool",
  ciliumLoadBalancerIPPoolRules,
  build("cilium.io/v2", "CiliumLoadBalancerIPPool"),
  {
    "loadbalancing/pool-block": {
      bad: [
        [blocks({}), "spec.blocks[0]"],
        [blocks({ stop: "192.0.2.9" }), "spec.blocks[0]"],
        [blocks({ cidr: "192.0.2.0" }), "spec.blocks[0].cidr"],
        [blocks({ cidr: "192.0.2.0/33" }), "spec.blocks[0].cidr"],
        [blocks({ cidr: "192.0.2.0/024" }), "spec.blocks[0].cidr"],
        [blocks({ cidr: "192.0.02.0/24" }), "spec.blocks[0].cidr"],
        [blocks({ cidr: "fe80::%eth0/64" }), "spec.blocks[0].cidr"],
        [blocks({ cidr: "192.0.2.0/27" }, { start: "192.0.2" }), "spec.blocks[1].start"],
        [blocks({ start: "192.0.2.0/27" }), "spec.blocks[0].start"],
        [blocks({ start: "192.0.2.5", stop: "x" }), "spec.blocks[0].stop"],
        [blocks({ start: "192.0.2.5", stop: "192.0.2.4" }), "spec.blocks[0].stop"],
        [blocks({ start: "192.0.2.5", stop: "2001:db8::1" }), "spec.blocks[0].stop"],
      ],
      good: [
        blocks({ cidr: "192.0.2.0/27" }, { cidr: "2001:db8::/112" }, { start: "198.51.100.1" }),
        blocks({ start: "192.0.2.5", stop: "192.0.2.5" }),
        blocks({ cidr: "192.0.2.1/27" }),
        blocks({ cidr: undefined, start: "x" }, { start: undefined }),
        spec({}),
      ],
    },
    "loadbalancing/pool-block-ignored": {
      bad: [
        [blocks({ cidr: "192.0.2.0/27", start: "192.0.2.1" }), "spec.blocks[0].start"],
        [blocks({ cidr: "192.0.2.0/27", stop: "192.0.2.1" }), "spec.blocks[0].stop"],
      ],
      good: [blocks({ cidr: "192.0.2.0/27" }), blocks({ cidr: "", start: "192.0.2.1", stop: "192.0.2.9" })],
    },
    "loadbalancing/pool-overlap": {
      bad: [
        [blocks({ cidr: "192.0.2.0/27" }, { cidr: "192.0.2.16/28" }), "spec.blocks[1]"],
        [blocks({ cidr: "192.0.2.0/27" }, { start: "192.0.2.31", stop: "192.0.2.40" }), "spec.blocks[1]"],
        [blocks({ start: "192.0.2.31" }, { cidr: "198.51.100.0/24" }, { start: "192.0.2.31" }), "spec.blocks[2]"],
      ],
      good: [
        blocks({ cidr: "192.0.2.0/27" }, { cidr: "192.0.2.32/27" }),
        blocks({ cidr: "0.0.0.0/0" }, { cidr: "::/0" }),
        blocks({ cidr: "192.0.2.0/27" }, { cidr: undefined }, { start: "192.0.2.1", stop: undefined }),
      ],
    },
    "loadbalancing/pool-empty": {
      bad: [
        [spec({}), "spec.blocks"],
        [blocks(), "spec.blocks"],
      ],
      good: [blocks({ cidr: "192.0.2.0/27" }), spec({ blocks: undefined }), { spec: undefined }],
    },
    "loadbalancing/pool-first-last": {
      bad: [
        [spec({ allowFirstLastIPs: "No", blocks: [{ cidr: "192.0.2.0/31" }] }), "spec.allowFirstLastIPs"],
        [spec({ allowFirstLastIPs: "No", blocks: [{ start: "192.0.2.1" }] }), "spec.allowFirstLastIPs"],
      ],
      good: [
        spec({ allowFirstLastIPs: "No", blocks: [{ start: "192.0.2.1" }, { cidr: "198.51.100.0/30" }] }),
        spec({ allowFirstLastIPs: "Yes", blocks: [{ start: "192.0.2.1" }] }),
        spec({ allowFirstLastIPs: "No", blocks: [{ cidr: undefined }] }),
        spec({ allowFirstLastIPs: "No", blocks: [undefined] as unknown as JsonObject[] }),
        spec({ allowFirstLastIPs: "No", blocks: [] }),
      ],
    },
    "loadbalancing/pool-selector": {
      bad: [
        [selector("serviceSelector", { matchLabels: { "a b": "" } }), 'spec.serviceSelector.matchLabels["a b"]'],
        [selector("serviceSelector", { matchLabels: { "a/b/c": "" } }), 'spec.serviceSelector.matchLabels["a/b/c"]'],
        [selector("serviceSelector", { matchLabels: { "A_/b": "" } }), 'spec.serviceSelector.matchLabels["A_/b"]'],
        [selector("serviceSelector", { matchLabels: { a: "x y" } }), "spec.serviceSelector.matchLabels.a"],
        [selector("serviceSelector", expression("-a", "Exists")), "spec.serviceSelector.matchExpressions[0].key"],
        [selector("serviceSelector", expression("a", "In")), "spec.serviceSelector.matchExpressions[0].values"],
        [selector("serviceSelector", expression("a", "NotIn")), "spec.serviceSelector.matchExpressions[0].values"],
        [
          selector("serviceSelector", expression("a", "Exists", "b")),
          "spec.serviceSelector.matchExpressions[0].values",
        ],
        [selector("serviceSelector", expression("a", "Equals")), "spec.serviceSelector.matchExpressions[0].operator"],
        [
          selector("serviceSelector", expression("a", "In", "b", "c d")),
          "spec.serviceSelector.matchExpressions[0].values[1]",
        ],
      ],
      good: [
        selector("serviceSelector", { matchLabels: { "io.kubernetes.service.namespace": "shop", a: "" } }),
        selector("serviceSelector", expression("example.com/a", "In", "b")),
        selector("serviceSelector", expression("a", "DoesNotExist")),
        selector("serviceSelector", { matchExpressions: [{ key: "a", operator: "In", values: undefined }] }),
      ],
    },
    "loadbalancing/pool-selector-key": {
      bad: [
        [
          selector("serviceSelector", { matchLabels: { "io.kubernetes.pod.namespace": "shop" } }),
          'spec.serviceSelector.matchLabels["io.kubernetes.pod.namespace"]',
        ],
        [
          selector("serviceSelector", expression("kubernetes.io/metadata.name", "In", "shop")),
          "spec.serviceSelector.matchExpressions[0].key",
        ],
      ],
      good: [selector("serviceSelector", { matchLabels: { "io.kubernetes.service.name": "web" } })],
    },
  },
);

testFine("rules of a CiliumLoadBalancerIPPool and a fine one", ciliumLoadBalancerIPPoolRules, {
  apiVersion: "cilium.io/v2",
  kind: "CiliumLoadBalancerIPPool",
  metadata: { name: "edge" },
  spec: {
    allowFirstLastIPs: "No",
    blocks: [{ cidr: "192.0.2.0/27" }, { start: "198.51.100.10", stop: "198.51.100.20" }],
    serviceSelector: {
      matchLabels: { pool: "edge" },
      matchExpressions: [{ key: "stage", operator: "In", values: ["a"] }],
    },
  },
});

testRules(
  "rules of a CiliumL2AnnouncementPolicy",
  ciliumL2AnnouncementPolicyRules,
  build("cilium.io/v2alpha1", "CiliumL2AnnouncementPolicy"),
  {
    "loadbalancing/l2-addresses": {
      bad: [
        [{}, "spec"],
        [spec({ loadBalancerIPs: false, externalIPs: null }), "spec"],
      ],
      good: [
        spec({ loadBalancerIPs: true }),
        spec({ externalIPs: true, loadBalancerIPs: false }),
        spec({ externalIPs: undefined }),
        { spec: undefined },
      ],
    },
    "loadbalancing/l2-interface": {
      bad: [
        [spec({ interfaces: ["^eth0$", "eth["] }), "spec.interfaces[1]"],
        [spec({ interfaces: ["(?!lo)eth"] }), "spec.interfaces[0]"],
        [spec({ interfaces: ["*"] }), "spec.interfaces[0]"],
      ],
      good: [spec({ interfaces: ["^eth[0-9]+$", "ens1f0", "(?i)ETH0"] }), spec({})],
    },
    "loadbalancing/l2-interface-glob": {
      bad: [[spec({ interfaces: ["eth*"] }), "spec.interfaces[0]"]],
      good: [spec({ interfaces: ["^eth.*", "eth[0-9]*", "eth0"] })],
    },
    "loadbalancing/l2-selector": {
      bad: [
        [selector("nodeSelector", { matchLabels: { a: "x y" } }), "spec.nodeSelector.matchLabels.a"],
        [selector("serviceSelector", expression("a", "In")), "spec.serviceSelector.matchExpressions[0].values"],
      ],
      good: [selector("nodeSelector", { matchLabels: { "node-role.kubernetes.io/worker": "" } })],
    },
    "loadbalancing/l2-selector-key": {
      bad: [
        [
          selector("serviceSelector", { matchLabels: { "io.kubernetes.pod.namespace": "shop" } }),
          'spec.serviceSelector.matchLabels["io.kubernetes.pod.namespace"]',
        ],
      ],
      good: [selector("nodeSelector", { matchLabels: { "kubernetes.io/metadata.name": "x" } })],
    },
  },
);

testFine("rules of a CiliumL2AnnouncementPolicy and a fine one", ciliumL2AnnouncementPolicyRules, {
  apiVersion: "cilium.io/v2alpha1",
  kind: "CiliumL2AnnouncementPolicy",
  metadata: { name: "edge" },
  spec: { loadBalancerIPs: true, interfaces: ["^ens1f0$"], serviceSelector: { matchLabels: { pool: "edge" } } },
});

describe("address ranges", () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 32 }))
    .map(([octet, length]) => `10.0.${octet}.0/${length}`);

  it("meet in both directions or in none, and always themselves", () => {
    fc.assert(
      fc.property(network, network, (one, two) => {
        const [a, b] = [rangeOfNetwork(one), rangeOfNetwork(two)];
        if (!a || !b) throw new Error("no range");
        expect(rangesMeet(a, b)).to.equal(rangesMeet(b, a));
        expect(rangesMeet(a, a)).to.equal(true);
        expect(rangesMeet(a, b)).to.equal(a.from <= b.from ? a.to >= b.from : b.to >= a.from);
      }),
    );
  });

  it("are told apart by family", () => {
    const [a, b] = [rangeOfNetwork("::/96"), rangeBetween("0.0.0.0", "255.255.255.255")];
    expect(a && b && rangesMeet(a, b)).to.equal(false);
  });

  it("says which block an overlap is with", () => {
    const pool = build("cilium.io/v2", "CiliumLoadBalancerIPPool");
    const found = evaluate(ciliumLoadBalancerIPPoolRules, pool(blocks({ cidr: "10.0.0.0/8" }, { start: "10.1.1.1" })));
    expect(found.map((each) => [each.rule, each.message])).to.deep.equal([
      ["loadbalancing/pool-overlap", "It shares addresses with block 1; Cilium then gives out no address of the pool."],
    ]);
  });
});
