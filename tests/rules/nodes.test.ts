import { expect } from "chai";
import { defaultVersions } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import { evaluate, machineConfigPoolRules, machineConfigRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const api = "machineconfiguration.openshift.io/v1";
const role = "machineconfiguration.openshift.io/role";
const files = "spec.config.storage.files";
const units = "spec.config.systemd.units";

const fineConfig = {
  apiVersion: api,
  kind: "MachineConfig",
  metadata: { name: "60-worker-files", labels: { [role]: "worker" } },
  spec: {
    kernelArguments: ["iommu=pt", "hugepages=4"],
    extensions: ["usbguard"],
    config: {
      ignition: { version: "3.2.0" },
      storage: { files: [{ path: "/etc/a", mode: 420, overwrite: true, contents: { source: "data:;base64,YQ==" } }] },
      systemd: { units: [{ name: "a.service", enabled: true, dropins: [{ name: "b.conf", contents: "x" }] }] },
      passwd: { users: [{ name: "core", sshAuthorizedKeys: ["ssh-ed25519 A"] }] },
    },
  },
} as unknown as KubernetesObject;

const config = (input: JsonObject): KubernetesObject =>
  merged(
    { apiVersion: api, kind: "MachineConfig", metadata: { name: "60-a", labels: { [role]: "worker" } } },
    input,
  ) as unknown as KubernetesObject;

const file = (content: JsonObject): JsonObject => ({ spec: { config: { storage: { files: [content] } } } });
const ignition = (content: JsonObject): JsonObject => ({ spec: { config: content } });

testRules("rules of a MachineConfig", machineConfigRules, config, {
  "nodes/role-label": {
    bad: [
      [{ metadata: { labels: { [role]: "" } } }, `metadata.labels["${role}"]`],
      [{ metadata: { labels: null } }, `metadata.labels["${role}"]`],
    ],
    good: [{}, { metadata: { labels: undefined } }, { metadata: { labels: { [role]: undefined } } }],
  },
  "nodes/kernel-type": {
    bad: [[{ spec: { kernelType: "rt" } }, "spec.kernelType"]],
    good: [{ spec: { kernelType: "realtime" } }],
  },
  "nodes/extensions": {
    bad: [
      [{ spec: { extensions: ["usbguard", "usb"] } }, "spec.extensions[1]"],
      [{ spec: { kernelType: "realtime", extensions: ["kernel-devel"] } }, "spec.extensions[0]"],
    ],
    good: [{ spec: { extensions: ["kernel-devel", "ipsec"] } }],
  },
  "nodes/kernel-argument-repeated": {
    bad: [[{ spec: { kernelArguments: ["a", "b", "a"] } }, "spec.kernelArguments[2]"]],
    good: [{ spec: { kernelArguments: ["hugepagesz=1G", "hugepages=4", "hugepagesz=2M", "hugepages=4"] } }],
  },
  "nodes/kernel-argument-form": {
    bad: [
      [{ spec: { kernelArguments: ["a b"] } }, "spec.kernelArguments[0]"],
      [{ spec: { kernelArguments: [""] } }, "spec.kernelArguments[0]"],
    ],
    good: [{ spec: { kernelArguments: ["a=b", 'dyndbg="file a.c +p"'] } }],
  },
  "nodes/fips": { bad: [[{ spec: { fips: true } }, "spec.fips"]], good: [{ spec: { fips: false } }] },
  "nodes/os-image": {
    bad: [[{ spec: { osImageURL: "quay.io/x" } }, "spec.osImageURL"]],
    good: [{ spec: { osImageURL: "" } }],
  },
  "nodes/name-order": {
    bad: [[{ metadata: { name: "files" } }, "metadata.name"]],
    good: [{ metadata: { name: "99-files" } }],
  },
  "nodes/generated-name": {
    bad: [
      [{ metadata: { name: "rendered-worker-1" } }, "metadata.name"],
      [{ metadata: { name: "99-worker-generated-kubelet" } }, "metadata.name"],
    ],
    good: [{ metadata: { name: "99-worker-rendered" } }],
  },
  "nodes/size": {
    bad: [[file({ path: "/a", contents: { source: `data:,${"a".repeat(1_572_864)}` } }), "spec"]],
    good: [file({ path: "/a" })],
  },
  "nodes/ignition-version": {
    bad: [
      [ignition({ storage: { files: [{ path: "/a" }] } }), "spec.config.ignition.version"],
      [ignition({ ignition: {}, storage: { files: [{ path: "/a" }] } }), "spec.config.ignition.version"],
      [ignition({ ignition: { version: "3.6.0" } }), "spec.config.ignition.version"],
      [ignition({ ignition: { version: "3.2" } }), "spec.config.ignition.version"],
    ],
    good: [
      {},
      ignition({}),
      ignition({ ignition: { version: "3.2.0" } }),
      ignition({ ignition: { version: undefined } }),
    ],
  },
  "nodes/ignition-supported": {
    bad: [
      [ignition({ storage: { directories: [{ path: "/a" }] } }), "spec.config.storage.directories"],
      [ignition({ storage: { flies: [{ path: "/a" }] } }), "spec.config.storage.flies"],
      [ignition({ passwd: { groups: [{ name: "a" }] } }), "spec.config.passwd.groups"],
      [ignition({ ignition: { version: "3.2.0", config: { merge: [{}] } } }), "spec.config.ignition.config"],
    ],
    good: [ignition({ storage: { files: [], directories: [] }, systemd: { units: [] } })],
  },
  "nodes/kernel-arguments-place": {
    bad: [[ignition({ kernelArguments: { shouldExist: ["a"] } }), "spec.config.kernelArguments"]],
    good: [{ spec: { kernelArguments: ["a"] } }],
  },
  "nodes/ignition-users": {
    bad: [
      [ignition({ passwd: { users: [{ name: "root" }] } }), "spec.config.passwd.users[0].name"],
      [
        ignition({ passwd: { users: [{ name: "core", shell: "/bin/zsh", passwordHash: "x" }] } }),
        "spec.config.passwd.users[0].shell",
      ],
      [ignition({ passwd: { users: [{ name: "core" }] } }), "spec.config.passwd.users[0]"],
    ],
    good: [ignition({ passwd: { users: [{ name: "core", passwordHash: "x" }] } })],
  },
  "nodes/unit-name": {
    bad: [
      [ignition({ systemd: { units: [{ name: "a" }] } }), `${units}[0].name`],
      [
        ignition({ systemd: { units: [{ name: "a.timer", dropins: [{ name: "b" }] }] } }),
        `${units}[0].dropins[0].name`,
      ],
    ],
    good: [ignition({ systemd: { units: [{ name: "a@b.service", dropins: [{ name: "10-b.conf" }] }] } })],
  },
  "nodes/ignition-duplicate": {
    bad: [
      [ignition({ storage: { files: [{ path: "/a" }, { path: "/a" }] } }), `${files}[1].path`],
      [ignition({ systemd: { units: [{ name: "a.service" }, { name: "a.service" }] } }), `${units}[1].name`],
      [
        ignition({ systemd: { units: [{ name: "a.service", dropins: [{ name: "b.conf" }, { name: "b.conf" }] }] } }),
        `${units}[0].dropins[1].name`,
      ],
      [
        ignition({
          passwd: {
            users: [
              { name: "core", sshAuthorizedKeys: ["a"] },
              { name: "core", passwordHash: "x" },
            ],
          },
        }),
        "spec.config.passwd.users[1].name",
      ],
      [
        ignition({ passwd: { users: [{ name: "core", sshAuthorizedKeys: ["a", "b", "a"] }] } }),
        "spec.config.passwd.users[0].sshAuthorizedKeys[2]",
      ],
    ],
    good: [ignition({ storage: { files: [{ path: "/a" }, { path: "/b" }] } })],
  },
  "nodes/unit-content": {
    bad: [
      [ignition({ systemd: { units: [{ name: "a.service", contents: "[Unit" }] } }), `${units}[0].contents`],
      [
        ignition({ systemd: { units: [{ name: "a.service", dropins: [{ name: "b.conf", contents: "[A]\nB" }] }] } }),
        `${units}[0].dropins[0].contents`,
      ],
    ],
    good: [ignition({ systemd: { units: [{ name: "a.service", contents: "[Unit]\nA=b\n" }] } })],
  },
  "nodes/file-in-file": {
    bad: [
      [ignition({ storage: { files: [{ path: "/a/b" }, { path: "/a" }] } }), `${files}[0].path`],
      [ignition({ storage: { files: [{ path: "/a" }, { path: "/a/b/c" }] } }), `${files}[1].path`],
    ],
    good: [ignition({ storage: { files: [{ path: "/a" }, { path: "/ab" }, { path: undefined }] } })],
  },
  "nodes/file-mode": {
    bad: [644, 755, 600, 777, 512].map((mode): [JsonObject, string] => [
      file({ path: "/a", mode }),
      `${files}[0].mode`,
    ]),
    good: [420, 493, 384, 0, 511].map((mode) => file({ path: "/a", mode })),
  },
  "nodes/file-mode-decimal": {
    bad: [400, 440, 444].map((mode): [JsonObject, string] => [file({ path: "/a", mode }), `${files}[0].mode`]),
    good: [420, 438, 493, 256, 288, 292].map((mode) => file({ path: "/a", mode })),
  },
  "nodes/file-source": {
    bad: [
      [file({ path: "/a", contents: { source: "https://example.com/a" } }), `${files}[0].contents.source`],
      [file({ path: "/a", contents: { source: "data:text/plain" } }), `${files}[0].contents.source`],
      ...["data:;base64,a b", "data:,a b", "data:,%zz", "data:,a%2", "data:nothing,a", "data:,ü", 'data:,"a"'].map(
        (source): [JsonObject, string] => [file({ path: "/a", contents: { source } }), `${files}[0].contents.source`],
      ),
    ],
    good: [
      "data:,a%20b",
      "data:text/plain;charset=utf-8;base64,YWI=",
      "data:,",
      "data:application/json,%7B%7d",
      "",
    ].map((source) => file({ path: "/a", contents: { source } })),
  },
  "nodes/file-content": {
    bad: [
      [file({ path: "/a", overwrite: true }), `${files}[0].contents.source`],
      [file({ path: "/a", overwrite: true, contents: {} }), `${files}[0].contents.source`],
    ],
    good: [
      file({ path: "/a" }),
      file({ path: "/a", overwrite: true, contents: { source: "data:," } }),
      file({ path: "/a", overwrite: true, contents: undefined }),
    ],
  },
  "nodes/file-append": {
    bad: [[file({ path: "/a", append: [{ source: "data:,a" }] }), `${files}[0].append`]],
    good: [file({ path: "/a", append: [] })],
  },
  "nodes/file-force": {
    bad: [[file({ path: "/run/machine-config-daemon-force" }), `${files}[0].path`]],
    good: [file({ path: "/run/other" })],
  },
  "nodes/file-path": {
    bad: ["etc/a", "/etc//a", "/etc/a/", "/etc/../a", "/etc/./a"].map((path): [JsonObject, string] => [
      file({ path }),
      `${files}[0].path`,
    ]),
    good: ["/etc/a", "/etc/..a", "/etc/.a/b..", undefined].map((path) => file({ path })),
  },
});

testFine("rules of a MachineConfig and a fine one", machineConfigRules, fineConfig);

describe("rules of a MachineConfig by version of OpenShift", () => {
  const at = (openshift: string, object: KubernetesObject): string[] =>
    evaluate(machineConfigRules, object, { versions: { ...defaultVersions, openshift } }).map(({ path }) => path);

  it("take the newest Ignition version that the release reads", () => {
    const object = config(ignition({ ignition: { version: "3.5.0" } }));
    expect(at("4.18", object)).to.deep.equal(["spec.config.ignition.version"]);
    expect(at("4.19", object)).to.deep.equal([]);
    expect(at("4.18", config(ignition({ ignition: { version: "3.4.0" } })))).to.deep.equal([]);
    expect(at("4.99", object)).to.deep.equal([]);
  });

  it("know since when an extension exists", () => {
    const object = config({ spec: { extensions: ["two-node-ha"] } });
    expect(at("4.18", object)).to.deep.equal(["spec.extensions[0]"]);
    expect(at("4.19", object)).to.deep.equal([]);
  });
});

const poolOf = (input: JsonObject): KubernetesObject =>
  merged(
    { apiVersion: api, kind: "MachineConfigPool", metadata: { name: "dpdk" } },
    input,
  ) as unknown as KubernetesObject;

const selector = (values: string[], key = role): JsonObject => ({
  spec: { machineConfigSelector: { matchExpressions: [{ key, operator: "In", values }] } },
});
const labels = (matchLabels: JsonObject): JsonObject => ({ spec: { nodeSelector: { matchLabels } } });

testRules("rules of a MachineConfigPool", machineConfigPoolRules, poolOf, {
  "nodes/pool-selector": {
    bad: [
      [{ spec: {} }, "spec.machineConfigSelector"],
      [{ spec: { machineConfigSelector: {} } }, "spec.machineConfigSelector"],
      [{ spec: { machineConfigSelector: { matchLabels: { [role]: "dpdk" } } } }, "spec.machineConfigSelector"],
      [selector(["dpdk"]), "spec.machineConfigSelector"],
      [selector(["worker"]), "spec.machineConfigSelector"],
    ],
    good: [selector(["worker", "dpdk"]), selector(["x"], "other"), { metadata: { name: "worker" }, spec: {} }],
  },
  "nodes/pool-nodes": {
    bad: [
      [{ spec: {} }, "spec.nodeSelector"],
      [labels({ "node-role.kubernetes.io/master": "" }), "spec.nodeSelector.matchLabels"],
      [labels({ "node-role.kubernetes.io/worker": "" }), "spec.nodeSelector.matchLabels"],
    ],
    good: [labels({ "node-role.kubernetes.io/dpdk": "" }), { metadata: { name: "master" }, spec: {} }],
  },
  "nodes/pool-paused": {
    bad: [
      [{ spec: { paused: true } }, "spec.paused"],
      [{ spec: { paused: false } }, "spec.paused"],
    ],
    good: [{ spec: {} }],
  },
  "nodes/max-unavailable": {
    bad: [-1, "two", "10 %", "50"].map((maxUnavailable): [JsonObject, string] => [
      { spec: { maxUnavailable } },
      "spec.maxUnavailable",
    ]),
    good: [1, 0, "10%", "100%"].map((maxUnavailable) => ({ spec: { maxUnavailable } })),
  },
  "nodes/max-unavailable-zero": {
    bad: [[{ spec: { maxUnavailable: 0 } }, "spec.maxUnavailable"]],
    good: [{ spec: { maxUnavailable: 1 } }],
  },
});

testFine("rules of a MachineConfigPool and a fine one", machineConfigPoolRules, {
  apiVersion: api,
  kind: "MachineConfigPool",
  metadata: { name: "dpdk" },
  spec: {
    maxUnavailable: "10%",
    machineConfigSelector: { matchExpressions: [{ key: role, operator: "In", values: ["worker", "dpdk"] }] },
    nodeSelector: { matchLabels: { "node-role.kubernetes.io/dpdk": "" } },
  },
});
