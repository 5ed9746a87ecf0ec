import { isObject } from "../../model";
import type { JsonObject } from "../../model";
import { contains, hostAddressProblem, isAddress, isNetwork } from "../../model/addresses";
import { indexedAt, listAt, textAt } from "../read";
import { place } from "./cni-config";
import type { Problem } from "./cni-config";

/** IPAM plugins that exist on OpenShift. */
const ipamTypes = ["static", "host-local", "dhcp", "whereabouts"];

/** Source: containernetworking/plugins ipam/static, executed: it takes addresses that no host can have. */
function staticAddresses(ipam: JsonObject): Problem[] {
  if (!("addresses" in ipam)) return [];
  if (!Array.isArray(ipam.addresses)) return [{ at: "addresses", message: "It must be a list." }];
  const addresses = listAt(ipam, "addresses").map((entry) => textAt({ entry }, "entry", "address"));
  return indexedAt(ipam, "addresses").flatMap(([index, entry]) => {
    const address = textAt(entry, "address");
    const gateway = textAt(entry, "gateway");
    const first = addresses.indexOf(address);
    const at = (key: string): string => place("addresses", index, key);
    if (address === undefined) return [{ at: at("address"), message: "The address is missing." }];
    const problem = hostAddressProblem(address);
    if (problem)
      return [
        { at: at("address"), message: problem, fix: "Give the address of one interface, for example 10.0.0.5/24." },
      ];
    if (first < index) return [{ at: at("address"), message: `The address ${address} is given twice.` }];
    if (gateway === undefined) return [];
    if (!isAddress(gateway)) return [{ at: at("gateway"), message: `"${gateway}" is not an address.` }];
    const inside = contains(address, gateway);
    return inside
      ? []
      : [{ at: at("gateway"), message: `The gateway ${gateway} is not in the network of ${address}.` }];
  });
}

function routes(ipam: JsonObject): Problem[] {
  return indexedAt(ipam, "routes").flatMap(([index, route]) => {
    const dst = textAt(route, "dst");
    const gw = textAt(route, "gw");
    const at = place("routes", index);
    if (dst === undefined) return [{ at: place(at, "dst"), message: "A route needs a destination." }];
    const found: Problem[] = [];
    if (!isNetwork(dst))
      found.push({ at: place(at, "dst"), message: `"${dst}" is not a network; its host bits must be 0.` });
    if (gw !== undefined && !isAddress(gw)) found.push({ at: place(at, "gw"), message: `"${gw}" is not an address.` });
    return found;
  });
}

function range(entry: JsonObject, at: string): Problem[] {
  const subnet = textAt(entry, "subnet");
  if (subnet === undefined) return [{ at: place(at, "subnet"), message: "The subnet is missing." }];
  if (!isNetwork(subnet))
    return [{ at: place(at, "subnet"), message: `"${subnet}" is not a network; its host bits must be 0.` }];
  if (/\/(3[12]|12[78])$/.test(subnet))
    return [{ at: place(at, "subnet"), message: `${subnet} has no room for a pod.` }];
  return ["rangeStart", "rangeEnd", "gateway"].flatMap((key) => {
    const address = textAt(entry, key);
    if (address === undefined) return [];
    if (!isAddress(address)) return [{ at: place(at, key), message: `"${address}" is not an address.` }];
    return contains(subnet, address) ? [] : [{ at: place(at, key), message: `${address} is not in ${subnet}.` }];
  });
}

/** Source: containernetworking/plugins ipam/host-local/backend/allocator. */
function hostLocal(ipam: JsonObject): Problem[] {
  const sets = listAt(ipam, "ranges");
  const nested = sets.flatMap((set, outer) =>
    (Array.isArray(set) ? set : []).flatMap((entry, inner) =>
      isObject(entry) ? range(entry, place("ranges", outer, inner)) : [],
    ),
  );
  if ("subnet" in ipam) return [...range(ipam, ""), ...nested];
  if (sets.length === 0) return [{ at: "", message: "host-local needs a subnet or ranges." }];
  return nested;
}

function whereaboutsRange(text: string): boolean {
  const [start, rest] = text.includes("-") ? text.split("-") : [undefined, text];
  return isNetworkOrHost(rest ?? "") && (start === undefined || isAddress(start));
}

/** A CIDR whose host bits may be set. */
function isNetworkOrHost(text: string): boolean {
  const [address, length] = text.split("/");
  return isAddress(address ?? "") && /^\d{1,3}$/.test(length ?? "");
}

/** Source: whereabouts pkg/config: bad `exclude` fails only when an address is allocated, bad range ends are ignored. */
function whereabouts(ipam: JsonObject): Problem[] {
  const found: Problem[] = [];
  const main = textAt(ipam, "range");
  if (main === undefined && listAt(ipam, "ipRanges").length === 0)
    found.push({ at: "range", message: "whereabouts needs a range." });
  const ranges: [string, JsonObject][] = [
    ["", ipam],
    ...indexedAt(ipam, "ipRanges").map(([index, entry]): [string, JsonObject] => [place("ipRanges", index), entry]),
  ];
  for (const [at, entry] of ranges) {
    const text = textAt(entry, "range");
    if (text === undefined) continue;
    if (!whereaboutsRange(text)) {
      found.push({
        at: place(at, "range"),
        message: `"${text}" is no range.`,
        fix: "For example 10.0.0.0/24 or 10.0.0.10-10.0.0.20/24.",
      });
      continue;
    }
    const network = text.split("-").at(-1) ?? text;
    for (const key of ["range_start", "range_end"]) {
      const address = textAt(entry, key);
      if (address === undefined || (isAddress(address) && contains(network, address))) continue;
      found.push({ at: place(at, key), message: `${address} is not an address in ${network}.` });
    }
    listAt(entry, "exclude").forEach((excluded, index) => {
      if (typeof excluded !== "string" || isNetworkOrHost(excluded)) return;
      found.push({ at: place(at, "exclude", index), message: `"${excluded}" is no network.` });
    });
  }
  return found;
}

/** Everything that is wrong with an IPAM section for certain. Places are relative to the section. */
export function ipamProblems(ipam: JsonObject): Problem[] {
  if (Object.keys(ipam).length === 0) return [];
  const type = textAt(ipam, "type");
  if (type === undefined)
    return [{ at: "type", message: "IPAM needs a type; leave the section out for a network without addresses." }];
  switch (type) {
    case "static":
      return [...staticAddresses(ipam), ...routes(ipam)];
    case "host-local":
      return [...hostLocal(ipam), ...routes(ipam)];
    case "whereabouts":
      return [...whereabouts(ipam), ...routes(ipam)];
    case "dhcp":
      return [];
    default:
      return [
        {
          at: "type",
          message: `There is no IPAM plugin "${type}" on OpenShift.`,
          fix: `Known: ${ipamTypes.join(", ")}.`,
        },
      ];
  }
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
