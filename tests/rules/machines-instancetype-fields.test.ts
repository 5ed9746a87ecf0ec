import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { evaluate } from "../../rules";
import { instancetypeFields } from "../../rules/machines/instancetype-fields";

const P = "[0].spec.template.spec";

function machine(spec: JsonObject, more: JsonObject = {}, annotations: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: "a", namespace: "web" },
    spec: {
      instancetype: { name: "large", ...more },
      template: { metadata: { annotations }, spec },
    },
  };
}

function instancetype(
  spec: JsonObject,
  kind = "VirtualMachineClusterInstancetype",
  namespace?: string,
): KubernetesObject {
  return {
    apiVersion: "instancetype.kubevirt.io/v1beta1",
    kind,
    metadata: { name: "large", ...(namespace && { namespace }) },
    spec: { cpu: { guest: 1 }, memory: { guest: "1Gi" }, ...spec },
  };
}

const paths = (...objects: KubernetesObject[]): string[] =>
  evaluate([instancetypeFields], objects).map((finding) => finding.path);

const cpu = (more: JsonObject): JsonObject => ({ domain: { cpu: more } });

/** What the machine says, what its type says, and where upstream's own tests see the conflict. */
const conflicts: [machine: JsonObject, type: JsonObject, path: string][] = [
  [cpu({ model: "host-model" }), { cpu: { model: "host-passthrough" } }, "domain.cpu.model"],
  [cpu({ dedicatedCpuPlacement: true }), { cpu: { dedicatedCPUPlacement: false } }, "domain.cpu.dedicatedCpuPlacement"],
  [cpu({ isolateEmulatorThread: true }), { cpu: { isolateEmulatorThread: true } }, "domain.cpu.isolateEmulatorThread"],
  [cpu({ numa: {} }), { cpu: { numa: { guestMappingPassthrough: {} } } }, "domain.cpu.numa"],
  [cpu({ realtime: { mask: "0" } }), { cpu: { realtime: { mask: "0-3" } } }, "domain.cpu.realtime"],
  [
    { domain: { memory: { hugepages: { pageSize: "2Mi" } } } },
    { memory: { hugepages: { pageSize: "1Gi" } } },
    "domain.memory.hugepages",
  ],
  [{ domain: { memory: { maxGuest: "4Gi" } } }, { memory: { maxGuest: "2Gi" } }, "domain.memory.maxGuest"],
  [
    { domain: { ioThreads: { supplementalPoolThreadCount: 2 } } },
    { ioThreads: { supplementalPoolThreadCount: 4 } },
    "domain.ioThreads.supplementalPoolThreadCount",
  ],
  [{ domain: { ioThreadsPolicy: "auto" } }, { ioThreadsPolicy: "shared" }, "domain.ioThreadsPolicy"],
  [{ domain: { launchSecurity: { sev: {} } } }, { launchSecurity: { sev: {} } }, "domain.launchSecurity"],
  [{ domain: { devices: { gpus: [{ name: "a" }] } } }, { gpus: [{ name: "b" }] }, "domain.devices.gpus"],
  [
    { domain: { devices: { hostDevices: [{ name: "a" }] } } },
    { hostDevices: [{ name: "b" }] },
    "domain.devices.hostDevices",
  ],
  [{ schedulerName: "slow" }, { schedulerName: "fast" }, "schedulerName"],
  [{ nodeSelector: { a: "b" } }, { nodeSelector: { c: "d" } }, "nodeSelector"],
];

describe("machines and their instance types", () => {
  for (const [own, type, path] of conflicts) {
    it(`conflict when both say ${path}`, () => {
      expect(paths(machine(own), instancetype(type))).to.deep.equal([`${P}.${path}`]);
      expect(paths(machine(own), instancetype({}))).to.deep.equal([]);
      expect(paths(machine({}), instancetype(type))).to.deep.equal([]);
    });
  }

  it("conflict in annotations with another value only", () => {
    const place = "[0].spec.template.metadata.annotations.a";
    expect(paths(machine({}, {}, { a: "1" }), instancetype({ annotations: { a: "2" } }))).to.deep.equal([place]);
    expect(paths(machine({}, {}, { a: "1" }), instancetype({ annotations: { a: "1", b: "2" } }))).to.deep.equal([]);
  });

  it("do not conflict where the machine's value is a zero one", () => {
    expect(
      paths(machine(cpu({ dedicatedCpuPlacement: false })), instancetype({ cpu: { dedicatedCPUPlacement: true } })),
    ).to.deep.equal([]);
    expect(
      paths(machine({ domain: { devices: { gpus: [] } } }), instancetype({ gpus: [{ name: "b" }] })),
    ).to.deep.equal([]);
  });

  it("belong together by kind, name and namespace", () => {
    const own = machine({ schedulerName: "slow" }, { kind: "virtualmachineinstancetype" });
    const type = { schedulerName: "fast" };
    expect(paths(own, instancetype(type))).to.deep.equal([]);
    expect(paths(own, instancetype(type, "VirtualMachineInstancetype", "db"))).to.deep.equal([]);
    expect(paths(own, instancetype(type, "VirtualMachineInstancetype", "web"))).to.deep.equal([`${P}.schedulerName`]);
    const other = machine({ schedulerName: "slow" }, { name: "small" });
    expect(paths(other, instancetype(type))).to.deep.equal([]);
    expect(paths({ ...own, spec: undefined }, instancetype(type))).to.deep.equal([]);
  });
});
