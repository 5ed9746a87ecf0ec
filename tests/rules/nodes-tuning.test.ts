import { expect } from "chai";
import * as fc from "fast-check";
import { defaultVersions } from "../../model";
import type { InventoryNode, JsonObject, KubernetesObject } from "../../model";
import { commonCpus, evaluate, parseCpuSet, performanceProfileRules, tunedRules, tuningNamespace } from "../../rules";
import { merged, testFine, testRules } from "./support";

const role = "node-role.kubernetes.io/worker";
const profile = (input: JsonObject): KubernetesObject =>
  merged(
    {
      apiVersion: "performance.openshift.io/v2",
      kind: "PerformanceProfile",
      metadata: { name: "p" },
      spec: { cpu: { reserved: "0-1", isolated: "2-3" }, nodeSelector: { [role]: "" } },
    },
    input,
  ) as unknown as KubernetesObject;
const spec = (content: JsonObject): JsonObject => ({ spec: content });
const cpu = (content: JsonObject): JsonObject => spec({ cpu: content });
const pages = (list: JsonObject[], more: JsonObject = { defaultHugepagesSize: "1G" }): JsonObject =>
  spec({ hugepages: { ...more, pages: list } });
const device = (content: JsonObject): JsonObject => spec({ net: { devices: [content] } });
const hint = (workloadHints: JsonObject, more: JsonObject = {}): JsonObject => spec({ workloadHints, ...more });
const nodes = (...cpus: number[]): InventoryNode[] =>
  cpus.map((count, index) => ({ name: `n${index}`, role: "worker", cpus: count, memory: "1Gi", nics: [] }));

const needInventory = new Set(["nodes/profile-node-cpus", "nodes/profile-same-nodes"]);

