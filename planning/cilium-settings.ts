import { createHash } from "node:crypto";
import type { CiliumMinor, CiliumNetworkArgs } from "../model/arguments";

type Encryption = NonNullable<CiliumNetworkArgs["encryption"]>;

/** What a preset decides where the arguments do not. */
interface Preset {
  encryption: "wireguard" | "none";
  strictEgress: boolean;
  routing: "tunnel" | "native";
  algorithm: "random" | "maglev";
  acceleration: "disabled" | "best-effort";
  bpfMasquerade: boolean;
  hostLegacyRouting: boolean;
  bandwidthManager: boolean;
}

const presets: Readonly<Record<CiliumNetworkArgs["preset"], Preset>> = {
  // Guests with masquerade are not reached on some clusters when BPF routes for the host (cilium#32026).
  "vm-compatible": {
    encryption: "none",
    strictEgress: false,
    routing: "tunnel",
    algorithm: "random",
    acceleration: "disabled",
    bpfMasquerade: false,
    hostLegacyRouting: true,
    bandwidthManager: false,
  },
  // No acceleration: it would send service traffic between nodes in clear text (cilium#25354).
  secure: {
    encryption: "wireguard",
    strictEgress: true,
    routing: "tunnel",
    algorithm: "random",
    acceleration: "disabled",
    bpfMasquerade: false,
    hostLegacyRouting: true,
    bandwidthManager: false,
  },
  throughput: {
    encryption: "none",
    strictEgress: false,
    routing: "native",
    algorithm: "maglev",
    acceleration: "best-effort",
    bpfMasquerade: true,
    hostLegacyRouting: false,
    bandwidthManager: true,
  },
};

/** What differs between Cilium's minor versions in what is planned. */
interface VersionFacts {
  /** Bytes that WireGuard adds to a packet. From 80 to 95 since 1.19.5 (cilium#45940). */
  wireguardOverhead: number;
  /** Where strict mode for egress stands. 1.19 reads both places, 1.20 only the second; the wrong one is ignored. */
  strictEgress: "strictMode" | "strictMode.egress";
  /** Whether strict mode for egress works with IPsec, and strict mode for ingress exists. Source: charts' values.yaml. */
  strictForAll: boolean;
  /** Release of the chart that is installed. */
  chart: string;
}

/** Facts of the supported minor versions. */
export const ciliumVersions: Readonly<Record<CiliumMinor, VersionFacts>> = {
  "1.18": { wireguardOverhead: 80, strictEgress: "strictMode", strictForAll: false, chart: "1.18.13" },
  "1.19": { wireguardOverhead: 95, strictEgress: "strictMode.egress", strictForAll: true, chart: "1.19.7" },
  "1.20": { wireguardOverhead: 95, strictEgress: "strictMode.egress", strictForAll: true, chart: "1.20.5" },
};

/** Bytes that IPsec adds to a packet with keys of 128 bit. Source: Cilium pkg/mtu, EncryptionIPsecOverhead. */
const IPSEC_OVERHEAD = 77;

/** Arguments with everything decided that is not given: explicit values win over the preset. */
export interface CiliumSettings {
  args: CiliumNetworkArgs;
  encryption: "wireguard" | "ipsec" | "none";
  encryptionOverhead: number;
  strictEgress: boolean;
  routing: "tunnel" | "native";
  tunnelProtocol: "vxlan" | "geneve";
  /** How direct server return tells the client's address; `opt` is a header that is never encrypted. */
  dsrDispatch: "opt" | "geneve" | undefined;
  algorithm: "random" | "maglev";
  acceleration: "disabled" | "native" | "best-effort";
  bpfMasquerade: boolean;
  hostLegacyRouting: boolean;
  bandwidthManager: boolean;
  maglevHashSeed: string;
}

function encryptionType(given: Encryption | undefined, preset: Preset): CiliumSettings["encryption"] {
  return given ? (given.type ?? "wireguard") : preset.encryption;
}

/** A seed of the cluster's own that stays the same: another one would move established connections. */
function hashSeed({ apiServer }: CiliumNetworkArgs): string {
  return createHash("sha256").update(`maglev ${apiServer.host}`).digest().subarray(0, 12).toString("base64");
}

/** Decides what is not given. */
export function ciliumSettings(args: CiliumNetworkArgs): CiliumSettings {
  const { bpf, loadBalancer, routing, version } = args;
  const preset = presets[args.preset];
  const encryption = encryptionType(args.encryption, preset);
  const mode = routing.mode ?? preset.routing;
  const direct = loadBalancer.mode !== "snat";
  // Direct server return works in geneve tunnels only, and only geneve is encrypted.
  const wantsGeneve = direct && (mode === "tunnel" || encryption !== "none");
  const tunnelProtocol = routing.tunnelProtocol ?? (wantsGeneve ? "geneve" : "vxlan");
  const strictFits = encryption === "wireguard" || ciliumVersions[version].strictForAll;
  const overheads = { wireguard: ciliumVersions[version].wireguardOverhead, ipsec: IPSEC_OVERHEAD, none: 0 };
  return {
    args,
    encryption,
    encryptionOverhead: overheads[encryption],
    strictEgress: encryption !== "none" && (args.encryption?.strictEgress ?? (preset.strictEgress && strictFits)),
    routing: mode,
    tunnelProtocol,
    dsrDispatch: direct ? (tunnelProtocol === "geneve" ? "geneve" : "opt") : undefined,
    algorithm: loadBalancer.algorithm ?? preset.algorithm,
    acceleration: loadBalancer.acceleration ?? preset.acceleration,
    // Egress gateways are made of it.
    bpfMasquerade: bpf.masquerade ?? (preset.bpfMasquerade || loadBalancer.egressGateway),
    hostLegacyRouting: bpf.hostLegacyRouting ?? preset.hostLegacyRouting,
    bandwidthManager: bpf.bandwidthManager ?? preset.bandwidthManager,
    maglevHashSeed: loadBalancer.maglevHashSeed ?? hashSeed(args),
  };
}
