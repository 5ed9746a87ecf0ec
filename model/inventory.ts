/** A physical function of a network card, as the SR-IOV node state reports it. */
export interface Nic {
  /** Kernel name, for example `ens1f0`. */
  name: string;
  /** PCI address, for example `0000:3b:00.0`. */
  pciAddress: string;
  /** PCI vendor id, four hexadecimal digits, lower case (`15b3` is Mellanox/NVIDIA). */
  vendor: string;
  /** PCI device id of the physical function, four hexadecimal digits (`1017` is ConnectX-5). */
  deviceID: string;
  driver: string;
  /** Hardware address. */
  mac: string;
  /** Bytes; 1500 when absent. */
  mtu?: number;
  /** How many virtual functions the card can make; 0 when it has no SR-IOV. */
  totalVfs: number;
  /**
   * How many virtual functions the host has made by itself: those that policies with `externallyManaged` take. Not
   * known when absent.
   */
  numVfs?: number;
  /** `ETH` or `IB`; `ETH` when absent. */
  linkType?: "ETH" | "IB";
  /** For example `100000 Mb/s`. */
  linkSpeed?: string;
}

/** A node of the cluster and its hardware. */
export interface InventoryNode {
  name: string;
  /** Machine config pool the node starts in. */
  role: "master" | "worker";
  /** Logical CPUs. */
  cpus: number;
  /** Kubernetes quantity. */
  memory: string;
  /** Memory that the node offers as huge pages, by their size: `{ "1Gi": "8Gi" }`. */
  hugepages?: { "2Mi"?: string; "1Gi"?: string };
  labels?: Record<string, string>;
  nics: Nic[];
  /** Linux bridges that the host has: offered to pods as `bridge.network.kubevirt.io/<name>`. */
  bridges?: string[];
}

/** What the cluster is made of. */
export interface Inventory {
  nodes: InventoryNode[];
}