testRules(
  "rules of a PerformanceProfile",
  performanceProfileRules.filter((rule) => !needInventory.has(rule.id)),
  profile,
  {
    "nodes/profile-cpu-list": {
      bad: [
        [cpu({ reserved: "" }), "spec.cpu.reserved"],
        [cpu({ isolated: "3-2" }), "spec.cpu.isolated"],
        [cpu({ shared: "a" }), "spec.cpu.shared"],
        [cpu({ offlined: "0,,1" }), "spec.cpu.offlined"],
        [cpu({ isolated: "2-99999999" }), "spec.cpu.isolated"],
      ],
      good: [{}, cpu({ offlined: "", shared: "4,6-7" }), cpu({ isolated: undefined })],
    },
    "nodes/profile-cpu-overlap": {
      bad: [
        [cpu({ isolated: "1-3" }), "spec.cpu.isolated"],
        [cpu({ offlined: "3,5" }), "spec.cpu.offlined"],
        [cpu({ shared: "0" }), "spec.cpu.shared"],
      ],
      good: [cpu({ offlined: "4", shared: "5", ovsDpdk: "6" }), cpu({ isolated: "x" })],
    },
    "nodes/profile-selectors": {
      bad: [
        [spec({ nodeSelector: { a: "b" } }), "spec.nodeSelector"],
        [spec({ machineConfigLabel: { a: "b", c: "d" } }), "spec.machineConfigLabel"],
        [spec({ machineConfigPoolSelector: { a: "b", c: "d" } }), "spec.machineConfigPoolSelector"],
      ],
      good: [
        {},
        spec({ nodeSelector: undefined }),
        spec({ machineConfigLabel: { a: "b" }, machineConfigPoolSelector: { a: "b" } }),
      ],
    },
    "nodes/profile-kernel-page-size": {
      bad: [
        [spec({ kernelPageSize: "16k" }), "spec.kernelPageSize"],
        [spec({ kernelPageSize: "64k", realTimeKernel: { enabled: true } }), "spec.kernelPageSize"],
      ],
      good: [spec({ kernelPageSize: "4k" }), spec({ kernelPageSize: "64k" }), {}],
    },
    "nodes/profile-hugepage-size": {
      bad: [
        [pages([{ size: "1Gi", count: 1 }]), "spec.hugepages.pages[0].size"],
        [pages([{ size: "512M" }]), "spec.hugepages.pages[0].size"],
        [spec({ hugepages: { defaultHugepagesSize: "4M" } }), "spec.hugepages.defaultHugepagesSize"],
        [
          spec({ kernelPageSize: "64k", hugepages: { defaultHugepagesSize: "1G" } }),
          "spec.hugepages.defaultHugepagesSize",
        ],
        [pages([{ size: "1G" }], {}), "spec.hugepages.defaultHugepagesSize"],
      ],
      good: [
        pages([{ size: "1G" }, { size: "2M" }, {}]),
        spec({ kernelPageSize: "64k", hugepages: { defaultHugepagesSize: "512M" } }),
        spec({ kernelPageSize: "other", hugepages: { defaultHugepagesSize: "3M" } }),
      ],
    },
    "nodes/profile-hugepage-arm": {
      bad: [[pages([{ size: "32M" }]), "spec.hugepages.pages[0].size"]],
      good: [pages([{ size: "2M" }])],
    },
    "nodes/profile-hugepage-repeated": {
      bad: [
        [pages([{ size: "1G" }, { size: "1G" }]), "spec.hugepages.pages[1]"],
        [
          pages([
            { size: "1G", node: 0 },
            { size: "1G", node: 0 },
          ]),
          "spec.hugepages.pages[1]",
        ],
      ],
      good: [
        pages([{ size: "1G", node: 0 }, { size: "1G", node: 1 }, { size: "1G" }, {}, {}]),
        pages([{ size: "1G" }, { size: "1G", node: undefined }]),
      ],
    },
    "nodes/profile-topology": {
      bad: [[spec({ numa: { topologyPolicy: "single" } }), "spec.numa.topologyPolicy"]],
      good: [spec({ numa: { topologyPolicy: "restricted" } }), spec({ numa: {} })],
    },
    "nodes/profile-device": {
      bad: [
        [device({ interfaceName: "" }), "spec.net.devices[0].interfaceName"],
        [device({ vendorID: "15b3" }), "spec.net.devices[0].vendorID"],
        [device({ vendorID: "0x15b3", deviceID: "0x10177" }), "spec.net.devices[0].deviceID"],
        [device({ deviceID: "0x1017" }), "spec.net.devices[0].vendorID"],
      ],
      good: [device({ interfaceName: "ens*" }), device({ vendorID: "0x15b3", deviceID: "0x1017" })],
    },
    "nodes/profile-hints": {
      bad: [
        [hint({ realTime: false }, { realTimeKernel: { enabled: true } }), "spec.workloadHints.realTime"],
        [hint({ highPowerConsumption: true, perPodPowerManagement: true }), "spec.workloadHints.highPowerConsumption"],
        [hint({ mixedCpus: true }), "spec.workloadHints.mixedCpus"],
        [hint({ mixedCpus: true }, { cpu: { shared: "" } }), "spec.workloadHints.mixedCpus"],
      ],
      good: [
        hint({ mixedCpus: true }, { cpu: { shared: "4" } }),
        hint({ realTime: false }),
        hint({ mixedCpus: false }),
      ],
    },
    "nodes/profile-frequency": {
      bad: [
        [spec({ hardwareTuning: { isolatedCpuFreq: 1 } }), "spec.hardwareTuning.reservedCpuFreq"],
        [spec({ hardwareTuning: { isolatedCpuFreq: 0, reservedCpuFreq: 1 } }), "spec.hardwareTuning.isolatedCpuFreq"],
      ],
      good: [spec({ hardwareTuning: { isolatedCpuFreq: 2, reservedCpuFreq: 1 } }), {}],
    },
    "nodes/profile-kubelet-annotation": {
      bad: ["{", "[]", "1"].map((text): [JsonObject, string] => [
        { metadata: { annotations: { "kubeletconfig.experimental": text } } },
        'metadata.annotations["kubeletconfig.experimental"]',
      ]),
      good: [{ metadata: { annotations: { "kubeletconfig.experimental": '{"maxPods":500}' } } }, {}],
    },
  },
);

testFine(
  "rules of a PerformanceProfile and a fine one",
  performanceProfileRules,
  profile({
    metadata: { annotations: { "kubeletconfig.experimental": "{}" } },
    spec: {
      cpu: { shared: "4", offlined: "5" },
      hugepages: { defaultHugepagesSize: "1G", pages: [{ size: "1G", count: 4, node: 0 }] },
      kernelPageSize: "4k",
      workloadHints: { mixedCpus: true, realTime: true },
      realTimeKernel: { enabled: true },
      net: { devices: [{ vendorID: "0x15b3", deviceID: "0x1017" }] },
      hardwareTuning: { isolatedCpuFreq: 2, reservedCpuFreq: 1 },
      numa: { topologyPolicy: "restricted" },
    },
  }),
);

