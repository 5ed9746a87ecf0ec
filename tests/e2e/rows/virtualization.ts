import { expect } from "chai";
import { parse } from "yaml";
import type { JsonObject, KubernetesObject } from "../../../model";
import { conditionOf, type Row } from "./row";

interface Domain {
  cpu: JsonObject;
  memory: JsonObject;
  devices: { interfaces: JsonObject[] };
}

const KUBEVIRT = "kubevirt.io/v1";

/** OpenShift Virtualization, what machines are made of, and the machines. */
export const virtualizationRow: Row = (read) => {
  const machine = (namespace: string, name: string) => read(KUBEVIRT, "VirtualMachine", name, namespace);
  const running = (namespace: string, name: string) => read(KUBEVIRT, "VirtualMachineInstance", name, namespace);
  const template = ({ spec }: KubernetesObject) => (spec?.template as { spec: JsonObject }).spec;

  it("operators in the declared versions, and HyperConverged available", async () => {
    for (const [name, namespace, version] of [
      ["kubernetes-nmstate-operator", "openshift-nmstate", "kubernetes-nmstate-operator.4.20.0-202511041201"],
      ["kubevirt-hyperconverged", "openshift-cnv", "kubevirt-hyperconverged-operator.v4.20.1"],
    ] as const) {
      const subscription = await read("operators.coreos.com/v1alpha1", "Subscription", name, namespace);
      expect(subscription.status?.installedCSV).to.equal(version);
      const installed = await read("operators.coreos.com/v1alpha1", "ClusterServiceVersion", version, namespace);
      expect(installed.status?.phase).to.equal("Succeeded");
    }
    const operand = await read("hco.kubevirt.io/v1beta1", "HyperConverged", "kubevirt-hyperconverged", "openshift-cnv");
    expect(conditionOf(operand, "Available")).to.equal("True");
    expect(operand.spec).to.include({ evictionStrategy: "LiveMigrate" });
  });

  it("a size of machines and a class of migrations", async () => {
    const size = await read("instancetype.kubevirt.io/v1beta1", "VirtualMachineClusterInstancetype", "database");
    expect(size.spec).to.deep.include({ cpu: { guest: 2 } });
    const migration = await read("migrations.kubevirt.io/v1alpha1", "MigrationPolicy", "databases");
    expect(migration.spec).to.deep.include({
      allowPostCopy: false,
      bandwidthPerMigration: "512Mi",
      selectors: { virtualMachineInstanceSelector: { tier: "database" } },
    });
  });

  it("machines run, each on the networks that it is for", async () => {
    const joined: [namespace: string, name: string, networks: string[]][] = [
      ["web", "small", []],
      ["web", "frontend", ["tenant", "fast"]],
      ["web", "multi-network", ["management", "storage", "vlan-100", "ovs"]],
      ["data", "database", ["storage"]],
    ];
    for (const [namespace, name, networks] of joined) {
      const live = await machine(namespace, name);
      expect(live.status?.printableStatus, name).to.equal("Running");
      const list = template(live).networks as { multus?: { networkName: string } }[];
      expect(list.flatMap(({ multus }) => multus?.networkName ?? [])).to.deep.equal(networks);
      expect((await running(namespace, name)).status?.phase, name).to.equal("Running");
    }
  });

  it("high performance: pinned processors, huge pages, and a virtual function beside the pod network and a bridge", async () => {
    const { domain, evictionStrategy } = template(await machine("web", "frontend")) as unknown as {
      domain: Domain;
      evictionStrategy: string;
    };
    expect(evictionStrategy).to.equal("LiveMigrateIfPossible");
    expect(domain.memory).to.deep.equal({ guest: "4Gi", hugepages: { pageSize: "1Gi" } });
    expect(domain.cpu).to.include({ dedicatedCpuPlacement: true });
    const bindings = domain.devices.interfaces.map((each) =>
      ["masquerade", "bridge", "sriov"].find((name) => name in each),
    );
    expect(bindings).to.deep.equal(["masquerade", "bridge", "sriov"]);
  });

  it("network data names every interface by its MAC, with its addresses", async () => {
    const { domain } = template(await machine("data", "database")) as unknown as { domain: Domain };
    const secret = await read("v1", "Secret", "database-cloud-init", "data");
    const text = Buffer.from((secret.data as { networkdata: string }).networkdata, "base64").toString("utf8");
    const { ethernets } = parse(text) as { ethernets: Record<string, JsonObject> };
    const macs = domain.devices.interfaces.map((each) => each.macAddress);
    expect(Object.values(ethernets).map((each) => (each.match as JsonObject).macaddress)).to.deep.equal(macs);
    expect(ethernets.storage).to.deep.include({ addresses: ["10.0.200.51/24"], dhcp4: false });
    expect(ethernets.default).to.deep.include({ dhcp4: true });
  });

  it("the database starts from a filled volume that several nodes may write", async () => {
    const volume = await read("cdi.kubevirt.io/v1beta1", "DataVolume", "database-root", "data");
    expect(volume.status?.phase).to.equal("Succeeded");
    const claim = await read("v1", "PersistentVolumeClaim", "database-root", "data");
    expect(claim.status?.phase).to.equal("Bound");
    expect(claim.spec?.accessModes).to.deep.equal(["ReadWriteMany"]);
    const volumes = template(await machine("data", "database")).volumes as JsonObject[];
    expect(volumes).to.deep.include({ name: "root", dataVolume: { name: "database-root" } });
  });
};
