import { expect } from "chai";
import { parse } from "yaml";
import type { JsonObject } from "../../../model";
import { conditionOf, type Row } from "../rows/row";

const OLM = "operators.coreos.com/v1alpha1";

const operators: [name: string, namespace: string, version: string][] = [
  ["kubernetes-nmstate-operator", "openshift-nmstate", "kubernetes-nmstate-operator.4.20.0-202511041201"],
  ["sriov-network-operator", "openshift-sriov-network-operator", "sriov-network-operator.v4.20.0-202511041201"],
  ["kubevirt-hyperconverged", "openshift-cnv", "kubevirt-hyperconverged-operator.v4.20.1"],
];

/** Each machine: namespace, name, the networks beside that of pods, and the addresses on them by interface. */
const machines: [namespace: string, name: string, networks: string[], addresses: Record<string, string>][] = [
  ["app-web-prod", "web", [], {}],
  ["app-database-prod", "database", ["storage-network"], { storage: "10.0.200.51/24" }],
  [
    "vm-infrastructure",
    "multi-network",
    ["management-network", "storage-network", "vlan-100-network"],
    { management: "192.168.100.50/24", storage: "10.0.200.50/24" },
  ],
  [
    "vm-production",
    "high-performance",
    ["management-network", "sriov-high-performance"],
    { management: "192.168.100.100/24", fast: "10.0.50.100/24" },
  ],
];

/** Operators, volumes and machines. */
export const prodVirtualizationRow: Row = (read) => {
  for (const [name, namespace, version] of operators) {
    it(`${name} is installed in the declared version`, async () => {
      expect((await read(OLM, "Subscription", name, namespace)).status?.installedCSV).to.equal(version);
      expect((await read(OLM, "ClusterServiceVersion", version, namespace)).status?.phase).to.equal("Succeeded");
    });
  }

  it("HyperConverged is available", async () => {
    const operand = await read("hco.kubevirt.io/v1beta1", "HyperConverged", "kubevirt-hyperconverged", "openshift-cnv");
    expect(conditionOf(operand, "Available")).to.equal("True");
    expect(operand.spec).to.include({ evictionStrategy: "LiveMigrate" });
  });

  for (const [namespace, name, networks, addresses] of machines) {
    it(`machine ${namespace}/${name} runs from its volume, with its networks and addresses`, async () => {
      const volume = await read("cdi.kubevirt.io/v1beta1", "DataVolume", `${name}-root`, namespace);
      expect(volume.status?.phase).to.equal("Succeeded");
      const live = await read("kubevirt.io/v1", "VirtualMachine", name, namespace);
      expect(live.status?.printableStatus).to.equal("Running");
      const { spec } = live.spec?.template as { spec: JsonObject };
      const joined = (spec.networks as { multus?: { networkName: string } }[]).flatMap(
        ({ multus }) => multus?.networkName.split("/").at(-1) ?? [],
      );
      expect(joined).to.deep.equal(networks);
      const running = await read("kubevirt.io/v1", "VirtualMachineInstance", name, namespace);
      expect(running.status?.interfaces).to.have.length(networks.length + 1);
      const secret = await read("v1", "Secret", `${name}-cloud-init`, namespace);
      const text = Buffer.from((secret.data as { networkdata: string }).networkdata, "base64").toString("utf8");
      const { ethernets } = parse(text) as { ethernets: Record<string, { addresses?: string[] }> };
      for (const [nic, address] of Object.entries(addresses)) {
        expect(ethernets[nic]?.addresses, nic).to.deep.equal([address]);
      }
    });
  }
};
