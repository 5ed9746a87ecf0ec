import { expect } from "chai";
import { findingText } from "../../model";
import type { Finding, JsonObject, KubernetesObject } from "../../model";
import { evaluate, machineSetRules, virtualMachineRules } from "../../rules";

const definition = (name: string, namespace: string, config: JsonObject, annotations = {}): KubernetesObject => ({
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name, namespace, annotations },
  spec: { config: JSON.stringify({ cniVersion: "0.3.1", name, ...config }) },
});

const machine = (
  name: string,
  namespace: string,
  spec: JsonObject,
  template: JsonObject,
  metadata: JsonObject = {},
): KubernetesObject => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name, namespace, ...metadata },
  spec: { ...spec, template: { metadata: { labels: { app: name } }, spec: template } },
});

const multus = (name: string, networkName: string): JsonObject => ({ name, multus: { networkName } });
const root = (name: string): JsonObject[] => [{ name: "root", dataVolume: { name } }];
const pod = { name: "default", pod: {} };
const masquerade = { name: "default", masquerade: {} };
const annotations = { "k8s.v1.cni.cncf.io/networks": '[{"name":"management","ips":["192.168.100.50/24"]}]' };
const fixedAddress = { type: "static", addresses: [{ address: "192.168.100.0/24" }] };

/** The three machines of the source document and its networks, in its form. */
const wrong: KubernetesObject[] = [
  definition("management", "infra", { type: "macvlan", master: "ens192", mode: "bridge", ipam: fixedAddress }),
  definition("vlan-100", "prod", { type: "macvlan", master: "ens192.100", mode: "bridge", ipam: { type: "dhcp" } }),
  definition("fast", "prod", { type: "sriov", deviceID: "1017", vf: 0, ipam: fixedAddress }),
  definition("vm-network", "database", { type: "cilium-cni", ipam: { type: "cilium" } }),
  machine(
    "many",
    "infra",
    { running: true },
    {
      domain: {
        cpu: { cores: 4 },
        memory: { guest: "8Gi" },
        devices: {
          interfaces: [masquerade, { name: "management", bridge: {} }, { name: "vlan", bridge: {} }],
          disks: [{ name: "root", disk: { bus: "virtio" } }],
        },
        resources: { requests: { cpu: 4, memory: "8Gi" } },
      },
      networks: [pod, multus("management", "management"), multus("vlan", "vlan-100")],
      volumes: root("many-root"),
    },
    { annotations },
  ),
  machine(
    "quick",
    "prod",
    { running: true },
    {
      domain: {
        cpu: { cores: 8, dedicatedCpuPlacement: true },
        memory: { guest: "16Gi", hugepages: { pageSize: "1Gi" } },
        devices: {
          interfaces: [masquerade, { name: "management", bridge: {} }, { name: "fast", sriov: {} }],
          disks: [{ name: "root", disk: { bus: "virtio" } }],
        },
        resources: { requests: { cpu: 8, memory: "16Gi", "hugepages-1Gi": "16Gi" } },
      },
      networks: [pod, multus("management", "management"), multus("fast", "fast")],
      volumes: root("quick-root"),
    },
    { annotations },
  ),
  machine(
    "database",
    "database",
    {},
    {
      domain: { devices: { interfaces: [masquerade, { name: "vm-network", bridge: {} }] } },
      networks: [pod, multus("vm-network", "vm-network")],
    },
  ),
];

