/** A service name. Source: Cilium pkg/iana: at most 15 letters, digits and single hyphens, one letter at least. */
export const isName = (text: string): boolean =>
  text.length <= 15 && /[a-z]/i.test(text) && /^[a-z0-9]+(-[a-z0-9]+)*$/i.test(text);

const bases: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };

/**
 * The number of a port as Go reads it (strconv.ParseUint with base 0): a leading zero means octal, 0x, 0o and 0b another
 * base, and single underscores may part digits. Undefined when it is none, or above 65535.
 */
export function portNumber(text: string): number | undefined {
  const [, letter = "", digits = ""] = /^(?:0([xob])_?)?([0-9a-f]+(?:_[0-9a-f]+)*)$/i.exec(text) ?? [];
  const octal = letter === "" && digits.length > 1 && digits.startsWith("0");
  const base = bases[letter.toLowerCase()] ?? (octal ? 8 : 10);
  const plain = digits.replaceAll("_", "");
  const known = "0123456789abcdef".slice(0, base);
  if (plain === "" || [...plain.toLowerCase()].some((digit) => !known.includes(digit))) return undefined;
  const value = parseInt(plain, base);
  return value <= 65535 ? value : undefined;
}

/** The number of a port of a policy, where what can be a name is one, `0x50` among them. */
export const policyPort = (text: string): number | undefined => (isName(text) ? undefined : portNumber(text));
