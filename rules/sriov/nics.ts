/** A card that the operator can make virtual functions on: PCI ids of its physical and its virtual functions. */
interface SupportedNic {
  vendor: string;
  device: string;
  vfDevice: string;
}

/**
 * Cards of ConfigMap `supported-nic-ids`, by vendor: device ids of physical and virtual functions.
 * Source: sriov-network-operator v1.6.0 deploy/configmap.yaml. A product's release may support fewer.
 */
const byVendor: Readonly<Record<string, string>> = {
  "8086":
    "158a:154c 158b:154c 1572:154c 1563:1565 10c9:10ca 1589:154c 1581:154c 15ff:154c 0d58:154c 1583:154c 1592:1889 " +
    "1593:1889 159b:1889 1599:1889 1591:1889 188a:1889 124d:1889 124c:1889 579c:1889 579d:1889 579e:1889 12d2:1889 12d3:1889",
  "15b3":
    "1013:1014 1015:1016 1017:1018 1019:101a 101b:101c 101d:101e 101f:101e 1021:101e 1023:101e a2d6:101e a2dc:101e",
  "14e4": "16d7:16dc 1750:1806",
  "1077": "1654:1664",
  "1af4": "1000:1000 1041:1041",
  "177d": "b200:b203 b100:b103 b600:b603 b900:b903 ba00:ba03",
};

/** All supported cards. */
export const supportedNics: readonly SupportedNic[] = Object.entries(byVendor).flatMap(([vendor, ids]) =>
  ids.split(" ").map((pair) => {
    const [device = "", vfDevice = ""] = pair.split(":");
    return { vendor, device, vfDevice };
  }),
);

/** PCI vendor id of Mellanox and NVIDIA. */
export const mellanox = "15b3";
