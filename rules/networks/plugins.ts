/** What a key of a CNI configuration is decoded into. */
export type KeyType =
  | "string"
  | "integer"
  | "unsigned"
  | "uint32"
  | "boolean"
  | "object"
  | "list"
  | "address"
  | "network"
  | { list: KeyType }
  | { fields: Readonly<Record<string, KeyType>> };

/** A CNI plugin that can stand in a NetworkAttachmentDefinition: its keys and what it says of addresses. */
export interface Plugin {
  keys: Readonly<Record<string, KeyType>>;
  /** Without IPAM the plugin refuses to work. */
  needsIpam?: boolean;
  /** The plugin has no use for IPAM. */
  refusesIpam?: boolean;
  /** Newest CNI version that the plugin speaks; 1.1.0 when absent. */
  newest?: string;
  /** Works on what an earlier plugin of the list made, so it cannot be the first. */
  chained?: boolean;
  enums?: Readonly<Record<string, readonly string[]>>;
  ranges?: Readonly<Record<string, readonly [number, number]>>;
  /** Keys without which the plugin refuses to work. */
  needs?: readonly string[];
}

const texts: KeyType = { list: "string" };
const trunkOf = (number: KeyType): KeyType => ({ list: { fields: { id: number, minID: number, maxID: number } } });

const parent = { master: "string", mtu: "integer", linkInContainer: "boolean" } as const;

const bridge: Plugin = {
  keys: {
    bridge: "string",
    isGateway: "boolean",
    isDefaultGateway: "boolean",
    forceAddress: "boolean",
    ipMasq: "boolean",
    ipMasqBackend: "string",
    mtu: "integer",
    hairpinMode: "boolean",
    promiscMode: "boolean",
    vlan: "integer",
    vlanTrunk: trunkOf("integer"),
    preserveDefaultVlan: "boolean",
    macspoofchk: "boolean",
    enabledad: "boolean",
    disableContainerInterface: "boolean",
    portIsolation: "boolean",
    mac: "string",
  },
  enums: { ipMasqBackend: ["iptables", "nftables"] },
  ranges: { vlan: [0, 4094], mtu: [0, 65535] },
};

const sriov: Plugin = {
  keys: {
    deviceID: "string",
    vlan: "integer",
    vlanQoS: "integer",
    vlanProto: "string",
    mac: "string",
    spoofchk: "string",
    trust: "string",
    link_state: "string",
    min_tx_rate: "integer",
    max_tx_rate: "integer",
    logLevel: "string",
    logFile: "string",
  },
  enums: {
    spoofchk: ["on", "off"],
    trust: ["on", "off"],
    link_state: ["", "auto", "enable", "disable"],
    vlanProto: ["802.1q", "802.1Q", "802.1ad", "802.1AD"],
  },
  ranges: { vlan: [0, 4094], vlanQoS: [0, 7] },
};

/**
 * Known plugins. They decode their configuration as plain JSON: a key that they do not know is ignored without a word,
 * a key of the wrong type fails when a pod starts. Sources: containernetworking/plugins 1.9.1, sriov-cni 2.10.0,
 * bond-cni, ovs-cni 0.39.0, macvtap-cni 0.13.1, ovn-kubernetes.
 */
