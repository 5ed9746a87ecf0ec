import { expect } from "chai";
import { parse } from "yaml";
import type { z } from "zod";
import type { JsonObject } from "../../model";
import { Environment } from "../../model/environment";
import { macAddress, MachineArgs, planMachine, planPlatform } from "../../planning";
import { doubts } from "./checked";
import { full } from "./environments";
import { arrows, properties } from "./plans";

type Input = z.input<typeof Environment>;

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

function network(args: Partial<z.input<typeof MachineArgs>>): { ethernets: Record<string, unknown> } {
  const secret = properties(plan(args))["machines/web/db/cloud-init"] as { stringData: { networkdata: string } };
  return parse(secret.stringData.networkdata) as { ethernets: Record<string, unknown> };
}

const mac = (nic: string) => macAddress({ environment: "test", namespace: "web", name: "db" }, nic);

describe("parts of a machine", () => {
  it("gives the guest default routes and MTUs", () => {
    const { ethernets } = network({
      nics: [
        { binding: "masquerade", mtu: 1355 },
        {
          name: "tenant",
          binding: "bridge",
          network: "tenant",
          addresses: ["192.168.100.50/24", "fd00::50/64"],
          gateways: ["192.168.100.1", "fd00::1"],
          mtu: 9000,
        },
      ],
    });
    expect(ethernets).to.deep.equal({
      default: { match: { macaddress: mac("default") }, mtu: 1355, dhcp4: true },
      tenant: {
        match: { macaddress: mac("tenant") },
        "set-name": "tenant",
        mtu: 9000,
        dhcp4: false,
        addresses: ["192.168.100.50/24", "fd00::50/64"],
        routes: [
          { to: "0.0.0.0/0", via: "192.168.100.1" },
          { to: "::/0", via: "fd00::1" },
        ],
      },
    });
  });

  it("gives a machine disks from volumes, claims, images and empty ones, in the order of booting", () => {
    const planned = plan({
      rootDisk: { source: "dataVolume", name: "db-root", bootOrder: 1, bus: "scsi" },
      disks: [
        {
          name: "data",
          source: "blank",
          size: "100Gi",
          storageClass: "fast",
          accessMode: "ReadWriteMany",
          serial: "D1",
        },
        { name: "logs", source: "dataVolume", volume: "db-logs", hotpluggable: true, bus: "scsi" },
        { name: "old", source: "persistentVolumeClaim", claimName: "db-old" },
        { name: "tools", source: "containerDisk", image: "quay.io/tools", bus: "sata", bootOrder: 2 },
      ],
    });
    expect(doubts(planned)).to.deep.equal(
      ["0", "3"].map((index) => {
        const name = index === "0" ? "db-root" : "db-logs";
        const what = `all: warning [1].spec.template.spec.volumes[${index}].dataVolume.name`;
        const fix = "Add it to spec.dataVolumeTemplates, or make a DataVolume.";
        return `${what}: Nothing here makes the DataVolume "${name}". ${fix}`;
      }),
    );
    const objects = properties(planned);
    const { spec } = (objects["machines/web/db/vm"]?.spec as { template: { spec: JsonObject } }).template;
    expect((spec.domain as { devices: JsonObject }).devices.disks).to.deep.equal([
      { name: "root", disk: { bus: "scsi" }, bootOrder: 1 },
      { name: "cloud-init", disk: { bus: "virtio" } },
      { name: "data", disk: { bus: "virtio" }, serial: "D1" },
      { name: "logs", disk: { bus: "scsi" } },
      { name: "old", disk: { bus: "virtio" } },
      { name: "tools", disk: { bus: "sata" }, bootOrder: 2 },
    ]);
    expect((spec.volumes as JsonObject[]).slice(2)).to.deep.equal([
      { name: "data", dataVolume: { name: "db-data" } },
      { name: "logs", dataVolume: { name: "db-logs", hotpluggable: true } },
      { name: "old", persistentVolumeClaim: { claimName: "db-old" } },
      { name: "tools", containerDisk: { image: "quay.io/tools" } },
    ]);
    expect(objects["machines/web/db/disk/data"]).to.deep.equal({
      metadata: { name: "db-data", namespace: "web" },
      spec: {
        source: { blank: {} },
        storage: {
          storageClassName: "fast",
          accessModes: ["ReadWriteMany"],
          resources: { requests: { storage: "100Gi" } },
        },
      },
    });
    expect(arrows(planned)).to.include("machines/web/db/vm -> machines/web/db/disk/data");
  });

  it("takes size and devices from an instance type and a preference", () => {
    const planned = plan({
      memory: undefined,
      instanceType: { name: "u1.medium" },
      preference: { name: "rhel", scope: "namespace" },
    });
    expect(doubts(planned)).to.deep.equal([]);
    const spec = properties(planned)["machines/web/db/vm"]?.spec as JsonObject;
    expect(spec.instancetype).to.deep.equal({ name: "u1.medium", kind: "VirtualMachineClusterInstancetype" });
    expect(spec.preference).to.deep.equal({ name: "rhel", kind: "VirtualMachinePreference" });
    const { domain } = (spec.template as { spec: { domain: JsonObject } }).spec;
    expect(domain).to.not.have.any.keys("cpu", "memory");
  });

  it("pins processors with their NUMA nodes, and lets keys in", () => {
    const planned = plan({
      evictionStrategy: "LiveMigrateIfPossible",
      cpu: { cores: 4, dedicated: true, isolateEmulatorThread: true, numa: true, model: "host-passthrough" },
      hugepages: "1Gi",
      sshKeys: [{ secret: "keys" }, { secret: "more", users: ["root"] }],
    });
    expect(doubts(planned)).to.deep.equal([]);
    const { domain, accessCredentials } = (
      properties(planned)["machines/web/db/vm"]?.spec as { template: { spec: Record<string, JsonObject> } }
    ).template.spec;
    expect(domain?.cpu).to.deep.equal({
      cores: 4,
      sockets: 1,
      threads: 1,
      model: "host-passthrough",
      dedicatedCpuPlacement: true,
      isolateEmulatorThread: true,
      numa: { guestMappingPassthrough: {} },
    });
    expect(accessCredentials).to.deep.equal([
      { sshPublicKey: { source: { secret: { secretName: "keys" } }, propagationMethod: { noCloud: {} } } },
      {
        sshPublicKey: {
          source: { secret: { secretName: "more" } },
          propagationMethod: { qemuGuestAgent: { users: ["root"] } },
        },
      },
    ]);
  });

  const refused: [string, Partial<z.input<typeof MachineArgs>>, string[]][] = [
    ["no size", { memory: undefined }, ["memory"]],
    [
      "two sizes",
      { instanceType: { name: "u1.small" }, cpu: { cores: 2, threads: 1 } },
      ["cpu.cores", "cpu.threads", "memory"],
    ],
    [
      "a thread apart without processors of its own",
      { cpu: { isolateEmulatorThread: true } },
      ["cpu.isolateEmulatorThread"],
    ],
    ["NUMA nodes without huge pages", { cpu: { dedicated: true, numa: true } }, ["cpu.numa"]],
    [
      "a place in the order of booting twice",
      {
        rootDisk: { source: "dataVolume", name: "a", bootOrder: 1 },
        disks: [{ name: "b", source: "dataVolume", volume: "b", bootOrder: 1 }],
        nics: [{ binding: "masquerade", bootOrder: 1 }],
      },
      ["disks.0.bootOrder", "nics.0.bootOrder"],
    ],
    [
      "a disk of a name that is taken",
      { disks: [{ name: "root", source: "dataVolume", volume: "b" }] },
      ["disks.0.name"],
    ],
    [
      "two default routes of one family",
      { nics: [{ name: "a", binding: "bridge", network: "a", gateways: ["10.0.0.1", "10.0.0.2"] }] },
      ["nics.0.gateways.1"],
    ],
  ];
  for (const [what, args, paths] of refused) {
    it(`refuses ${what}`, () => {
      const { error } = MachineArgs.safeParse({ ...base, nics: [...base.nics], ...args });
      expect(error?.issues.map((issue) => issue.path.join("."))).to.deep.equal(paths);
    });
  }
});

