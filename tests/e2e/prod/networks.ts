import { expect } from "chai";
import type { JsonObject } from "../../../model";
import { conditionOf, type Row } from "../rows/row";

/** Each attachment: namespace, name and what its configuration has. */
const attachments: [namespace: string, name: string, config: JsonObject][] = [
  ["vm-infrastructure", "management-network", { type: "cnv-bridge", bridge: "br-ens192.10" }],
  ["vm-production", "management-network", { type: "cnv-bridge", bridge: "br-ens192.10" }],
  ["vm-infrastructure", "storage-network", { type: "cnv-bridge", bridge: "br-storage", mtu: 9000 }],
  ["app-database-prod", "storage-network", { type: "cnv-bridge", bridge: "br-storage", mtu: 9000 }],
  ["vm-production", "vlan-100-network", { type: "cnv-bridge", bridge: "br-ens192.100" }],
  ["vm-infrastructure", "vlan-100-network", { type: "cnv-bridge", bridge: "br-ens192.100" }],
  ["vm-infrastructure", "ovs-bridge-network", { type: "ovs", bridge: "br-data", vlan: 200 }],
  ["vm-infrastructure", "backup-network", { type: "macvlan", master: "ens192.101" }],
];

/** Attachments, and the host side that each one needs. */
export const prodNetworksRow: Row = (read) => {
  for (const [namespace, name, wanted] of attachments) {
    it(`attachment ${namespace}/${name}`, async () => {
      const { spec } = await read("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", name, namespace);
      expect(JSON.parse(spec?.config as string)).to.deep.include({ ...wanted, cniVersion: "0.3.1", name });
    });
  }

  it("all six workers have the bond, the bridges and the VLANs", async () => {
    const policy = await read("nmstate.io/v1", "NodeNetworkConfigurationPolicy", "workers");
    expect(conditionOf(policy, "Available")).to.equal("True");
    const message = (policy.status?.conditions as JsonObject[]).find((each) => each.type === "Available")?.message;
    expect(message).to.equal("6/6 nodes successfully configured");
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
    });
    const bond = interfaces.find(({ name }) => name === "bond1");
    expect(bond).to.deep.include({ mtu: 9000 });
    expect(bond?.["link-aggregation"]).to.deep.include({ mode: "802.3ad", port: ["ens224", "ens256"] });
  });

  it("the reconciler of whereabouts runs, as the macvlan's addresses need it", async () => {
    const reconciler = await read("apps/v1", "DaemonSet", "whereabouts-reconciler", "openshift-multus");
    expect(reconciler.status?.numberReady).to.equal(7);
  });
};