/** The same with what the findings ask for. */
const corrected: KubernetesObject[] = [
  definition("management", "infra", { type: "cnv-bridge", bridge: "br-tenant" }),
  definition("vlan-100", "infra", { type: "cnv-bridge", bridge: "br-tenant", vlan: 100 }),
  definition("management", "prod", { type: "cnv-bridge", bridge: "br-tenant" }),
  {
    apiVersion: "sriovnetwork.openshift.io/v1",
    kind: "SriovNetwork",
    metadata: { name: "fast", namespace: "openshift-sriov-network-operator" },
    spec: { resourceName: "fast", networkNamespace: "prod" },
  },
  machine(
    "many",
    "infra",
    {
      runStrategy: "Always",
      dataVolumeTemplates: [
        {
          metadata: { name: "many-root" },
          spec: {
            source: { registry: { url: "docker://example.com/image" } },
            storage: { resources: { requests: { storage: "30Gi" } } },
          },
        },
      ],
    },
    {
      domain: {
        cpu: { cores: 4 },
        memory: { guest: "8Gi" },
        devices: {
          interfaces: [masquerade, { name: "management", bridge: {} }, { name: "vlan", bridge: {} }],
          disks: [{ name: "root", disk: { bus: "virtio" } }],
        },
      },
      networks: [pod, multus("management", "management"), multus("vlan", "vlan-100")],
      volumes: root("many-root"),
    },
  ),
  { apiVersion: "cdi.kubevirt.io/v1beta1", kind: "DataVolume", metadata: { name: "quick-root", namespace: "prod" } },
  machine(
    "quick",
    "prod",
    { runStrategy: "Always" },
    {
      evictionStrategy: "LiveMigrateIfPossible",
      domain: {
        cpu: { cores: 8, dedicatedCpuPlacement: true },
        memory: { guest: "16Gi", hugepages: { pageSize: "1Gi" } },
        devices: {
          interfaces: [masquerade, { name: "management", bridge: {} }, { name: "fast", sriov: {} }],
          disks: [{ name: "root", disk: { bus: "virtio" } }],
        },
      },
      networks: [pod, multus("management", "management"), multus("fast", "fast")],
      volumes: root("quick-root"),
    },
  ),
  machine(
    "database",
    "database",
    { runStrategy: "Halted" },
    {
      domain: { memory: { guest: "4Gi" }, devices: { interfaces: [masquerade] } },
      networks: [pod],
    },
  ),
];

const serious = (found: Finding[]): Finding[] => found.filter((each) => each.severity !== "info");
const ofMachine = (objects: KubernetesObject[], name: string): Finding[] =>
  evaluate(
    virtualMachineRules,
    objects.find((each) => each.kind === "VirtualMachine" && each.metadata.name === name)!,
  );
const ofSet = (objects: KubernetesObject[]): Finding[] => evaluate(machineSetRules, objects);

describe("the machines of the source document", () => {
  const expected: Record<string, string[]> = {
    many: ["cpu-twice", "networks-annotation", "running-deprecated"],
    quick: ["cpu-twice", "eviction-unsaid", "hugepages-request", "networks-annotation", "running-deprecated"],
    database: ["memory", "run-strategy"],
  };
  for (const [name, rules] of Object.entries(expected)) {
    it(`${name}: each fault is found, with reason, fix and source`, () => {
      const found = ofMachine(wrong, name);
      expect(found.map((each) => each.rule).sort()).to.deep.equal(rules.map((rule) => `machines/${rule}`));
      for (const each of found) {
        expect(findingText(each)).to.match(/^\S.*\.$/s);
        expect(each.fix, each.rule).to.not.equal(undefined);
        expect(each.source, each.rule).to.not.equal(undefined);
      }
    });
  }

  it("their networks are found wrong", () => {
    const found = ofSet(wrong).map((each) => `${each.rule} ${each.path}`);
    const nic = (at: number, index: number, binding: string): string =>
      `[${at}].spec.template.spec.domain.devices.interfaces[${index}].${binding}`;
    const network = (at: number, index: number): string =>
      `[${at}].spec.template.spec.networks[${index}].multus.networkName`;
    expect(found).to.have.members([
      `machines/network-plugin ${nic(4, 1, "bridge")}`,
      `machines/network-binding ${nic(5, 2, "sriov")}`,
      `machines/network-address-unused ${network(5, 2)}`,
      `machines/network-plugin ${network(6, 1)}`,
      "machines/data-volume-missing [4].spec.template.spec.volumes[0].dataVolume.name",
      "machines/data-volume-missing [5].spec.template.spec.volumes[0].dataVolume.name",
    ]);
  });

  it("nothing is said of the corrected forms", () => {
    for (const name of Object.keys(expected)) expect(serious(ofMachine(corrected, name)), name).to.deep.equal([]);
    expect(ofSet(corrected)).to.deep.equal([]);
  });
});

