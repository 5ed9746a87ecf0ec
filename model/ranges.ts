import { Address4, Address6 } from "ip-address";

/** Consecutive addresses of one family, both ends included. */
export interface AddressRange {
  bits: 32 | 128;
  from: bigint;
  to: bigint;
}

/** An address as Go's `netip.ParseAddr` reads it: no prefix length, no leading zeros; undefined when it is none. */
function parsed(text: string): { bits: 32 | 128; value: bigint } | undefined {
  if (text.includes("/") || text.includes("%")) return undefined;
  if (Address4.isValid(text)) {
    return /(^|\.)0\d/.test(text) ? undefined : { bits: 32, value: new Address4(text).bigInt() };
  }
  return Address6.isValid(text) ? { bits: 128, value: new Address6(text).bigInt() } : undefined;
}

/** Whether a text is an address of either family. */
export function isAddress(text: string): boolean {
  return parsed(text) !== undefined;
}

/** All addresses of a network; bits behind the prefix do not matter. Undefined when the text is no network. */
export function rangeOfNetwork(text: string): AddressRange | undefined {
  const [address = "", length = ""] = text.split(/\/(.*)/s);
  const first = parsed(address);
  if (!first || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > first.bits) return undefined;
  const size = 1n << BigInt(first.bits - Number(length));
  const from = first.value - (first.value % size);
  return { bits: first.bits, from, to: from + size - 1n };
}

/** The addresses from the first to the last; undefined unless both are addresses of one family in this order. */
export function rangeBetween(first: string, last: string): AddressRange | undefined {
  const [from, to] = [parsed(first), parsed(last)];
  if (!from || !to || from.bits !== to.bits || from.value > to.value) return undefined;
  return { bits: from.bits, from: from.value, to: to.value };
}

/** Whether two ranges share an address. */
export function rangesMeet(a: AddressRange, b: AddressRange): boolean {
  return a.bits === b.bits && a.from <= b.to && b.from <= a.to;
}