describe("machines of an environment", () => {
  const machines: NonNullable<Input["machines"]> = [
    {
      name: "db",
      namespace: "web",
      memory: "4Gi",
      rootDisk: base.rootDisk,
      nics: [
        { binding: "masquerade" },
        { name: "own", binding: "bridge", network: "own" },
        { name: "host", binding: "bridge", network: "host" },
        { name: "silent", binding: "bridge", network: "silent" },
        { name: "mine", binding: "bridge", network: "own", mtu: 1400 },
        { name: "fast", binding: "sriov", network: "fast" },
      ],
    },
  ];
  const environment: Input = {
    ...full,
    nodePools: [{ name: "worker", machineCount: 3 }],
    cilium: { deviceMtu: 9000 },
    fabric: {
      vfPools: [{ name: "fast", resourceName: "fast", nodePool: "worker", pfs: ["ens1f0"], numVfs: 4, mtu: 9000 }],
      networks: [{ name: "fast", namespace: "web", resourceName: "fast" }],
    },
    hostNetwork: {
      groups: [{ name: "all", nodePool: "worker", bridges: [{ name: "br-host", ports: ["ens1"], mtu: 8000 }] }],
    },
    networks: [
      { name: "own", namespace: "web", type: "cnv-bridge", bridge: "br-host", mtu: 1600 },
      { name: "host", namespace: "web", type: "cnv-bridge", bridge: "br-host" },
      { name: "silent", namespace: "web", type: "cnv-bridge", bridge: "br-other" },
    ],
    machines,
  };
  const planOf = (input: Input) => planPlatform(Environment.parse(input));

  it("have the MTUs of the networks that they join", () => {
    const secret = properties(planOf(environment))["machines/web/db/cloud-init"] as {
      stringData: { networkdata: string };
    };
    const { ethernets } = parse(secret.stringData.networkdata) as { ethernets: Record<string, { mtu?: number }> };
    const mtus = Object.fromEntries(Object.entries(ethernets).map(([name, { mtu }]) => [name, mtu]));
    // The tunnel takes 50 bytes.
    expect(mtus).to.deep.equal({ default: 8950, own: 1600, host: 8000, silent: undefined, mine: 1400, fast: 9000 });
  });

  it("wait for their blank disks, and these for their namespace", () => {
    const [machine] = machines;
    const disks = [{ name: "data", source: "blank" as const, size: "1Gi" }];
    const planned = planOf({ ...environment, machines: machine && [{ ...machine, disks }] });
    expect(arrows(planned)).to.include.members([
      "machines/web/db/vm -> machines/web/db/disk/data",
      "machines/web/db/disk/data -> platform/namespace/web",
    ]);
  });

  it("must not say what their instance type says, nor name one that is not there", () => {
    const [machine] = machines;
    const sized = { ...machine, memory: undefined, namespace: "web", nics: [{ binding: "masquerade" as const }] };
    const { findings } = planOf({
      ...environment,
      nodePools: [
        { name: "worker", machineCount: 3, kubelet: { cpuManagerPolicy: "static", reservedSystemCPUs: "0" } },
      ],
      virtualization: {
        instanceTypes: [{ name: "large", cpus: 4, memory: "8Gi", dedicated: true, hugepages: "1Gi" }],
      },
      machines: [
        {
          ...sized,
          rootDisk: base.rootDisk,
          name: "a",
          instanceType: { name: "large" },
          cpu: { dedicated: true },
          hugepages: "1Gi",
        },
        { ...sized, rootDisk: base.rootDisk, name: "b", instanceType: { name: "larg" } },
        { ...sized, rootDisk: base.rootDisk, name: "c", instanceType: { name: "u1.large" } },
        { ...sized, rootDisk: base.rootDisk, name: "d", instanceType: { name: "own", scope: "namespace" } },
      ],
    });
    expect(findings.filter(({ path }) => path.startsWith("machines[")).map(({ path }) => path)).to.deep.equal([
      "machines[0].cpu.dedicated",
      "machines[0].hugepages",
      "machines[1].instanceType.name",
    ]);
  });
});
