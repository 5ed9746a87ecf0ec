import { expect } from "chai";
import fc from "fast-check";
import type { Nic } from "../../model";
import { offerChange, pools } from "../../sandbox/agents/device-plugin";
import { nextSriovStep, type SriovView } from "../../sandbox/agents/sriov-config-daemon";
import {
  bootLine,
  discover,
  differs,
  type InterfaceSpec,
  inRange,
  missingArguments,
  needsDrain,
  rdmaModeOf,
  vfDeviceIds,
} from "../../sandbox/agents/sriov-host";

const nics: Nic[] = [0, 1].map((port) => ({
  name: `ens1f${port}`,
  pciAddress: `0000:3b:00.${port}`,
  vendor: "15b3",
  deviceID: "1017",
  driver: "mlx5_core",
  mac: `04:3f:72:00:01:0${port}`,
  totalVfs: 64,
}));

const ids = vfDeviceIds({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "supported-nic-ids" },
  data: { "Nvidia_mlx5_ConnectX-5": "15b3 1017 1018" },
});

function port0(numVfs: number, deviceType = "vfio-pci"): InterfaceSpec {
  const vfGroups = [{ resourceName: "vms", deviceType, vfRange: `0-${numVfs - 1}`, policyName: "vms" }];
  return { pciAddress: "0000:3b:00.0", name: "ens1f0", numVfs, vfGroups };
}

const host = (...interfaces: InterfaceSpec[]) => discover(nics, { bootID: "b", interfaces }, ids);

describe("a simulated SR-IOV host", () => {
  it("shows its cards without virtual functions after a boot", () => {
    const [first] = host();
    expect(first).to.include({ name: "ens1f0", totalvfs: 64, linkType: "ETH", mtu: 1500, eSwitchMode: "legacy" });
    expect(first).to.not.have.any.keys("numVfs", "Vfs");
  });

  it("leaves out cards that the operator does not support", () => {
    expect(discover([{ ...(nics[0] as Nic), deviceID: "ffff" }], { bootID: "b", interfaces: [] }, ids)).to.deep.equal(
      [],
    );
  });

  it("binds the functions of a group to its driver, the others to the kernel's", () => {
    const vfGroups = [{ deviceType: "vfio-pci", vfRange: "0-1" }];
    const [first] = host({ pciAddress: "0000:3b:00.0", numVfs: 3, vfGroups });
    expect(first?.Vfs?.map((vf) => [vf.vfID, vf.driver, vf.deviceID])).to.deep.equal([
      [0, "vfio-pci", "1018"],
      [1, "vfio-pci", "1018"],
      [2, "mlx5_core", "1018"],
    ]);
  });

  it("gives every function an address of its own", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), (one, two) => {
        const all = host(port0(one), { ...port0(two), pciAddress: "0000:3b:00.1" }).flatMap((pf) => pf.Vfs ?? []);
        const addresses = [...all.map((vf) => vf.pciAddress), ...nics.map((nic) => nic.pciAddress)];
        expect(new Set(addresses).size).to.equal(one + two + 2);
      }),
    );
  });

  it("is as wanted once it is configured as wanted", () => {
    const shape = fc.record({
      count: fc.integer({ min: 1, max: 64 }),
      type: fc.constantFrom("vfio-pci", "netdevice", ""),
    });
    fc.assert(
      fc.property(shape, ({ count, type }) => {
        const spec = port0(count, type);
        expect(host(spec).some((status) => status.pciAddress === spec.pciAddress && differs(spec, status))).to.equal(
          false,
        );
      }),
    );
  });

  it("drains only when functions that exist change or go", () => {
    expect(needsDrain([port0(8)], host())).to.equal(false);
    expect(needsDrain([port0(8)], host(port0(8)))).to.equal(false);
    expect(needsDrain([port0(4)], host(port0(8)))).to.equal(true);
    expect(needsDrain([], host(port0(8)))).to.equal(true);
    expect(needsDrain([], host({ ...port0(8), externallyManaged: true }))).to.equal(false);
  });

  it("needs a boot with IOMMU arguments for vfio-pci alone", () => {
    expect(missingArguments([port0(8)], "", ["iommu=pt"])).to.deep.equal(["intel_iommu=on"]);
    expect(missingArguments([port0(8)], "", ["intel_iommu=on", "iommu=pt"])).to.deep.equal([]);
    expect(missingArguments([port0(8, "netdevice")], "", [])).to.deep.equal([]);
  });

  it("keeps the functions that it has made by itself, and offers them to policies that leave the card alone", () => {
    const own = nics.map((nic) => ({ ...nic, numVfs: 4 }));
    const seen = (...interfaces: InterfaceSpec[]) => discover(own, { bootID: "b", interfaces }, ids);
    const external = (numVfs: number): InterfaceSpec => ({ ...port0(numVfs), externallyManaged: true });
    const count = (...interfaces: InterfaceSpec[]): (number | undefined)[] =>
      seen(...interfaces).map((status) => status.numVfs);
    expect(count()).to.deep.equal([4, 4]);
    expect(count(external(2))).to.deep.equal([4, 4]);
    expect(count(port0(8))).to.deep.equal([8, 4]);
    const differ = (spec: InterfaceSpec): boolean => seen(spec).some((status, at) => at === 0 && differs(spec, status));
    expect([external(2), external(4), external(5)].map(differ)).to.deep.equal([false, false, true]);
    expect(needsDrain([], seen())).to.equal(true);
    const cards = own.map((nic) => nic.pciAddress);
    expect(needsDrain([], seen(), cards)).to.equal(false);
    expect(needsDrain([port0(8)], seen(), cards)).to.equal(true);
  });

  it("boots with one RDMA mode at most, which is shared unless it is told otherwise", () => {
    expect(rdmaModeOf([])).to.equal("shared");
    const exclusive = bootLine(["quiet", "ib_core.netns_mode=1"], missingArguments([], "exclusive", ["quiet"]));
    expect(exclusive).to.deep.equal(["quiet", "ib_core.netns_mode=0"]);
    expect(rdmaModeOf(exclusive)).to.equal("exclusive");
    expect(bootLine(exclusive, ["iommu=pt"])).to.deep.equal([...exclusive, "iommu=pt"]);
    expect(rdmaModeOf(bootLine(exclusive, missingArguments([], "shared", exclusive)))).to.equal("shared");
  });

  it("reads ranges with both ends included", () => {
    expect([3, 4, 7, 8].map((index) => inRange(index, "4-7"))).to.deep.equal([false, true, true, false]);
    expect(inRange(0, undefined)).to.equal(false);
  });
});

