import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { found } from "./sriov-found";
import type { Found } from "./sriov-found";
import { policy, sriovNamespace, worker } from "./sriov-inputs";

const nodes = [worker("w0"), worker("w1")];
const part = (name: string, range: string, more: JsonObject = {}): KubernetesObject =>
  policy(name, { numVfs: 8, nicSelector: { pfNames: [`ens1f0#${range}`] }, ...more });
const overlap = (path: string, weaker: string, stronger: string): Found => [
  "sriov/vf-overlap",
  path,
  [weaker, stronger],
];
const pf = (index: number): string => `[${index}].spec.nicSelector.pfNames[0]`;

describe("SR-IOV policies together, without an inventory", () => {
  const cases: [title: string, objects: KubernetesObject[], expected: Found[]][] = [
    ["parts of a card", [part("a", "0-3"), part("b", "4-7")], []],
    ["overlapping parts", [part("a", "0-4"), part("b", "4-7")], [overlap(pf(0), "a", "b")]],
    ["one part inside of another", [part("b", "2-3"), part("a", "0-7")], [overlap(pf(1), "a", "b")]],
    ["the whole card twice", [policy("a"), policy("b")], [overlap(pf(0), "a", "b")]],
    ["the whole card beside a part of it", [policy("a", { numVfs: 8 }), part("b", "4-7")], [overlap(pf(0), "a", "b")]],
    ["a part beside the whole card", [part("a", "4-7"), policy("b", { numVfs: 8 })], [overlap(pf(0), "a", "b")]],
    [
      "the order of names is turned round by priority",
      [part("a", "0-4", { priority: 5 }), part("b", "4-7")],
      [overlap(pf(1), "b", "a")],
    ],
    [
      "the second pair of names",
      [
        policy("a", { nicSelector: { pfNames: ["x#0-1", "ens1f0#0-3"] } }),
        policy("b", { nicSelector: { pfNames: ["x#2-3", "ens1f0#0-3"] } }),
      ],
      [overlap("[0].spec.nicSelector.pfNames[1]", "a", "b")],
    ],
    [
      "different vendors",
      [
        policy("a", { nicSelector: { vendor: "8086", pfNames: ["ens1f0"] } }),
        policy("b", { nicSelector: { vendor: "15b3", pfNames: ["ens1f0"] } }),
      ],
      [overlap(pf(0), "a", "b")],
    ],
    [
      "different vendors, and a part beside the whole",
      [
        policy("a", { nicSelector: { vendor: "8086", pfNames: ["ens1f0"] } }),
        policy("b", { nicSelector: { vendor: "15b3", pfNames: ["ens1f0#0-1"] } }),
      ],
      [],
    ],
    [
      "different addresses",
      [
        policy("a", { nicSelector: { rootDevices: ["0000:01:00.0"], pfNames: ["ens1f0"] } }),
        policy("b", { nicSelector: { rootDevices: ["0000:02:00.0"], pfNames: ["ens1f0"] } }),
      ],
      [overlap(pf(0), "a", "b")],
    ],
    [
      "different vendors, one managed externally",
      [
        policy("a", { nicSelector: { vendor: "8086", pfNames: ["ens1f0#0-1"] } }),
        policy("b", { nicSelector: { vendor: "15b3", pfNames: ["ens1f0#2-3"] }, externallyManaged: true }),
      ],
      [["sriov/card-settings", "[0].spec.externallyManaged", ["a", "b"]]],
    ],
    [
      "different vendors and modes",
      [
        policy("a", { nicSelector: { vendor: "8086", pfNames: ["ens1f0#0-1"] } }),
        policy("b", { nicSelector: { vendor: "15b3", pfNames: ["ens1f0#2-3"] }, eSwitchMode: "switchdev" }),
      ],
      [],
    ],
    [
      "different nodes",
      [policy("a", { nodeSelector: { zone: "a" } }), policy("b", { nodeSelector: { zone: "b" } })],
      [],
    ],
    [
      "nodes of which one selector asks for more",
      [policy("a", { nodeSelector: { zone: "a", rack: "1" } }), policy("b", { nodeSelector: { zone: "a" } })],
      [overlap(pf(0), "a", "b")],
    ],
    [
      "other namespaces, names and kinds",
      [
        policy("a"),
        { ...policy("b"), metadata: { name: "b", namespace: "default" } },
        policy("default"),
        { ...policy("c"), kind: "SriovNetworkPoolConfig" },
      ],
      [],
    ],
    [
      "the same resource on two parts",
      [part("a", "0-3", { resourceName: "r" }), part("b", "4-7", { resourceName: "r" })],
      [["sriov/same-resource", "[0].spec.resourceName", ["a", "b"]]],
    ],
    [
      "different numbers",
      [part("a", "0-3", { numVfs: 4 }), part("b", "4-7")],
      [["sriov/num-vfs-differ", "[0].spec.numVfs", ["a", "b"]]],
    ],
    [
      "different modes",
      [part("a", "0-3", { eSwitchMode: "switchdev" }), part("b", "4-7")],
      [["sriov/card-settings", "[0].spec.eSwitchMode", ["a", "b"]]],
    ],
    ["the default mode in words", [part("a", "0-3", { eSwitchMode: "legacy" }), part("b", "4-7")], []],
    [
      "one managed externally",
      [part("a", "0-3", { externallyManaged: true }), part("b", "4-7")],
      [["sriov/card-settings", "[0].spec.externallyManaged", ["a", "b"]]],
    ],
    [
      "the same root device",
      [
        policy("a", { nicSelector: { rootDevices: ["0000:01:00.0"] } }),
        policy("b", { nicSelector: { rootDevices: ["0000:02:00.0", "0000:01:00.0"] } }),
      ],
      [["sriov/root-device-shared", "[0].spec.nicSelector.rootDevices[0]", ["a", "b"]]],
    ],
    [
      "excludeTopology of one resource",
      [
        policy("a", { resourceName: "r", excludeTopology: true }),
        policy("b", { resourceName: "r", nicSelector: { pfNames: ["ens1f1"] } }),
      ],
      [["sriov/exclude-topology", "[0].spec.excludeTopology", ["a", "b"]]],
    ],
    [
      "a netFilter, which configures nothing, beside the same name",
      [policy("a", { nicSelector: { netFilter: "x", pfNames: ["ens1f0"] } }), policy("b")],
      [overlap(pf(0), "a", "b")],
    ],
    [
      "a netFilter beside the whole of what it names a part of",
      [policy("a", { nicSelector: { netFilter: "x", pfNames: ["ens1f0#0-1"] } }), policy("b")],
      [],
    ],
    ["values that are not known", [policy("a", { nicSelector: undefined }), policy("b")], []],
  ];
  for (const [title, objects, expected] of cases) it(title, () => expect(found(objects)).to.deep.equal(expected));

  it("numbers, modes and resources that are not known say nothing", () => {
    const unknown = ["numVfs", "eSwitchMode", "externallyManaged", "excludeTopology", "resourceName"];
    for (const key of unknown) {
      const one = part("a", "0-3", { [key]: undefined });
      expect(found([one, part("b", "4-7")]), key).to.deep.equal([]);
    }
  });
});

