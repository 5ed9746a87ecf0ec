import { expect } from "chai";
import { defaultFacts } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import { evaluate, virtualMachineRules } from "../../rules";
import { machineCases } from "./machine-cases";
import { claimCases, schedulingCases } from "./machine-claim-cases";
import { deviceCases } from "./machine-device-cases";
import { I, nic, storage } from "./machine-inputs";
import { networkCases } from "./machine-network-cases";
import { podCases } from "./machine-pod-cases";
import { firmwareCases, resourceCases } from "./machine-resource-cases";
import { storageCases } from "./machine-storage-cases";
import { merged, testFine, testRules } from "./support";

const base = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", metadata: { name: "vm", namespace: "web" } };
const machine = (input: JsonObject): KubernetesObject => merged(base, input) as unknown as KubernetesObject;

/** They are about older versions, and these cases are of the newest. */
const versioned = new Set(["machines/new-field", "machines/binding-unclear", "machines/port-beyond"]);

testRules(
  "rules of a VirtualMachine",
  virtualMachineRules.filter((rule) => !versioned.has(rule.id)),
  machine,
  {
    ...machineCases,
    ...resourceCases,
    ...firmwareCases,
    ...networkCases,
    ...deviceCases,
    ...storageCases,
    ...podCases,
    ...claimCases,
    ...schedulingCases,
  },
);

describe("rules of a VirtualMachine on an older KubeVirt", () => {
  const found = (input: JsonObject, kubevirt: string): string[] =>
    evaluate(virtualMachineRules, machine(input), {
      versions: { ...defaultFacts.versions, kubevirt },
    }).map((finding) => `${finding.rule} ${finding.path}`);

  it("knows which fields came later", () => {
    const input = nic({ masquerade: {}, portRanges: [] });
    expect(found(input, "1.8")).to.include(`machines/new-field ${I}[0].portRanges`);
    expect(found(input, "1.9")).to.not.include(`machines/new-field ${I}[0].portRanges`);
  });

  it("knows which gates were off", () => {
    const input = nic({ passtBinding: {} });
    expect(found(input, "1.8")).to.include(`machines/feature-gate ${I}[0].passtBinding`);
    expect(found(input, "1.9")).to.not.include(`machines/feature-gate ${I}[0].passtBinding`);
    const drive = { spec: { template: { spec: { domain: { devices: { disks: [{ name: "a", cdrom: {} }] } } } } } };
    expect(found(drive, "1.8").join()).to.match(/feature-gate [^ ]*disks\[0\].name/);
  });

  it("knows what was accepted then, and does not work", () => {
    for (const [input, path] of [
      [nic({}), `${I}[0]`],
      [nic({ bridge: {}, sriov: {} }), `${I}[0]`],
    ] as const) {
      expect(found(input, "1.8")).to.include(`machines/binding-unclear ${path}`);
      expect(found(input, "1.8").join()).to.not.include("machines/binding ");
      expect(found(input, "1.9")).to.include(`machines/binding ${path}`);
      expect(found(input, "1.9").join()).to.not.include("binding-unclear");
    }
    expect(found(nic({ bridge: {}, binding: { name: "x" } }), "1.8")).to.include(`machines/binding ${I}[0].binding`);
    expect(found(nic({ slirp: {} }), "1.8").join())
      .to.include("machines/binding ")
      .and.not.include("unclear");
    const port = nic({ masquerade: {}, ports: [{ port: 65536 }] });
    expect(found(port, "1.8")).to.include(`machines/port-beyond ${I}[0].ports[0]`);
    expect(found(port, "1.8").join()).to.not.include("machines/port ");
    expect(found(port, "1.9")).to.include(`machines/port ${I}[0].ports[0].port`);
    expect(found(port, "1.9").join()).to.not.include("port-beyond");
    expect(
      found(nic({ bridge: {}, ports: [{ port: 65536 }] }, { multus: { networkName: "a" } }), "1.8").join(),
    ).to.not.include("port");
  });

  it("reports ports as that version does", () => {
    const input = nic({ masquerade: {}, ports: [{ port: 70000 }] });
    expect(found(input, "1.8")).to.include(`machines/port ${I}[0].ports[0]`);
    expect(found(input, "1.9")).to.include(`machines/port ${I}[0].ports[0].port`);
  });
});

testFine(
  "rules of a VirtualMachine and a fine one",
  virtualMachineRules,
  machine({
    spec: {
      runStrategy: "Always",
      dataVolumeTemplates: [
        { metadata: { name: "vm-root" }, spec: { ...storage, source: { registry: { url: "docker://a" } } } },
      ],
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          hostname: "vm",
          evictionStrategy: "LiveMigrate",
          networks: [
            { name: "default", pod: {} },
            { name: "fast", multus: { networkName: "web/fast" } },
          ],
          volumes: [
            { name: "root", dataVolume: { name: "vm-root" } },
            { name: "init", cloudInitNoCloud: { userData: "#cloud-config", networkData: "version: 2" } },
          ],
          domain: {
            cpu: {
              cores: 2,
              dedicatedCpuPlacement: true,
              isolateEmulatorThread: true,
              numa: { guestMappingPassthrough: {} },
            },
            memory: { guest: "4Gi", hugepages: { pageSize: "1Gi" } },
            devices: {
              disks: [
                { name: "root", bootOrder: 1, disk: { bus: "virtio" } },
                { name: "init", disk: { bus: "virtio" } },
              ],
              interfaces: [
                { name: "default", masquerade: {}, model: "virtio" },
                { name: "fast", sriov: {}, macAddress: "02:00:00:00:00:01", bootOrder: 2 },
              ],
            },
          },
        },
      },
    },
  }),
);
