import { Address4, Address6 } from "ip-address";
import { isObject } from "../../model";
import type { JsonObject } from "../../model";
import { contains, isNetwork } from "../../model/addresses";
import { listAt, textAt } from "../read";
import { place } from "./cni-config";
import type { Problem } from "./cni-config";

/** Addresses that a range gives out, both ends included. */
interface Span {
  at: string;
  v6: boolean;
  low: bigint;
  high: bigint;
}

const parse = (text: string): Address4 | Address6 => (text.includes(":") ? new Address6(text) : new Address4(text));

/** Source: containernetworking/plugins ipam/host-local/backend/allocator/range.go. */
function rangeOf(entry: JsonObject, at: string): { found: Problem[]; span?: Span } {
  const problem = (key: string, message: string): { found: Problem[] } => ({
    found: [{ at: place(at, key), message }],
  });
  const subnet = textAt(entry, "subnet");
  if (subnet === undefined) return problem("subnet", "The subnet is missing.");
  if (!isNetwork(subnet)) return problem("subnet", `"${subnet}" is not a network; its host bits must be 0.`);
  const v6 = subnet.includes(":");
  const network = parse(subnet);
  if (network.subnetMask > (v6 ? 126 : 30)) return problem("subnet", `${subnet} has no room for a pod.`);
  const found = ["rangeStart", "rangeEnd", "gateway"].flatMap((key): Problem[] => {
    const address = textAt(entry, key);
    if (!address || contains(subnet, address)) return [];
    return [{ at: place(at, key), message: `${address} is not in ${subnet}.` }];
  });
  if (found.length > 0) return { found };
  const given = (key: string): bigint | undefined => {
    const address = textAt(entry, key);
    return address ? parse(address).bigInt() : undefined;
  };
  const low = given("rangeStart") ?? network.startAddress().bigInt() + 1n;
  // Of IPv4 the broadcast address is not given out.
  const high = given("rangeEnd") ?? network.endAddress().bigInt() - (v6 ? 0n : 1n);
  if (low > high)
    return problem(textAt(entry, "rangeEnd") ? "rangeEnd" : "rangeStart", "The range ends before it starts.");
  return { found: [], span: { at, v6, low, high } };
}

const overlap = (a: Span, b: Span): boolean => a.v6 === b.v6 && a.low <= b.high && b.low <= a.high;

/** Source: containernetworking/plugins ipam/host-local/backend/allocator. */
export function hostLocal(ipam: JsonObject): Problem[] {
  const sets = listAt(ipam, "ranges").map((set, outer): [string, JsonObject][] =>
    (Array.isArray(set) ? set : []).map((entry, inner) => [
      place("ranges", outer, inner),
      isObject(entry) ? entry : {},
    ]),
  );
  const empty = sets.flatMap((set, outer): Problem[] =>
    set.length === 0 ? [{ at: place("ranges", outer), message: "The set of ranges is empty." }] : [],
  );
  if (textAt(ipam, "subnet") !== undefined) sets.unshift([["", ipam]]);
  if (sets.length === 0) return [{ at: "", message: "host-local needs a subnet or ranges." }];
  const read = sets.map((set) => set.map(([at, entry]) => rangeOf(entry, at)));
  const mixed = read.flatMap((set): Problem[] => {
    const spans = set.flatMap(({ span }) => span ?? []);
    const other = spans.find((span) => span.v6 !== spans[0]?.v6);
    return other ? [{ at: other.at, message: "A set of ranges has addresses of one family only." }] : [];
  });
  const spans = read.flat().flatMap(({ span }) => span ?? []);
  const twice = spans.flatMap((span, index): Problem[] => {
    const earlier = spans.slice(0, index).find((each) => overlap(each, span));
    return earlier ? [{ at: span.at, message: "The range overlaps another one." }] : [];
  });
  return [...empty, ...read.flat().flatMap(({ found }) => found), ...mixed, ...twice];
}