describe("SR-IOV policies together, with an inventory", () => {
  it("are compared by the cards that they select, whatever they select them by", () => {
    const byVendor = policy("a", { nicSelector: { vendor: "15b3" } });
    const byAddress = policy("b", { nicSelector: { rootDevices: ["0000:3b:00.0"] } });
    expect(found([byVendor, byAddress], nodes)).to.deep.equal([overlap("[0].spec.nicSelector", "a", "b")]);
    expect(found([byVendor, byAddress])).to.deep.equal([]);
    expect(found([byVendor, policy("b", { nicSelector: { vendor: "8086" } })], nodes)).to.deep.equal([]);
  });

  it("are compared by names that no card has as well, as the webhook does", () => {
    const named = (name: string, first: string, more: JsonObject = {}): KubernetesObject =>
      policy(name, { nicSelector: { pfNames: [first, "nowhere"] }, ...more });
    expect(found([named("a", "ens1f0"), named("b", "ens2f0")], nodes)).to.deep.equal([
      overlap("[0].spec.nicSelector.pfNames[1]", "a", "b"),
    ]);
    const external = named("b", "ens2f0", { externallyManaged: true });
    expect(found([named("a", "ens1f0"), external], nodes)).to.deep.equal([
      ["sriov/card-settings", "[0].spec.externallyManaged", ["a", "b"]],
    ]);
  });

  it("may make an exception of a weaker one for a class of cards", () => {
    const all = policy("all", { nicSelector: { vendor: "15b3" }, eSwitchMode: "switchdev" });
    const special = policy("special", { priority: 10 });
    expect(found([all, special], nodes)).to.deep.equal([
      ["sriov/policy-overridden", "[0].spec.nicSelector", ["all", "special"]],
    ]);
  });

  it("are compared on nodes that both select", () => {
    const [one, other] = ["w0", "w1"].map((name) =>
      policy(name, { nodeSelector: { "kubernetes.io/hostname": name } }),
    ) as [KubernetesObject, KubernetesObject];
    expect(found([one, other], nodes)).to.deep.equal([]);
    expect(found([one, policy("all")], nodes)).to.have.length(1);
  });
});

