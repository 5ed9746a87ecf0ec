import { expect } from "chai";
import type { JsonObject } from "../../../model";
import type { Row } from "./row";

const API = "sriovnetwork.openshift.io/v1";
const NAMESPACE = "openshift-sriov-network-operator";

/** SR-IOV: a card split by the range of its functions, for machines and for pods with RDMA. */
export const sriovRow: Row = (read) => {
  it("policies share the card: vfio-pci for machines, netdevice with RDMA for pods", async () => {
    const specOf = async (name: string) => (await read(API, "SriovNetworkNodePolicy", name, NAMESPACE)).spec;
    expect(await specOf("tenant")).to.deep.include({ deviceType: "vfio-pci", isRdma: false, numVfs: 8, priority: 99 });
    expect(await specOf("tenant-pods")).to.deep.include({ deviceType: "netdevice", isRdma: true, numVfs: 8 });
    expect((await specOf("tenant"))?.nicSelector).to.deep.include({ pfNames: ["ens1f0#0-3"] });
    expect((await specOf("tenant-pods"))?.nicSelector).to.deep.include({ pfNames: ["ens1f0#4-7"] });
  });

  it("every worker has made the functions with their drivers, and offers both resources", async () => {
    for (const name of ["worker-0", "worker-1", "worker-2"]) {
      const state = await read(API, "SriovNetworkNodeState", name, NAMESPACE);
      expect(state.status?.syncStatus).to.equal("Succeeded");
      const card = (state.status?.interfaces as JsonObject[]).find((each) => each.name === "ens1f0");
      const drivers = (card?.Vfs as JsonObject[]).map((each) => each.driver);
      expect(drivers).to.deep.equal([...Array<string>(4).fill("vfio-pci"), ...Array<string>(4).fill("mlx5_core")]);
      const { allocatable } = (await read("v1", "Node", name)).status as { allocatable: JsonObject };
      expect(allocatable).to.include({ "openshift.io/tenant": "4", "openshift.io/tenant_pods": "4" });
    }
  });

  it("the operator made the networks' attachments in the namespace of their members", async () => {
    for (const [name, resource] of [
      ["fast", "openshift.io/tenant"],
      ["rdma", "openshift.io/tenant_pods"],
    ] as const) {
      const { metadata, spec } = await read("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", name, "web");
      expect(metadata.annotations).to.include({ "k8s.v1.cni.cncf.io/resourceName": resource });
      expect(JSON.parse(spec?.config as string)).to.include({ type: "sriov", name });
    }
  });
};