describe("machines and networks together", () => {
  const nic = (namespace: string, networkName: string, content: JsonObject): KubernetesObject =>
    machine(
      "vm",
      namespace,
      {},
      {
        networks: [multus("a", networkName)],
        domain: { devices: { interfaces: [{ name: "a", ...content }] } },
      },
    );
  const found = (...objects: KubernetesObject[]): string[] => ofSet(objects).map((each) => each.rule.slice(9));
  const bridge = definition("a", "web", { type: "cnv-bridge", bridge: "br" });

  it("a network that nothing makes", () => {
    const space = { apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } };
    expect(found(space, nic("web", "b", { bridge: {} }))).to.deep.equal(["network-missing"]);
    expect(found(bridge, nic("web", "b", { bridge: {} }))).to.deep.equal(["network-missing"]);
    expect(found(nic("web", "b", { bridge: {} }))).to.deep.equal([]);
    expect(found(bridge, nic("db", "web/a", { bridge: {} }))).to.deep.equal([]);
  });

  it("plugins that work and that do not", () => {
    const over = (config: JsonObject, binding: JsonObject): string[] =>
      found(definition("a", "web", config), nic("web", "a", binding));
    expect(over({ type: "macvlan", mode: "passthru" }, { bridge: {} })).to.deep.equal([]);
    expect(over({ type: "macvlan" }, { bridge: {} })).to.deep.equal(["network-plugin"]);
    expect(over({ type: "ipvlan" }, { bridge: {} })).to.deep.equal(["network-plugin"]);
    expect(over({ type: "sriov" }, { bridge: {} })).to.deep.equal(["network-bridge-function"]);
    expect(over({ type: "cnv-bridge" }, { sriov: {} })).to.deep.equal(["network-binding"]);
    expect(over({ plugins: [{ type: "ipvlan" }] }, { bridge: {} })).to.deep.equal(["network-plugin"]);
    const odd = { ...bridge, spec: { config: "[" } };
    expect(found(odd, { ...bridge, spec: { config: "[]" } }, nic("web", "a", { sriov: {} }))).to.deep.equal([]);
  });

  it("networks of the SR-IOV operator are there before their definitions", () => {
    const network = (spec: JsonObject): KubernetesObject => ({
      apiVersion: "sriovnetwork.openshift.io/v1",
      kind: "SriovNetwork",
      metadata: { name: "a", namespace: "web" },
      spec,
    });
    expect(found(network({}), nic("web", "a", { sriov: {} }))).to.deep.equal([]);
    expect(found(network({ ipam: '{"type":"static"}' }), nic("web", "a", { sriov: {} }))).to.deep.equal([
      "network-address-unused",
    ]);
  });

  it("addresses that two machines would share", () => {
    const fixed = definition("a", "web", { type: "cnv-bridge", ipam: fixedAddress });
    const one = nic("web", "a", { bridge: {} });
    expect(found(fixed, one)).to.deep.equal([]);
    expect(found(fixed, one, one)).to.deep.equal(["network-address-shared"]);
    const mac = (macAddress: string): KubernetesObject => nic("web", "a", { bridge: {}, macAddress });
    expect(found(mac("02:00:00:00:00:0A"), mac("02-00-00-00-00-0a"))).to.deep.equal(["mac-address-repeated"]);
    expect(found(mac("02:00:00:00:00:01"), mac("02:00:00:00:00:02"))).to.deep.equal([]);
  });

  it("a Service that selects labels of the machine instead of its pod's", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "a", namespace: "web" },
      spec: { selector: { role: "web" } },
    };
    const labels = { labels: { role: "web" } };
    expect(found(service, machine("vm", "web", {}, {}, labels))).to.deep.equal(["service-selects-none"]);
    expect(found(service, machine("vm", "web", {}, {}))).to.deep.equal([]);
    expect(found(service, machine("vm", "db", {}, {}, labels))).to.deep.equal([]);
  });

  it("values that are not known yet", () => {
    const unknown = nic("web", "a", { bridge: {} });
    const metadata = { name: "vm", namespace: undefined } as unknown as KubernetesObject["metadata"];
    expect(found(bridge, { ...unknown, metadata })).to.deep.equal([]);
    expect(found(bridge, machine("vm", "web", {}, { networks: undefined }))).to.deep.equal([]);
  });
});