const make = (kind: string, name: string, spec: JsonObject, namespace = sriovNamespace): KubernetesObject => ({
  apiVersion: "sriovnetwork.openshift.io/v1",
  kind,
  metadata: { name, namespace },
  spec,
});

describe("SR-IOV pools and networks together", () => {
  const expressions = (operator: string, values: string[] = []): JsonObject => ({
    nodeSelector: { matchExpressions: [{ key: "zone", operator, values }] },
  });
  const inventory = [worker("w0", [], { zone: "a" })];
  const twice = (one: JsonObject, other: JsonObject): Found[] =>
    found([make("SriovNetworkPoolConfig", "a", one), make("SriovNetworkPoolConfig", "b", other)], inventory);
  const finding: Found = ["sriov/node-in-two-pools", "[1].spec.nodeSelector", ["b", "a"]];

  it("a node is in one pool only", () => {
    expect(twice({}, {})).to.deep.equal([finding]);
    expect(twice({}, { nodeSelector: { matchLabels: { zone: "a" } } })).to.deep.equal([finding]);
    expect(twice({}, { nodeSelector: { matchLabels: { zone: "b" } } })).to.deep.equal([]);
    expect(twice({}, { ovsHardwareOffloadConfig: { name: "worker" } })).to.deep.equal([]);
    for (const fits of [expressions("In", ["a"]), expressions("NotIn", ["b"]), expressions("Exists")])
      expect(twice({}, fits)).to.deep.equal([finding]);
    for (const not of [expressions("In", ["b"]), expressions("NotIn", ["a"]), expressions("DoesNotExist")])
      expect(twice({}, not)).to.deep.equal([]);
  });

  it("a network asks for a resource that a policy offers", () => {
    const network = make("SriovNetwork", "n", { resourceName: "slow" });
    expect(found([policy("fast"), network])).to.deep.equal([
      ["sriov/network-without-policy", "[1].spec.resourceName", ["n"]],
    ]);
    expect(found([network])).to.deep.equal([]);
    expect(found([policy("slow"), network])).to.deep.equal([]);
    expect(found([policy("fast", { resourceName: undefined }), network])).to.deep.equal([]);
  });

  it("a network on vfio-pci has no use for IPAM", () => {
    const network = make("SriovNetwork", "n", { resourceName: "fast", ipam: '{"type":"dhcp"}' });
    expect(found([policy("fast", { deviceType: "vfio-pci" }), network])).to.deep.equal([
      ["sriov/vfio-ipam", "[1].spec.ipam", ["n", "fast"]],
    ]);
    expect(found([policy("fast"), network])).to.deep.equal([]);
  });

  it("an attachment has one maker", () => {
    const network = make("SriovNetwork", "n", { resourceName: "fast", networkNamespace: "web" });
    const same = make("SriovIBNetwork", "n", { resourceName: "fast", networkNamespace: "web" });
    const own = { ...make("NetworkAttachmentDefinition", "n", {}, "web"), apiVersion: "k8s.cni.cncf.io/v1" };
    expect(found([network, own])).to.deep.equal([["sriov/attachment-twice", "[0].metadata.name", ["n", "n"]]]);
    expect(found([network, same]).map(([rule]) => rule)).to.deep.equal([
      "sriov/attachment-twice",
      "sriov/attachment-twice",
    ]);
    const elsewhere = make("SriovNetwork", "n", {
      resourceName: "fast",
      networkNamespace: undefined,
    });
    expect(found([network, elsewhere])).to.deep.equal([]);
  });
});
