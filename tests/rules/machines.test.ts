import type { JsonObject, KubernetesObject } from "../../model";
import { virtualMachineRules } from "../../rules";
import { machineCases } from "./machine-cases";
import { storage } from "./machine-inputs";
import { networkCases } from "./machine-network-cases";
import { storageCases } from "./machine-storage-cases";
import { merged, testFine, testRules } from "./support";

const base = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", metadata: { name: "vm", namespace: "web" } };
const machine = (input: JsonObject): KubernetesObject => merged(base, input) as unknown as KubernetesObject;

testRules("rules of a VirtualMachine", virtualMachineRules, machine, {
  ...machineCases,
  ...networkCases,
  ...storageCases,
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
