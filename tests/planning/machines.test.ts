import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import type { z } from "zod";
import { macAddress, MachineArgs, planMachine } from "../../planning";
import { arrows, properties } from "./plans";

const base = {
  environment: "test",
  name: "db",
  namespace: "web",
  memory: "4Gi",
  rootDisk: { source: "containerDisk", image: "quay.io/containerdisks/fedora:42" },
  nics: [{ binding: "masquerade" }],
} as const;
const plan = (args: Partial<z.input<typeof MachineArgs>>) =>
  planMachine(MachineArgs.parse({ ...base, nics: [...base.nics], ...args }));

/** The spec of the machine's instances. */
function instance(args: Partial<z.input<typeof MachineArgs>>): Record<string, unknown> {
  const spec = properties(plan(args))["machines/web/db/vm"]?.spec as { template: { spec: Record<string, unknown> } };
  return spec.template.spec;
}

function network(args: Partial<z.input<typeof MachineArgs>>): { ethernets: Record<string, unknown> } {
  const secret = properties(plan(args))["machines/web/db/cloud-init"] as { stringData: { networkdata: string } };
  return parse(secret.stringData.networkdata) as { ethernets: Record<string, unknown> };
}

const mac = (nic: string) => macAddress({ environment: "test", namespace: "web", name: "db" }, nic);

describe("planning of machines", () => {
  it("plans a machine on the pod network, a bridge and a virtual function, on huge pages", () => {
    const planned = plan({
      labels: { app: "db" },
      evictionStrategy: "LiveMigrateIfPossible",
      cpu: { cores: 2, dedicated: true },
      hugepages: "1Gi",
      nodeSelector: { zone: "a" },
      nics: [
        { binding: "masquerade" },
        { name: "tenant", binding: "bridge", network: "web/tenant" },
        { name: "fast", binding: "sriov", network: "default/fast", macAddress: "02:00:00:00:10:02" },
      ],
    });
    const objects = properties(planned);
    expect(objects["machines/web/db/vm"]).to.deep.equal({
      metadata: { name: "db", namespace: "web", labels: { app: "db" } },
      spec: {
        runStrategy: "Always",
        template: {
          metadata: { labels: { app: "db" } },
          spec: {
            evictionStrategy: "LiveMigrateIfPossible",
            nodeSelector: { zone: "a" },
            domain: {
              cpu: { cores: 2, sockets: 1, threads: 1, dedicatedCpuPlacement: true },
              memory: { guest: "4Gi", hugepages: { pageSize: "1Gi" } },
              devices: {
                disks: [
                  { name: "root", disk: { bus: "virtio" } },
                  { name: "cloud-init", disk: { bus: "virtio" } },
                ],
                interfaces: [
                  { name: "default", macAddress: mac("default"), masquerade: {} },
                  { name: "tenant", macAddress: mac("tenant"), bridge: {} },
                  { name: "fast", macAddress: "02:00:00:00:10:02", sriov: {} },
                ],
              },
            },
            networks: [
              { name: "default", pod: {} },
              { name: "tenant", multus: { networkName: "tenant" } },
              { name: "fast", multus: { networkName: "default/fast" } },
            ],
            volumes: [
              { name: "root", containerDisk: { image: "quay.io/containerdisks/fedora:42" } },
              {
                name: "cloud-init",
                cloudInitNoCloud: {
                  secretRef: { name: "db-cloud-init" },
                  networkDataSecretRef: { name: "db-cloud-init" },
                },
              },
            ],
          },
        },
      },
    });
    expect(objects["machines/web/db/cloud-init"]).to.deep.include({
      metadata: { name: "db-cloud-init", namespace: "web" },
    });
    expect(arrows(planned)).to.deep.equal(["machines/web/db/vm -> machines/web/db/cloud-init"]);
    expect(planned.components).to.deep.equal([
      { id: "machines/web/db", token: "ove:machines:Machine", gate: "machines/web/db/vm" },
    ]);
  });

  it("never writes what KubeVirt works out itself or ignores", () => {
    const text = JSON.stringify(plan({ hugepages: "2Mi", cpu: { dedicated: true } }));
    for (const never of ["k8s.v1.cni.cncf.io/networks", '"running"', '"resources"', "hugepages-"]) {
      expect(text).not.to.include(never);
    }
  });

  it("starts from volumes that exist", () => {
    expect(instance({ rootDisk: { source: "dataVolume", name: "db-root" } }).volumes).to.deep.include({
      name: "root",
      dataVolume: { name: "db-root" },
    });
    expect(instance({ rootDisk: { source: "persistentVolumeClaim", claimName: "db-root" } }).volumes).to.deep.include({
      name: "root",
      persistentVolumeClaim: { claimName: "db-root" },
    });
  });

  it("configures every interface of the guest by its MAC", () => {
    const { ethernets } = network({
      nics: [
        { binding: "masquerade" },
        {
          name: "tenant",
          binding: "bridge",
          network: "tenant",
          addresses: ["192.168.100.50/24"],
          routes: [{ to: "10.0.0.0/8", via: "192.168.100.1" }],
          nameservers: ["192.168.100.10"],
        },
        { name: "lan", binding: "bridge", network: "lan" },
        { name: "quiet", binding: "sriov", network: "fast", dhcp4: false },
      ],
    });
    expect(ethernets).to.deep.equal({
      // Linux has no interface called "default".
      default: { match: { macaddress: mac("default") }, dhcp4: true },
      tenant: {
        match: { macaddress: mac("tenant") },
        "set-name": "tenant",
        dhcp4: false,
        addresses: ["192.168.100.50/24"],
        routes: [{ to: "10.0.0.0/8", via: "192.168.100.1" }],
        nameservers: { addresses: ["192.168.100.10"] },
      },
      lan: { match: { macaddress: mac("lan") }, "set-name": "lan", dhcp4: true },
      quiet: { match: { macaddress: mac("quiet") }, "set-name": "quiet", dhcp4: false },
    });
  });

  it("gives user data to the guest, at least the line that makes cloud-init read the rest", () => {
    const userData = (cloudInit: { userData?: string }) =>
      (properties(plan({ cloudInit }))["machines/web/db/cloud-init"] as { stringData: { userdata: string } }).stringData
        .userdata;
    expect(userData({})).to.equal("#cloud-config\n");
    expect(userData({ userData: "#cloud-config\nhostname: db\n" })).to.equal("#cloud-config\nhostname: db\n");
  });

  it("makes locally administered unicast MACs that depend on everything that names an interface", () => {
    const part = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(part, part, part, part, (environment, namespace, name, nic) => {
        const made = macAddress({ environment, namespace, name }, nic);
        expect(made).to.match(/^02(:[0-9a-f]{2}){5}$/);
        expect(made).to.equal(macAddress({ environment, namespace, name }, nic));
      }),
    );
    const identity = { environment: "a", namespace: "b", name: "c" };
    const macs = [
      macAddress(identity, "d"),
      macAddress(identity, "e"),
      macAddress({ ...identity, environment: "x" }, "d"),
      macAddress({ ...identity, namespace: "x" }, "d"),
      macAddress({ ...identity, name: "x" }, "d"),
      // Parts must not run into one another.
      macAddress({ environment: "a", namespace: "bc", name: "" }, "d"),
    ];
    expect(new Set(macs).size).to.equal(macs.length);
  });

  it("keeps the MACs that it has given once", () => {
    expect(mac("tenant")).to.equal("02:76:bd:be:71:7f");
  });
});
