import type { JsonObject, KubernetesObject } from "../../model";
import {
  ovsNetworkRules,
  sriovIBNetworkRules,
  sriovNetworkNodePolicyRules,
  sriovNetworkRules,
  sriovOperatorConfigRules,
} from "../../rules";
import { hardwareRules } from "../../rules/sriov/hardware";
import { merged, testFine, testRules } from "./support";

const namespace = "openshift-sriov-network-operator";
const build =
  (kind: string, name: string) =>
  (input: JsonObject): KubernetesObject =>
    merged(
      { apiVersion: "sriovnetwork.openshift.io/v1", kind, metadata: { name, namespace } },
      input,
    ) as unknown as KubernetesObject;

const spec = (content: JsonObject): JsonObject => ({ spec: content });
const nics = (content: JsonObject): JsonObject => ({ spec: { nicSelector: content } });
const elsewhere: [JsonObject, string] = [{ metadata: { namespace: "default" } }, "metadata.namespace"];
const here: JsonObject[] = [{}, { metadata: { namespace: undefined } }];

testRules("rules of a SriovOperatorConfig", sriovOperatorConfigRules, build("SriovOperatorConfig", "default"), {
  "sriov/operator-config-name": { bad: [[{ metadata: { name: "other" } }, "metadata.name"], elsewhere], good: here },
  "sriov/drain-disabled": {
    bad: [[spec({ disableDrain: true }), "spec.disableDrain"]],
    good: [spec({ disableDrain: false })],
  },
  "sriov/webhook-disabled": {
    bad: [[spec({ enableOperatorWebhook: false }), "spec.enableOperatorWebhook"]],
    good: [spec({ enableOperatorWebhook: true }), spec({})],
  },
  "sriov/feature-gate": {
    bad: [[spec({ featureGates: { parallelNic: true } }), "spec.featureGates.parallelNic"]],
    good: [spec({ featureGates: { parallelNicConfig: true } })],
  },
});

testFine("rules of a SriovOperatorConfig and a fine one", sriovOperatorConfigRules, {
  apiVersion: "sriovnetwork.openshift.io/v1",
  kind: "SriovOperatorConfig",
  metadata: { name: "default", namespace },
  spec: { enableInjector: true, enableOperatorWebhook: true, featureGates: { metricsExporter: true }, logLevel: 2 },
});

const staticRules = sriovNetworkNodePolicyRules.filter((rule) => !hardwareRules.includes(rule));

