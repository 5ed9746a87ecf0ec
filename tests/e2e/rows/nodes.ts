import { expect } from "chai";
import type { JsonObject } from "../../../model";
import type { Row } from "./row";

/** Nodes: processors and huge pages set aside for machines. */
export const nodesRow: Row = (read) => {
  it("the pool's profile sets processors and huge pages aside, and turns the IOMMU on", async () => {
    const { spec } = await read("performance.openshift.io/v2", "PerformanceProfile", "worker");
    expect(spec?.cpu).to.deep.equal({ reserved: "0-1", isolated: "2-31" });
    expect((spec?.hugepages as JsonObject).pages).to.deep.equal([{ size: "1G", count: 8 }]);
    const { status } = await read("machineconfiguration.openshift.io/v1", "MachineConfigPool", "worker");
    const { name } = status?.configuration as { name: string };
    const rendered = await read("machineconfiguration.openshift.io/v1", "MachineConfig", name);
    expect(rendered.spec?.kernelArguments).to.include.members([
      "intel_iommu=on",
      "iommu=pt",
      "hugepagesz=1G",
      "hugepages=8",
    ]);
  });

  it("every worker offers the huge pages, and pins processors", async () => {
    for (const name of ["worker-0", "worker-1", "worker-2"]) {
      const { metadata, status } = await read("v1", "Node", name);
      expect((status?.allocatable as JsonObject)["hugepages-1Gi"], name).to.equal("8Gi");
      expect(metadata.labels?.["kubevirt.io/cpumanager"], name).to.equal("true");
    }
  });
};
