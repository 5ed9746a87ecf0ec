import type { JsonObject } from "../../model";
import { contains, hostAddressProblem, isNetwork } from "../../model/addresses";
import { indexedAt, listAt, textAt, textsAt } from "../read";
import { canonical, place } from "./cni-config";
import type { Problem } from "./cni-config";
import { decodeProblems, isGoAddress, isPrefix } from "./decode";
import { hostLocal } from "./host-local";
import { dnsType } from "./plugins";
import type { KeyType } from "./plugins";

const route: KeyType = {
  fields: {
    dst: "network",
    gw: "address",
    mtu: "integer",
    advmss: "integer",
    priority: "integer",
    table: "integer",
    scope: "integer",
  },
};
const texts: KeyType = { list: "string" };
const common = { type: "string", routes: { list: route }, dns: dnsType } as const;
const hostRange = { subnet: "network", rangeStart: "address", rangeEnd: "address", gateway: "address" } as const;
const fixedAddresses: KeyType = { list: { fields: { address: "string", gateway: "address" } } };
const option: KeyType = { fields: { option: "string", value: "string", fromArg: "string", skipDefault: "boolean" } };

/** Keys of each IPAM plugin. Sources: containernetworking/plugins ipam, whereabouts pkg/types. */
const keysOf: Readonly<Record<string, Readonly<Record<string, KeyType>>>> = {
  static: { ...common, addresses: fixedAddresses },
  "host-local": {
    type: "string",
    routes: { list: route },
    ...hostRange,
    dataDir: "string",
    resolvConf: "string",
    ranges: { list: { list: { fields: hostRange } } },
  },
  dhcp: {
    type: "string",
    daemonSocketPath: "string",
    request: { list: option },
    provide: { list: option },
    priority: "integer",
  },
  whereabouts: {
    ...common,
    addresses: fixedAddresses,
    range: "string",
    range_start: "string",
    range_end: "string",
    gateway: "string",
    exclude: texts,
    ipRanges: { list: { fields: { range: "string", range_start: "address", range_end: "address", exclude: texts } } },
    node_slice_size: "string",
    leader_lease_duration: "integer",
    leader_renew_deadline: "integer",
    leader_retry_period: "integer",
    log_file: "string",
    log_level: "string",
    reconciler_cron_expression: "string",
    enable_overlapping_ranges: "boolean",
    sleep_for_race: "integer",
    kubernetes: { fields: { kubeconfig: "string", k8s_api_root: "string" } },
    configuration_path: "string",
    network_name: "string",
  },
};

/** Source: containernetworking/plugins ipam/static, executed: it takes addresses that no host can have. */
function staticAddresses(ipam: JsonObject): Problem[] {
  const addresses = listAt(ipam, "addresses").map((entry) => textAt({ entry }, "entry", "address"));
  return indexedAt(ipam, "addresses").flatMap(([index, entry]) => {
    const address = textAt(entry, "address");
    const gateway = textAt(entry, "gateway");
    const first = addresses.indexOf(address);
    const at = (key: string): string => place("addresses", index, key);
    if (address === undefined) return [{ at: at("address"), message: "The address is missing." }];
    const problem = isPrefix(address)
      ? hostAddressProblem(address)
      : `"${address}" is not an address with a prefix length.`;
    if (problem)
      return [
        { at: at("address"), message: problem, fix: "Give the address of one interface, for example 10.0.0.5/24." },
      ];
    if (first < index) return [{ at: at("address"), message: `The address ${address} is given twice.` }];
    if (!gateway || contains(address, gateway)) return [];
    return [{ at: at("gateway"), message: `The gateway ${gateway} is not in the network of ${address}.` }];
  });
}

function routes(ipam: JsonObject): Problem[] {
  return indexedAt(ipam, "routes").flatMap(([index, each]) => {
    const dst = textAt(each, "dst");
    const at = place("routes", index, "dst");
    if (dst === undefined) return [{ at, message: "A route needs a destination." }];
    return isNetwork(dst) ? [] : [{ at, message: `"${dst}" is not a network; its host bits must be 0.` }];
  });
}

function whereaboutsRange(text: string): boolean {
  const [start, network] = /-/.test(text) ? [/^[^-]*/.exec(text)?.[0], text.replace(/^[^-]*-/, "")] : [undefined, text];
  return isPrefix(network) && (start === undefined || (isGoAddress(start) && contains(network, start)));
}

/** Whereabouts reads parts of IPv4 addresses with leading zeros as decimal numbers. */
const sloppy = (text: string): string => (text.includes(":") ? text : text.replace(/(^|[.-])0+(?=\d)/g, "$1"));