export const plugins: Readonly<Record<string, Plugin>> = {
  bridge,
  "cnv-bridge": bridge,
  macvlan: {
    keys: { ...parent, mode: "string", mac: "string", bcqueuelen: "uint32" },
    enums: { mode: ["", "bridge", "private", "vepa", "passthru"] },
    ranges: { mtu: [0, 65535] },
  },
  ipvlan: { keys: { ...parent, mode: "string" }, enums: { mode: ["", "l2", "l3", "l3s"] } },
  vlan: { keys: { ...parent, vlanId: "integer" }, ranges: { vlanId: [0, 4094], mtu: [0, 65535] }, needsIpam: true },
  ptp: {
    keys: { ipMasq: "boolean", ipMasqBackend: "string", mtu: "integer" },
    enums: { ipMasqBackend: ["iptables", "nftables"] },
    needsIpam: true,
  },
  dummy: { keys: {}, needsIpam: true },
  "host-device": {
    keys: { device: "string", hwaddr: "string", kernelpath: "string", pciBusID: "string", deviceID: "string" },
  },
  tap: {
    keys: {
      multiQueue: "boolean",
      mtu: "integer",
      mac: "string",
      owner: "uint32",
      group: "uint32",
      selinuxContext: "string",
      bridge: "string",
    },
  },
  sriov,
  bond: {
    keys: {
      mode: "string",
      miimon: "string",
      links: { list: "object" },
      linksInContainer: "boolean",
      failOverMac: "integer",
      mtu: "integer",
      allSlavesActive: "integer",
      tlbDynamicLb: "integer",
      xmitHashPolicy: "string",
    },
    enums: {
      mode: ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"],
      xmitHashPolicy: ["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"],
    },
    ranges: { failOverMac: [0, 2], allSlavesActive: [0, 1], tlbDynamicLb: [0, 1] },
    needs: ["mode", "miimon"],
  },
  ovs: {
    keys: {
      bridge: "string",
      vlan: "unsigned",
      trunk: trunkOf("unsigned"),
      mtu: "integer",
      deviceID: "string",
      ofport_request: "unsigned",
      interface_type: "string",
      configuration_path: "string",
      socket_file: "string",
      link_state_check_retries: "integer",
      link_state_check_interval: "integer",
    },
    ranges: { vlan: [0, 4095], ofport_request: [0, 65279] },
  },
  macvtap: {
    keys: { deviceID: "string", mtu: "integer", promiscMode: "boolean", owner: "integer", group: "integer" },
    refusesIpam: true,
    newest: "0.4.0",
  },
  "ovn-k8s-cni-overlay": {
    keys: {
      topology: "string",
      netAttachDefName: "string",
      subnets: "string",
      excludeSubnets: "string",
      mtu: "integer",
      vlanID: "integer",
      physicalNetworkName: "string",
      allowPersistentIPs: "boolean",
      role: "string",
      joinSubnet: "string",
    },
    enums: { topology: ["layer3", "layer2", "localnet"], role: ["primary", "secondary"] },
    refusesIpam: true,
    newest: "1.0.0",
  },
  tuning: {
    keys: {
      sysctl: "object",
      dataDir: "string",
      mac: "string",
      mtu: "integer",
      promisc: "boolean",
      allmulti: "boolean",
      txQLen: "integer",
    },
    chained: true,
  },
  sbr: { keys: { table: "integer" }, chained: true },
  vrf: { keys: { vrfname: "string", table: "uint32" }, needs: ["vrfname"], chained: true },
  bandwidth: {
    keys: {
      ingressRate: "unsigned",
      ingressBurst: "unsigned",
      egressRate: "unsigned",
      egressBurst: "unsigned",
    },
    chained: true,
  },
  portmap: {
    keys: {
      backend: "string",
      snat: "boolean",
      conditionsV4: texts,
      conditionsV6: texts,
      masqAll: "boolean",
      markMasqBit: "integer",
      externalSetMarkChain: "string",
    },
    enums: { backend: ["iptables", "nftables"] },
    ranges: { markMasqBit: [0, 31] },
    chained: true,
  },
  firewall: {
    keys: {
      backend: "string",
      ingressPolicy: "string",
      iptablesAdminChainName: "string",
      firewalldZone: "string",
    },
    enums: { ingressPolicy: ["", "open", "same-bridge", "isolated"] },
    chained: true,
  },
};

/** Name servers, as CNI results and configurations have them. */
export const dnsType: KeyType = { fields: { nameservers: texts, domain: "string", search: texts, options: texts } };

/** Keys of a single configuration or of an entry of a list, whatever the plugin. */
export const commonKeys: Readonly<Record<string, KeyType>> = {
  cniVersion: "string",
  name: "string",
  type: "string",
  ipam: "object",
  dns: dnsType,
  capabilities: "object",
  args: "object",
  runtimeConfig: { fields: { mac: "string" } },
  prevResult: "object",
};

/** Keys of plugins that are read leniently or take further forms; they are not reported. */
export const freePlugins: readonly string[] = ["bandwidth", "portmap", "firewall", "vrf"];
