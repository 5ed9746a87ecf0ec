/** A service name. Source: Cilium pkg/iana: at most 15 letters, digits and single hyphens, one letter at least. */
export const isName = (text: string): boolean =>
  text.length <= 15 && /[a-z]/i.test(text) && /^[a-z0-9]+(-[a-z0-9]+)*$/i.test(text);

/** The number of a port as Go reads it: a leading zero means octal. Undefined when it is none, or above 65535. */
export function portNumber(text: string): number | undefined {
  const octal = /^0[0-7]+$/.test(text);
  if (!octal && !/^(0|[1-9]\d*)$/.test(text)) return undefined;
  const value = parseInt(text, octal ? 8 : 10);
  return value <= 65535 ? value : undefined;
}