describe("rules of a PerformanceProfile and the nodes it is for", () => {
  const found = (object: KubernetesObject, list?: InventoryNode[]): string[] =>
    evaluate(performanceProfileRules, object, { versions: defaultVersions, ...(list ? { nodes: list } : {}) }).map(
      ({ rule, path }) => `${rule} ${path}`,
    );

  it("say nothing without an inventory, or when every CPU is in a list", () => {
    expect(found(profile({}))).to.deep.equal([]);
    expect(found(profile({}), nodes(4, 4))).to.deep.equal([]);
    expect(found(profile({ spec: { cpu: { isolated: undefined } } }), nodes(4))).to.deep.equal([]);
    expect(found(profile({ spec: { cpu: { isolated: "", reserved: "" } } }), nodes(4))).to.not.include(
      "nodes/profile-node-cpus spec.cpu",
    );
    expect(found(profile({ spec: { nodeSelector: { [role]: null, "a/b": "" } } }), nodes(9))).to.be.an("array");
  });

  it("tell of CPUs that a node does not have, or that are in no list", () => {
    expect(found(profile({}), nodes(3))).to.deep.equal(["nodes/profile-node-cpus spec.cpu"]);
    expect(found(profile({}), nodes(8))).to.deep.equal(["nodes/profile-node-cpus spec.cpu"]);
  });

  it("want nodes of one size", () => {
    expect(found(profile({}), nodes(4, 8))).to.deep.equal(["nodes/profile-same-nodes spec.nodeSelector"]);
  });
});

describe("lists of CPUs", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 300 }));

  it("are read back whatever their order", () => {
    fc.assert(
      fc.property(numbers, (cpus) => {
        expect([...(parseCpuSet(cpus.join(",")) ?? [])].sort()).to.deep.equal([...cpus].sort());
      }),
    );
  });

  it("say the same as ranges", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(50), (first, more) => {
        const list = Array.from({ length: more + 1 }, (_, index) => first + index);
        expect([...(parseCpuSet(`${first}-${first + more}`) ?? [])]).to.deep.equal(list);
      }),
    );
  });

  it("have in common what both have", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const common = commonCpus(new Set(a), new Set(b));
        expect(common).to.deep.equal(a.filter((each) => b.includes(each)).sort((x, y) => x - y));
      }),
    );
  });
});

const tuned = (input: JsonObject): KubernetesObject =>
  merged(
    {
      apiVersion: "tuned.openshift.io/v1",
      kind: "Tuned",
      metadata: { name: "t", namespace: tuningNamespace },
      spec: {},
    },
    input,
  ) as unknown as KubernetesObject;
const main = "[main]\ninclude=openshift-node";
const entry = { profile: "a", priority: 20, match: [{ label: role }] };

testRules("rules of a Tuned", tunedRules, tuned, {
  "nodes/tuned-namespace": {
    bad: [[{ metadata: { namespace: "default" } }, "metadata.namespace"]],
    good: [{}, { metadata: { namespace: undefined } }],
  },
  "nodes/tuned-own-name": {
    bad: ["default", "rendered", "openshift-node-performance-x"].map((name): [JsonObject, string] => [
      { metadata: { name } },
      "metadata.name",
    ]),
    good: [{ metadata: { name: "defaults" } }],
  },
  "nodes/tuned-profile-repeated": {
    bad: [[spec({ profile: [{ name: "a" }, { name: "a" }] }), "spec.profile[1].name"]],
    good: [spec({ profile: [{ name: "a" }, { name: "b" }, {}] })],
  },
  "nodes/tuned-recommend": {
    bad: [[spec({ profile: [{ name: "a", data: main }] }), "spec.profile[0].name"]],
    good: [
      spec({ profile: [{ name: "a", data: main }], recommend: [entry] }),
      spec({
        profile: [
          { name: "b", data: main },
          { name: "a", data: "[main]\ninclude=b" },
        ],
        recommend: [entry],
      }),
      spec({ profile: [{ name: "a", data: main }], recommend: undefined }),
    ],
  },
  "nodes/tuned-everywhere": {
    bad: [[spec({ recommend: [{ profile: "a", priority: 1 }] }), "spec.recommend[0]"]],
    good: [spec({ recommend: [entry, { profile: "a", priority: 1, machineConfigLabels: { a: "b" } }] })],
  },
  "nodes/tuned-main": {
    bad: [[spec({ profile: [{ name: "a", data: "[sysctl]" }] }), "spec.profile[0].data"]],
    good: [spec({ profile: [{ name: "a", data: main }, { name: "b" }] })],
  },
});

testFine(
  "rules of a Tuned and a fine one",
  tunedRules,
  tuned({ spec: { profile: [{ name: "a", data: main }], recommend: [entry] } }),
);