/** Source: whereabouts pkg/config: bad `exclude` fails only when an address is allocated, bad range ends are ignored. */
function whereabouts(ipam: JsonObject): Problem[] {
  const found: Problem[] = [];
  const gateway = textAt(ipam, "gateway");
  if (!textAt(ipam, "range") && listAt(ipam, "ipRanges").length === 0)
    found.push({ at: "range", message: "whereabouts needs a range." });
  if (gateway && !isGoAddress(sloppy(gateway)))
    found.push({ at: "gateway", message: `"${gateway}" is not an address.` });
  indexedAt(ipam, "addresses").forEach(([index, entry]) => {
    const address = textAt(entry, "address") ?? "";
    if (isPrefix(sloppy(address))) return;
    const message = `"${address}" is not an address with a prefix length.`;
    found.push({ at: place("addresses", index, "address"), message });
  });
  const ranges: [string, JsonObject][] = [
    ...(textAt(ipam, "range") ? [["", ipam] as [string, JsonObject]] : []),
    ...indexedAt(ipam, "ipRanges").map(([index, entry]): [string, JsonObject] => [place("ipRanges", index), entry]),
  ];
  return [...found, ...ranges.flatMap(([at, entry]) => whereaboutsEntry(at, entry))];
}

function whereaboutsEntry(at: string, entry: JsonObject): Problem[] {
  const text = sloppy(textAt(entry, "range") ?? "");
  if (!whereaboutsRange(text)) {
    const fix = "For example 10.0.0.0/24 or 10.0.0.10-10.0.0.20/24.";
    return [{ at: place(at, "range"), message: `"${text}" is no range.`, fix }];
  }
  const network = text.replace(/^.*-/, "");
  const ends = ["range_start", "range_end"].flatMap((key): Problem[] => {
    const address = textAt(entry, key);
    if (!address || (isGoAddress(sloppy(address)) && contains(network, sloppy(address)))) return [];
    return [{ at: place(at, key), message: `${address} is not an address in ${network}.` }];
  });
  const excluded = textsAt(entry, "exclude").flatMap((each, index): Problem[] =>
    isPrefix(sloppy(each)) ? [] : [{ at: place(at, "exclude", index), message: `"${each}" is no network.` }],
  );
  return [...ends, ...excluded];
}

const optionNames = [
  "dhcp-client-identifier",
  "subnet-mask",
  "routers",
  "host-name",
  "user-class",
  "vendor-class-identifier",
];

/** Source: containernetworking/plugins ipam/dhcp/options.go: six names, and numbers of one byte. */
function dhcp(ipam: JsonObject): Problem[] {
  return ["request", "provide"].flatMap((key) =>
    indexedAt(ipam, key).flatMap(([index, entry]) => {
      const name = textAt(entry, "option") ?? "";
      const fine = optionNames.includes(name) || (/^\d+$/.test(name) && Number(name) < 256);
      if (fine || (key === "request" && entry.skipDefault === true)) return [];
      const fix = `Known: ${optionNames.join(", ")}, and numbers up to 255.`;
      return [{ at: place(key, index, "option"), message: `"${name}" is no DHCP option.`, fix }];
    }),
  );
}

/** Everything that is wrong with an IPAM section for certain. Places are relative to the section. */
export function ipamProblems(given: JsonObject): Problem[] {
  const type = textAt(given, "type") ?? "";
  if (type === "") {
    const alone = Object.keys(given).every((key) => key === "type");
    const message = "IPAM needs a type; leave the section out for a network without addresses.";
    return alone ? [] : [{ at: "type", message }];
  }
  const fields = keysOf[type];
  if (!fields) {
    const message = `There is no IPAM plugin "${type}" on OpenShift.`;
    return [{ at: "type", message, fix: `Known: ${Object.keys(keysOf).join(", ")}.` }];
  }
  const ipam = canonical(given, Object.keys(fields));
  const wrong = decodeProblems({ fields }, ipam, "");
  if (wrong.length > 0) return wrong;
  const own: Readonly<Record<string, (ipam: JsonObject) => Problem[]>> = {
    static: staticAddresses,
    "host-local": hostLocal,
    whereabouts,
    dhcp,
  };
  return [...(own[type]?.(ipam) ?? []), ...routes(ipam)];
}

/** What of an IPAM section works otherwise than one would think. */
export function ipamHints(ipam: JsonObject): Problem[] {
  const type = textAt(ipam, "type");
  const daemon: Readonly<Record<string, string>> = {
    dhcp: "the DHCP daemon",
    whereabouts: "the whereabouts reconciler",
  };
  const runs = daemon[type ?? ""];
  if (runs) {
    const message = `OpenShift runs ${runs} only when the Network operator's additionalNetworks name such a network.`;
    const fix = `Give NetworkOperator an additional network with IPAM ${type}, or leave IPAM to the guests.`;
    return [{ at: "type", message, fix }];
  }
  if (type !== "static" || listAt(ipam, "addresses").length === 0) return [];
  return [
    {
      at: "addresses",
      message: "Every pod and machine on this network gets the same address.",
      fix: "Give addresses to guests by cloud-init.",
    },
  ];
}
