/** Constructs that Go's engine lacks and JavaScript's has: look-ahead, look-behind, back-references, other escapes. */
const missingInGo = new RegExp(
  [
    /\(\?(=|!|<=|<!)/,
    /\\[1-7](?![0-7])|\\[89]/,
    /\\x\{0*((1[1-9A-Fa-f]|[2-9A-Fa-f][0-9A-Fa-f])[0-9A-Fa-f]{4}|[1-9A-Fa-f][0-9A-Fa-f]{6,})\}/,
    /\[[^\]]*(?<!\\)[^\]\\[^-]-\\[dwsDWSpP]/,
    /\\x(?![0-9A-Fa-f]{2}|\{[0-9A-Fa-f]+\})/,
    /\\(?![afnrtvdswDSWbBAzpPx])[A-Za-z]|\\[\u0080-\uffff]/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

/** Literal text: it is as good as one letter, or as nothing. */
const literal = (_: string, text: string): string => (text === "" ? "" : "a");

/** Constructs that Go's engine has and JavaScript's lacks, with what they are for the purpose of a syntax check. */
const goOnly: [RegExp, string][] = [
  [/\(\?P</g, "(?<"],
  [/\(\?[imsU]*(-[imsU]+)?:/g, "(?:"],
  [/\(\?([imsU]+(-[imsU]+)?|-[imsU]+)\)/g, ""],
  [/(\\[bBAz]|(?<!\[)\^|\$)(?=[*+?{])/g, "(?:)"],
  [/\\[Az]/g, ""],
  [/\[\[:\^?[a-z]+:\]/g, "[a"],
  [/\[:\^?[a-z]+:\]/g, "a"],
  [/\[(\^?)\]/g, "[$1\\]"],
];

/** What Go's engine of regular expressions (RE2) would refuse in this one; undefined when it takes it. */
export function expressionProblem(text: string): string | undefined {
  const plain = text
    // An escaped backslash is no escape of what follows.
    .replace(/\\\\/g, "a")
    .replace(/\\Q(.*?)(?:\\E|$)/gs, literal)
    .replace(/\\[{([^]/g, "a");
  const repeated = [...plain.matchAll(/(?<!\\[xpP])\{(\d+)(?:,(\d*))?\}/g)].some(
    ([, low, high]) => Number(low) > 1000 || Number(high) > 1000,
  );
  if (repeated) return "repeats something more than 1000 times";
  if (missingInGo.test(plain))
    return "uses a construct, such as look-around or a back-reference, that Cilium's engine does not have";
  try {
    new RegExp(goOnly.reduce((made, [construct, instead]) => made.replace(construct, instead), plain));
    return undefined;
  } catch {
    return "is no regular expression";
  }
}