testRules("rules of a SriovNetworkNodePolicy", staticRules, build("SriovNetworkNodePolicy", "fast"), {
  "sriov/policy-namespace": { bad: [elsewhere], good: here },
  "sriov/policy-name": { bad: [[{ metadata: { name: "default" } }, "metadata.name"]], good: [{}] },
  "sriov/resource-name": {
    bad: ["a-b", "openshift.io/a", "ä", ""].map((resourceName): [JsonObject, string] => [
      spec({ resourceName }),
      "spec.resourceName",
    ]),
    good: ["fast_1", "A"].map((resourceName) => spec({ resourceName })),
  },
  "sriov/num-vfs": { bad: [[spec({ numVfs: 0 }), "spec.numVfs"]], good: [spec({ numVfs: 1 })] },
  "sriov/num-vfs-mellanox": {
    bad: [[spec({ numVfs: 129, nicSelector: { vendor: "15b3" } }), "spec.numVfs"]],
    good: [
      spec({ numVfs: 128, nicSelector: { vendor: "15b3" } }),
      spec({ numVfs: 256, nicSelector: { vendor: "14e4" } }),
    ],
  },
  "sriov/vfio-rdma": {
    bad: [[spec({ deviceType: "vfio-pci", isRdma: true }), "spec.isRdma"]],
    good: [spec({ deviceType: "netdevice", isRdma: true }), spec({ deviceType: "vfio-pci", isRdma: false })],
  },
  "sriov/vfio-infiniband": {
    bad: [[spec({ deviceType: "vfio-pci", linkType: "IB" }), "spec.deviceType"]],
    good: [spec({ deviceType: "netdevice", linkType: "ib" }), spec({ deviceType: "vfio-pci", linkType: "eth" })],
  },
  "sriov/infiniband-rdma": {
    bad: [[spec({ linkType: "ib", isRdma: false }), "spec.isRdma"]],
    good: [spec({ linkType: "ib", isRdma: true }), spec({ linkType: "ib" }), spec({ linkType: "eth", isRdma: false })],
  },
  "sriov/switchdev-link": {
    bad: [[spec({ eSwitchMode: "switchdev", linkType: "ib" }), "spec.eSwitchMode"]],
    good: [spec({ eSwitchMode: "switchdev", linkType: "ETH" }), spec({ eSwitchMode: "switchdev" })],
  },
  "sriov/vdpa": {
    bad: [
      [spec({ vdpaType: "vhost", deviceType: "vfio-pci", eSwitchMode: "switchdev" }), "spec.vdpaType"],
      [spec({ vdpaType: "virtio" }), "spec.vdpaType"],
    ],
    good: [
      spec({ vdpaType: "virtio", eSwitchMode: "switchdev" }),
      spec({ vdpaType: "virtio", eSwitchMode: undefined }),
    ],
  },
  "sriov/vdpa-vendor": {
    bad: [[spec({ vdpaType: "virtio", nicSelector: { vendor: "8086" } }), "spec.vdpaType"]],
    good: [spec({ vdpaType: "virtio", nicSelector: { vendor: "15b3" } })],
  },
  "sriov/bridge": {
    bad: [
      [spec({ bridge: { ovs: {} } }), "spec.bridge"],
      [spec({ bridge: { ovs: {} }, eSwitchMode: "switchdev", externallyManaged: true }), "spec.bridge"],
    ],
    good: [spec({ bridge: { ovs: {} }, eSwitchMode: "switchdev" }), spec({ bridge: {} })],
  },
  "sriov/vfio-iommu": {
    bad: [[spec({ deviceType: "vfio-pci" }), "spec.deviceType"]],
    good: [spec({ deviceType: "netdevice" }), spec({})],
  },
  "sriov/nic-selector": {
    bad: [
      [nics({}), "spec.nicSelector"],
      [nics({ vendor: "", pfNames: [] }), "spec.nicSelector"],
    ],
    good: [nics({ vendor: "15b3" }), nics({ vendor: undefined }), spec({ nicSelector: undefined })],
  },
  "sriov/supported-nic": {
    bad: [
      [nics({ vendor: "1d0f" }), "spec.nicSelector.vendor"],
      [nics({ vendor: "15B3" }), "spec.nicSelector.vendor"],
      [nics({ deviceID: "1018" }), "spec.nicSelector.deviceID"],
      [nics({ vendor: "8086", deviceID: "1017" }), "spec.nicSelector.deviceID"],
    ],
    good: [nics({ vendor: "15b3", deviceID: "1017" }), nics({ deviceID: "158b" }), nics({ pfNames: ["ens1f0"] })],
  },
  "sriov/pf-range": {
    bad: [
      ...["a#0", "a#0-1-2", "a##0-1", "#3-1", "a#3-1", "a#0-4", "a#x-y", "a# 0-1"].map(
        (entry): [JsonObject, string] => [
          spec({ numVfs: 4, nicSelector: { pfNames: ["ok", entry] } }),
          "spec.nicSelector.pfNames[1]",
        ],
      ),
      [spec({ numVfs: 4, nicSelector: { pfNames: ["", "#0-1"] } }), "spec.nicSelector.pfNames[1]"],
    ],
    good: [
      spec({ numVfs: 4, nicSelector: { pfNames: ["a#0-3", "b", "", "#0-1", "a#+0-+1"] } }),
      nics({ pfNames: ["a#0-100"] }),
    ],
  },
  "sriov/pf-repeated": {
    bad: [[nics({ pfNames: ["a#0-1", "a#2-3"] }), "spec.nicSelector.pfNames[1]"]],
    good: [nics({ pfNames: ["a#0-1", "b#0-1"] })],
  },
  "sriov/root-device": {
    bad: ["3b:00.0", "0000:3B:00.0", "ens1f0"].map((address): [JsonObject, string] => [
      nics({ rootDevices: [address] }),
      "spec.nicSelector.rootDevices[0]",
    ]),
    good: [nics({ rootDevices: ["0000:3b:00.0"] }), nics({ rootDevices: ["0000:3B:00.0", "0000:3b:00.0"] })],
  },
  "sriov/net-filter": {
    bad: [[nics({ netFilter: "openstack/NetworkID:x" }), "spec.nicSelector.netFilter"]],
    good: [nics({ netFilter: "" })],
  },
  "sriov/node-selector": {
    bad: [
      [spec({ nodeSelector: { a: "b c" } }), "spec.nodeSelector.a"],
      [spec({ nodeSelector: { "not a key": "b" } }), 'spec.nodeSelector["not a key"]'],
    ],
    good: [spec({ nodeSelector: { "node-role.kubernetes.io/worker": "", a: "b-1" } })],
  },
  "sriov/all-nodes": {
    bad: [[spec({ nodeSelector: {} }), "spec.nodeSelector"]],
    good: [spec({ nodeSelector: { a: "b" } })],
  },
});

testFine("rules of a SriovNetworkNodePolicy and a fine one", sriovNetworkNodePolicyRules, {
  apiVersion: "sriovnetwork.openshift.io/v1",
  kind: "SriovNetworkNodePolicy",
  metadata: { name: "fast", namespace },
  spec: {
    resourceName: "fast",
    numVfs: 4,
    deviceType: "netdevice",
    isRdma: true,
    eSwitchMode: "switchdev",
    vdpaType: "virtio",
    bridge: { ovs: { bridge: {} } },
    nodeSelector: { "node-role.kubernetes.io/worker": "" },
    nicSelector: { vendor: "15b3", deviceID: "1017", pfNames: ["ens1f0#0-3"], rootDevices: ["0000:3b:00.0"] },
  },
});

