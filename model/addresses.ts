import { Address4, Address6 } from "ip-address";

/** Bytes that a VXLAN tunnel over IPv4 adds to a packet. */
export const VXLAN_OVERHEAD = 50;

/** The address as ip-address knows it, or undefined where the text is no address of either family. */
function parse(text: string): Address4 | Address6 | undefined {
  // A leading zero is octal to some readers and decimal to others, so it is no address here.
  if (Address4.isValid(text) && !/(^|\.)0\d/.test(text)) return new Address4(text);
  if (Address6.isValid(text)) return new Address6(text);
  return undefined;
}

/** True for an address without a prefix length, of either family. */
export function isAddress(text: string): boolean {
  return !text.includes("/") && parse(text) !== undefined;
}

/** True for a network: an address with a prefix length and no bits set behind it. */
export function isNetwork(text: string): boolean {
  const address = text.includes("/") ? parse(text) : undefined;
  return address !== undefined && address.correctForm() === address.startAddress().correctForm();
}

/**
 * What keeps `text` from being the address of an interface with its prefix length, or undefined if nothing does.
 * CNI's static IPAM and cloud-init take network and broadcast addresses without a word.
 */
export function hostAddressProblem(text: string): string | undefined {
  const address = text.includes("/") ? parse(text) : undefined;
  if (!address) return `"${text}" is not an address with a prefix length.`;
  if (address.isMulticast()) return `"${text}" is a multicast address.`;
  if (address.isUnspecified() || address.isLoopback()) return `"${text}" cannot be the address of an interface.`;
  // Point-to-point networks and single addresses have neither a network nor a broadcast address.
  const hostBits = (address instanceof Address4 ? 32 : 128) - address.subnetMask;
  if (hostBits < 2) return undefined;
  if (address.correctForm() === address.startAddress().correctForm()) return `"${text}" is the network's own address.`;
  const last = address instanceof Address4 && address.correctForm() === address.endAddress().correctForm();
  return last ? `"${text}" is the network's broadcast address.` : undefined;
}

/** True if the address (with or without a prefix length) lies in the network. */
export function contains(network: string, address: string): boolean {
  const outer = parse(network);
  const inner = parse(address);
  if (outer instanceof Address4 && inner instanceof Address4) return inner.isInSubnet(outer);
  if (outer instanceof Address6 && inner instanceof Address6) return inner.isInSubnet(outer);
  return false;
}

/** True if the two networks share an address. */
export function overlaps(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/**
 * The MTU of pod interfaces for a network card's MTU, in bytes.
 * `encryption` is what encryption adds per packet, 0 without it.
 */
export function podMtu(deviceMtu: number, encryption: number): number {
  return deviceMtu - VXLAN_OVERHEAD - encryption;
}
