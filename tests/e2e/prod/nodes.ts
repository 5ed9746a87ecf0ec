import { expect } from "chai";
import type { JsonObject } from "../../../model";
import type { Row } from "../rows/row";

const SRIOV = "sriovnetwork.openshift.io/v1";
const NAMESPACE = "openshift-sriov-network-operator";

/** The pool of workers, and its SR-IOV cards. */
export const prodNodesRow: Row = (read) => {
  it("the pool is released and updated; processors and huge pages are set aside by its profile", async () => {
    const pool = await read("machineconfiguration.openshift.io/v1", "MachineConfigPool", "worker");
    expect(pool.spec?.paused ?? false).to.equal(false);
    expect(pool.status).to.deep.include({ machineCount: 6, updatedMachineCount: 6, degradedMachineCount: 0 });
    const profile = await read("performance.openshift.io/v2", "PerformanceProfile", "worker");
    expect(profile.spec?.cpu).to.deep.equal({ reserved: "0-1,16-17", isolated: "2-15,18-31" });
    expect((profile.spec?.hugepages as { pages: JsonObject[] }).pages).to.deep.equal([{ size: "1G", count: 64 }]);
  });

  it("one card, split: functions for machines on vfio-pci, functions for pods with RDMA", async () => {
    const policy = async (name: string) => (await read(SRIOV, "SriovNetworkNodePolicy", name, NAMESPACE)).spec;
    const [machines, pods] = [await policy("machines"), await policy("pods")];
    expect(machines).to.deep.include({ deviceType: "vfio-pci", numVfs: 8, isRdma: false });
    expect(machines?.nicSelector).to.deep.include({ pfNames: ["ens1f0#0-5"] });
    expect(pods).to.deep.include({ deviceType: "netdevice", numVfs: 8, isRdma: true });
    expect(pods?.nicSelector).to.deep.include({ pfNames: ["ens1f0#6-7"] });
    for (let number = 0; number < 6; number += 1) {
      const { status } = await read("v1", "Node", `worker-${number}`);
      const wanted = { "openshift.io/machines": "6", "openshift.io/pods": "2", "hugepages-1Gi": "64Gi" };
      expect(status?.allocatable).to.include(wanted);
    }
  });

  it("the operator made the network's attachment, which asks for the resource", async () => {
    const name = "sriov-high-performance";
    const made = await read("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", name, "vm-production");
    expect(made.metadata.annotations).to.include({ "k8s.v1.cni.cncf.io/resourceName": "openshift.io/machines" });
    expect(JSON.parse(made.spec?.config as string)).to.include({ type: "sriov", name, vlan: 50 });
  });
};