testRules("rules of a SriovNetwork", sriovNetworkRules, build("SriovNetwork", "storage"), {
  "sriov/network-namespace": { bad: [elsewhere], good: here },
  "sriov/network-name": {
    bad: [[{ metadata: { name: "a.b" } }, "metadata.name"]],
    good: [{ metadata: { name: "a-b" } }],
  },
  "sriov/network-resource": {
    bad: [[spec({ resourceName: "openshift.io/fast" }), "spec.resourceName"]],
    good: [spec({ resourceName: "fast_1" })],
  },
  "sriov/network-vlan": {
    bad: [4095, 4096].map((vlan): [JsonObject, string] => [spec({ vlan }), "spec.vlan"]),
    good: [spec({ vlan: 4094 }), spec({})],
  },
  "sriov/network-vlan-options": {
    bad: [
      [spec({ vlanQoS: 3 }), "spec.vlanQoS"],
      [spec({ vlan: 0, vlanProto: "802.1q" }), "spec.vlanProto"],
    ],
    good: [spec({ vlan: 5, vlanQoS: 3 }), spec({ vlanQoS: 0 }), spec({ vlan: undefined, vlanQoS: 3 })],
  },
  "sriov/network-rates": {
    bad: [[spec({ minTxRate: 200, maxTxRate: 100 }), "spec.minTxRate"]],
    good: [spec({ minTxRate: 100, maxTxRate: 200 }), spec({ minTxRate: 100, maxTxRate: 0 })],
  },
  "sriov/network-ipam": {
    bad: ["{", "[]", '{"type":"static","addresses":[{"address":"10.0.0.0/24"}]}', '{"type":"cilium"}'].map(
      (ipam): [JsonObject, string] => [spec({ ipam }), "spec.ipam"],
    ),
    good: ["", " ", "{}", '{"type":"static","addresses":[{"address":"10.0.0.5/24","gateway":"10.0.0.1"}]}'].map(
      (ipam) => spec({ ipam }),
    ),
  },
  "sriov/network-ipam-hint": {
    bad: [[spec({ ipam: '{"type":"dhcp"}' }), "spec.ipam"]],
    good: [spec({ ipam: "{}" }), spec({ ipam: "{" })],
  },
  "sriov/network-ipam-spaces": {
    bad: [[spec({ ipam: '{"type":"whereabouts","network_name":"a b"}' }), "spec.ipam"]],
    good: [spec({ ipam: '{ "type": "static" }' }), spec({})],
  },
  "sriov/network-capabilities": {
    bad: ["{", '{"mac":"yes"}', "[]"].map((capabilities): [JsonObject, string] => [
      spec({ capabilities }),
      "spec.capabilities",
    ]),
    good: [spec({ capabilities: '{"mac":true}' }), spec({ capabilities: "" })],
  },
  "sriov/network-meta-plugins": {
    bad: ['[{"type":"tuning"}]', '{"type":"tuning"', '{"sysctl":{}}', "1"].map((metaPlugins): [JsonObject, string] => [
      spec({ metaPlugins }),
      "spec.metaPlugins",
    ]),
    good: ['{"type":"tuning"}', '{"type":"tuning"},{"type":"vrf"}', ""].map((metaPlugins) => spec({ metaPlugins })),
  },
});

testFine("rules of a SriovNetwork and a fine one", sriovNetworkRules, {
  apiVersion: "sriovnetwork.openshift.io/v1",
  kind: "SriovNetwork",
  metadata: { name: "storage", namespace },
  spec: {
    resourceName: "fast",
    networkNamespace: "web",
    vlan: 7,
    vlanQoS: 3,
    minTxRate: 1,
    maxTxRate: 2,
    ipam: "{}",
    capabilities: '{"mac":true}',
  },
});

const own = (rules: typeof sriovNetworkRules): typeof sriovNetworkRules =>
  rules.filter((rule) => !sriovNetworkRules.includes(rule));

testRules("rules of a SriovIBNetwork alone", own(sriovIBNetworkRules), build("SriovIBNetwork", "fabric"), {
  "sriov/ib-capabilities": {
    bad: [[spec({ capabilities: '{"mac":true}' }), "spec.capabilities"]],
    good: ['{"infinibandGUID":true}', "", "{", "[]"].map((capabilities) => spec({ capabilities })),
  },
});

testRules("rules of an OVSNetwork alone", own(ovsNetworkRules), build("OVSNetwork", "offloaded"), {
  "sriov/ovs-trunk": {
    bad: [{ minID: 3 }, { minID: 3, maxID: 2 }, {}].map((entry): [JsonObject, string] => [
      spec({ trunk: [{ id: 0 }, entry] }),
      "spec.trunk[1]",
    ]),
    good: [spec({ trunk: [{ id: 5 }, { minID: 6, maxID: 6 }] }), spec({})],
  },
});