describe("the simulated SR-IOV config daemon", () => {
  const view = (changes: Partial<SriovView>): SriovView => ({
    currentState: "Idle",
    desiredState: "Idle",
    syncStatus: "InProgress",
    lastSyncError: "",
    applied: false,
    specs: [port0(8)],
    rdmaMode: "",
    interfaces: host(),
    reported: host(),
    reportedRdmaMode: "shared",
    kernelArguments: ["intel_iommu=on", "iommu=pt"],
    hostMade: [],
    disableDrain: false,
    broken: false,
    ...changes,
  });

  it("waits for the operator's annotations", () => {
    expect(nextSriovStep(view({ currentState: undefined }))).to.equal(undefined);
  });

  it("reports the RDMA mode that the node was booted with", () => {
    const done = { applied: true, syncStatus: "Succeeded", specs: [] };
    expect(nextSriovStep(view(done))).to.equal(undefined);
    expect(nextSriovStep(view({ ...done, reportedRdmaMode: "" }))).to.deep.include({ kind: "report" });
    const booted = { kernelArguments: ["ib_core.netns_mode=0"], rdmaMode: "exclusive" };
    expect(nextSriovStep(view({ ...done, ...booted }))).to.deep.include({ kind: "report" });
    expect(nextSriovStep(view({ ...done, ...booted, reportedRdmaMode: "exclusive" }))).to.equal(undefined);
  });

  it("says InProgress before anything else", () => {
    const step = nextSriovStep(view({ syncStatus: "Succeeded" }));
    expect(step).to.deep.equal({ kind: "report", syncStatus: "InProgress", lastSyncError: "" });
  });

  it("configures the first functions of a card without a drain", () => {
    expect(nextSriovStep(view({}))).to.deep.equal({ kind: "configure" });
  });

  it("asks for a drain before existing functions change, and waits while it runs", () => {
    const changes = { interfaces: host(port0(4)) };
    expect(nextSriovStep(view(changes))).to.deep.equal({ kind: "ask", state: "Drain_Required" });
    expect(nextSriovStep(view({ ...changes, desiredState: "Drain_Required" }))).to.equal(undefined);
    const draining = { ...changes, desiredState: "Drain_Required", currentState: "Draining" };
    expect(nextSriovStep(view(draining))).to.equal(undefined);
    expect(nextSriovStep(view({ ...draining, currentState: "DrainComplete" }))).to.deep.equal({ kind: "configure" });
  });

  it("reboots a drained node for missing IOMMU arguments", () => {
    const changes = { kernelArguments: [] };
    expect(nextSriovStep(view(changes))).to.deep.equal({ kind: "ask", state: "Reboot_Required" });
    const drained = { ...changes, desiredState: "Reboot_Required", currentState: "DrainComplete" };
    const step = { kind: "reboot", kernelArguments: ["intel_iommu=on", "iommu=pt"] };
    expect(nextSriovStep(view(drained))).to.deep.equal(step);
    expect(nextSriovStep(view({ ...changes, disableDrain: true }))).to.deep.equal(step);
  });

  it("has nothing to do once the generation is applied, but repairs what a reboot took away", () => {
    const there = host(port0(8));
    const done = { applied: true, syncStatus: "Succeeded", interfaces: there, reported: there };
    expect(nextSriovStep(view(done))).to.equal(undefined);
    const gone = nextSriovStep(view({ ...done, interfaces: host() }));
    expect(gone).to.deep.include({ kind: "report", syncStatus: "InProgress" });
  });

  it("reports Failed once while it is broken", () => {
    const step = nextSriovStep(view({ broken: true }));
    expect(step).to.deep.include({ kind: "report", syncStatus: "Failed" });
    const lastSyncError = step?.kind === "report" ? step.lastSyncError : "";
    expect(nextSriovStep(view({ broken: true, syncStatus: "Failed", lastSyncError }))).to.equal(undefined);
  });
});

