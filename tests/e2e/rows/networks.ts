import { expect } from "chai";
import type { JsonObject } from "../../../model";
import { conditionOf, type Row } from "./row";

const NAD = "k8s.cni.cncf.io/v1";

/** Each attachment: namespace, name and what its configuration has. */
const attachments: [namespace: string, name: string, config: JsonObject][] = [
  ["web", "tenant", { type: "cnv-bridge", bridge: "br-tenant", macspoofchk: true }],
  ["web", "management", { type: "cnv-bridge", bridge: "br-ens192.10" }],
  ["web", "vlan-100", { type: "cnv-bridge", bridge: "br-ens192.100" }],
  ["data", "storage", { type: "cnv-bridge", bridge: "br-storage", mtu: 9000 }],
  ["web", "storage", { type: "cnv-bridge", bridge: "br-storage", mtu: 9000 }],
  ["web", "ovs", { type: "ovs", bridge: "br-data", vlan: 200 }],
  ["web", "backup", { type: "macvlan", master: "ens192.101", ipam: { type: "whereabouts", range: "10.0.101.0/24" } }],
  ["web", "lan", { type: "macvlan", master: "ens192", ipam: { type: "dhcp" } }],
  ["web", "metrics", { type: "ipvlan", master: "ens192.102", mode: "l2" }],
  ["web", "vlan-103", { type: "vlan", master: "ens192", vlanId: 103 }],
  ["web", "bonded", { type: "bond", mode: "active-backup", linksInContainer: true, miimon: "100" }],
];

/** Multus: attachments of each type, their daemons, and the host side that each one needs. */
export const networksRow: Row = (read) => {
  for (const [namespace, name, wanted] of attachments) {
    it(`attachment ${namespace}/${name}`, async () => {
      const { spec } = await read(NAD, "NetworkAttachmentDefinition", name, namespace);
      const config = JSON.parse(spec?.config as string) as JsonObject;
      expect(config).to.deep.include({ ...wanted, cniVersion: "0.3.1", name });
    });
  }

  it("dhcp and whereabouts daemons, and that of MultiNetworkPolicy, run on all nodes", async () => {
    const operator = await read("operator.openshift.io/v1", "Network", "cluster");
    const networks = operator.spec?.additionalNetworks as { name: string }[];
    expect(networks.map((each) => each.name)).to.deep.equal(["dhcp-shim", "whereabouts-shim"]);
    expect(operator.spec?.useMultiNetworkPolicy).to.equal(true);
    for (const name of ["dhcp-daemon", "whereabouts-reconciler", "multus-networkpolicy"]) {
      expect((await read("apps/v1", "DaemonSet", name, "openshift-multus")).status?.numberReady, name).to.equal(4);
    }
  });

  it("the nodes have the bond, VLANs and bridges, those of attachments' uplinks as well", async () => {
    const policy = await read("nmstate.io/v1", "NodeNetworkConfigurationPolicy", "workers");
    expect(conditionOf(policy, "Available")).to.equal("True");
    const { interfaces } = policy.spec?.desiredState as { interfaces: JsonObject[] };
    const types = Object.fromEntries(interfaces.map(({ name, type }) => [name as string, type]));
    expect(types).to.deep.equal({
      bond1: "bond",
      "br-storage": "linux-bridge",
      "br-data": "ovs-bridge",
      "ens192.10": "vlan",
      "br-ens192.10": "linux-bridge",
      "ens192.100": "vlan",
      "br-ens192.100": "linux-bridge",
      "ens192.101": "vlan",
      "ens192.102": "vlan",
    });
    const allocatable = (await read("v1", "Node", "worker-0")).status?.allocatable as JsonObject;
    for (const bridge of ["br-tenant", "br-storage", "br-ens192.10", "br-ens192.100"]) {
      expect(allocatable).to.have.property(`bridge.network.kubevirt.io/${bridge}`);
    }
    expect(allocatable).to.have.property("ovs-cni.network.kubevirt.io/br-data");
  });

  it("Open vSwitch runs on the nodes, and its plugin is deployed", async () => {
    const config = await read("machineconfiguration.openshift.io/v1", "MachineConfig", "60-worker-files");
    const { systemd } = config.spec?.config as { systemd: JsonObject };
    expect(systemd.units).to.deep.include({ name: "openvswitch.service", enabled: true });
    const operand = await read("hco.kubevirt.io/v1beta1", "HyperConverged", "kubevirt-hyperconverged", "openshift-cnv");
    expect(operand.metadata.annotations).to.include({ deployOVS: "true" });
  });
};
