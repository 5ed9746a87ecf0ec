import { expect } from "chai";
import { inventoryNodes } from "../../../provider/manifests/node-states";

describe("an inventory of node states", () => {
  const interfaces = [
    {
      name: "ens1f0",
      pciAddress: "0000:3b:00.0",
      vendor: "15b3",
      deviceID: "1017",
      driver: "mlx5_core",
      mac: "04:3f:72:00:01:00",
      totalvfs: 8,
      mtu: 9000,
      linkType: "IB",
      linkSpeed: "100000 Mb/s",
    },
    {},
  ];
  const state = { kind: "SriovNetworkNodeState", metadata: { name: "worker-0" }, status: { interfaces } };

  it("has the cards that the nodes reported", () => {
    const [node] = inventoryNodes([state]);
    expect(node).to.include({ name: "worker-0", role: "worker", cpus: 0 });
    expect(node?.labels).to.equal(undefined);
    expect(node?.nics[0]).to.include({
      vendor: "15b3",
      totalVfs: 8,
      mtu: 9000,
      linkType: "IB",
      linkSpeed: "100000 Mb/s",
    });
    expect(node?.nics[1]).to.deep.equal({
      name: "",
      pciAddress: "",
      vendor: "",
      deviceID: "",
      driver: "",
      mac: "",
      totalVfs: 0,
      numVfs: 0,
      linkType: "ETH",
    });
  });

  it("has labels and sizes of the nodes that are dumped with it", () => {
    const labels = { "node-role.kubernetes.io/master": "" };
    const node = {
      kind: "Node",
      metadata: { name: "worker-0", labels },
      status: { capacity: { cpu: "32", memory: "1Gi" } },
    };
    expect(inventoryNodes([node, state])[0]).to.deep.include({ role: "master", cpus: 32, memory: "1Gi", labels });
    expect(inventoryNodes([node])).to.deep.equal([]);
  });
});