describe("the simulated device plugin", () => {
  const vfio = { vendors: ["15b3"], drivers: ["vfio-pci"] };

  it("counts the functions that a resource's selectors match", () => {
    const interfaces = host(port0(8));
    const count = (selectors: object) => pools({ resourceList: [{ resourceName: "r", selectors }] }, interfaces);
    expect(count({ ...vfio, pfNames: ["ens1f0#2-5"] })).to.deep.equal({ "openshift.io/r": 4 });
    expect(count({ ...vfio, pfNames: ["ens1f0"] })).to.deep.equal({ "openshift.io/r": 8 });
    expect(count({ ...vfio, pfNames: ["ens1f1"] })).to.deep.equal({ "openshift.io/r": 0 });
    expect(count({ drivers: ["mlx5_core"] })).to.deep.equal({ "openshift.io/r": 0 });
    expect(count({ devices: ["1018"], rootDevices: ["0000:3b:00.0"], linkTypes: ["ether"] })).to.deep.equal({
      "openshift.io/r": 8,
    });
  });

  it("gives a function to the first resource only", () => {
    const resourceList = [
      { resourceName: "first", selectors: { pfNames: ["ens1f0#0-2"] } },
      { resourceName: "rest", selectors: { pfNames: ["ens1f0"] } },
    ];
    expect(pools({ resourceList }, host(port0(8)))).to.deep.equal({ "openshift.io/first": 3, "openshift.io/rest": 5 });
  });

  it("offers nothing without a configuration", () => {
    expect(pools({}, host(port0(8)))).to.deep.equal({});
    expect(pools({ resourceList: null }, host(port0(8)))).to.deep.equal({});
  });

  it("first counts a resource down to 0 and then forgets it", () => {
    expect(offerChange({ "openshift.io/r": "8" }, {})).to.deep.equal({ "openshift.io/r": "0" });
    expect(offerChange({ "openshift.io/r": "0" }, {})).to.deep.equal({ "openshift.io/r": null });
    expect(offerChange({ "openshift.io/r": "8" }, { "openshift.io/r": 8 })).to.deep.equal({});
    expect(offerChange({}, { "openshift.io/r": 8 })).to.deep.equal({ "openshift.io/r": "8" });
  });
});
