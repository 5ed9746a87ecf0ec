import type { JsonObject } from "../../model";

export const spec = (content: JsonObject): JsonObject => ({ spec: content });
export const template = (content: JsonObject): JsonObject => ({ spec: { template: { spec: content } } });
export const domain = (content: JsonObject): JsonObject => template({ domain: content });
export const P = "spec.template.spec";
export const I = `${P}.domain.devices.interfaces`;
export const K = `${P}.domain.devices.disks`;

export const net = (networks: JsonObject[], interfaces: JsonObject[]): JsonObject =>
  template({ networks, domain: { devices: { interfaces } } });
export const nic = (content: JsonObject, network: JsonObject = { pod: {} }): JsonObject =>
  net([{ name: "a", ...network }], [{ name: "a", ...content }]);
export const multus = (networkName: string): JsonObject => ({ multus: { networkName } });
export const disk = (content: JsonObject, volumes: JsonObject[] = [{ name: "root", emptyDisk: {} }]): JsonObject =>
  template({ volumes, domain: { devices: { disks: [{ name: "root", ...content }] } } });
export const volume = (content: JsonObject): JsonObject => template({ volumes: [{ name: "root", ...content }] });
export const dataVolume = (
  content: JsonObject,
  volumes: JsonObject[] = [{ name: "root", dataVolume: { name: "dv" } }],
): JsonObject => ({
  spec: { dataVolumeTemplates: [{ metadata: { name: "dv" }, ...content }], template: { spec: { volumes } } },
});
export const storage = { storage: { resources: { requests: { storage: "1Gi" } } } };
