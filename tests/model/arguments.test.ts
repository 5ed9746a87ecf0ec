import { expect } from "chai";
import type { z } from "zod";
import { AttachmentsArgs, CiliumNetworkArgs, MachineArgs, NodePoolArgs, SriovFabricArgs } from "../../model/arguments";

/** Paths of everything that a schema finds wrong. */
function wrong(schema: z.ZodType, value: unknown): string[] {
  return (schema.safeParse(value).error?.issues ?? []).map((issue) => issue.path.join("."));
}

const vfPool = { name: "a", resourceName: "a", nodePool: "worker", nodes: 1, pfs: ["ens1f0"], numVfs: 4 };
const machine = {
  environment: "test",
  name: "vm",
  namespace: "web",
  memory: "4Gi",
  rootDisk: { source: "containerDisk", image: "image" },
  nics: [{ binding: "masquerade" }],
};
const cilium = { clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }], apiServer: { host: "api-int.example" } };

describe("arguments", () => {
  it("take the modes of files as four octal digits in quotes only", () => {
    const modes = (mode: unknown) =>
      wrong(NodePoolArgs, { name: "worker", machineCount: 1, files: [{ path: "/etc/a", content: "", mode }] });
    expect(modes("0644")).to.deep.equal([]);
    for (const mode of [644, 420, "644", "0o644", "4755", "0999"]) expect(modes(mode)).to.deep.equal(["files.0.mode"]);
  });

  it("refuse virtual functions beyond those that a card makes, and RDMA with vfio-pci", () => {
    const pools = (more: object) => wrong(SriovFabricArgs, { vfPools: [{ ...vfPool, ...more }] });
    expect(pools({ vfs: { first: 0, last: 3 } })).to.deep.equal([]);
    expect(pools({ vfs: { first: 0, last: 4 } })).to.deep.equal(["vfPools.0.vfs.last"]);
    expect(pools({ vfs: { first: 2, last: 1 } })).to.deep.equal(["vfPools.0.vfs.last"]);
    expect(pools({ isRdma: true })).to.deep.equal(["vfPools.0.isRdma"]);
    expect(pools({ isRdma: true, deviceType: "netdevice" })).to.deep.equal([]);
    expect(pools({ vendor: "15B3" })).to.deep.equal(["vfPools.0.vendor"]);
  });

  it("refuse a frame priority without a VLAN", () => {
    const networks = (more: object) =>
      wrong(SriovFabricArgs, { networks: [{ name: "a", namespace: "web", resourceName: "a", ...more }] });
    expect(networks({ vlan: 10, vlanQoS: 3 })).to.deep.equal([]);
    expect(networks({ vlanQoS: 3 })).to.deep.equal(["networks.0.vlanQoS"]);
    expect(networks({ vlan: 0, vlanQoS: 3 })).to.deep.equal(["networks.0.vlanQoS"]);
  });

  it("require addresses where a plugin does not work without", () => {
    const attachment = (more: object) =>
      wrong(AttachmentsArgs, { attachments: [{ name: "a", namespace: "web", ...more }] });
    expect(attachment({ type: "vlan", master: "ens1", vlanId: 5 })).to.deep.equal(["attachments.0.ipam"]);
    expect(attachment({ type: "ipvlan", master: "ens1" })).to.deep.equal(["attachments.0.ipam"]);
    expect(attachment({ type: "macvlan", master: "ens1" })).to.deep.equal([]);
    expect(attachment({ type: "vlan", master: "ens1", vlanId: 4095, ipam: { type: "dhcp" } })).to.deep.equal([
      "attachments.0.vlanId",
    ]);
    expect(attachment({ type: "bridge", bridge: "a-name-too-long0" })).to.deep.equal(["attachments.0.bridge"]);
    expect(attachment({ type: "bridge", bridge: "br", ipam: { type: "dhcp" } })).to.deep.equal(["attachments.0"]);
    const ipam = { type: "static", addresses: [{ address: "10.0.0.0/24" }] };
    expect(attachment({ type: "macvlan", master: "ens1", ipam })).to.deep.equal([
      "attachments.0.ipam.addresses.0.address",
    ]);
  });

  it("refuse interfaces of one name, a second pod network, and what cannot be a MAC", () => {
    const nics = (list: object[]) => wrong(MachineArgs, { ...machine, nics: list });
    const bridge = { binding: "bridge", network: "tenant", name: "tenant" };
    expect(nics([{ binding: "masquerade" }, bridge])).to.deep.equal([]);
    expect(nics([bridge, bridge])).to.deep.equal(["nics.1.name"]);
    expect(nics([{ binding: "masquerade" }, { binding: "masquerade", name: "second" }])).to.deep.equal(["nics"]);
    for (const macAddress of ["02:00:00:00:00:00", "03:00:00:00:00:01", "02-00-00-00-00-01", "02:00:00:00:00"]) {
      expect(nics([{ ...bridge, macAddress }]), macAddress).to.deep.equal(["nics.0.macAddress"]);
    }
    expect(nics([{ ...bridge, addresses: ["10.0.0.255/24"] }])).to.deep.equal(["nics.0.addresses.0"]);
  });

  it("refuse pod networks that Cilium cannot have", () => {
    const networks = (clusterNetworks: object[]) => wrong(CiliumNetworkArgs, { ...cilium, clusterNetworks });
    expect(networks([{ cidr: "10.128.0.1/14", hostPrefix: 23 }])).to.deep.equal(["clusterNetworks.0.cidr"]);
    expect(networks([{ cidr: "10.128.0.0/14", hostPrefix: 12 }])).to.deep.equal(["clusterNetworks.0.hostPrefix"]);
    expect(networks([{ cidr: "fd00::/16", hostPrefix: 20 }])).to.deep.equal(["clusterNetworks.0.cidr"]);
    expect(
      networks([
        { cidr: "10.128.0.0/14", hostPrefix: 23 },
        { cidr: "10.132.0.0/14", hostPrefix: 24 },
      ]),
    ).to.deep.equal(["clusterNetworks"]);
    expect(networks([])).to.deep.equal(["clusterNetworks"]);
  });
});
