/** Constructs that Go's engine lacks and JavaScript's has: look-ahead, look-behind, back-references, other escapes. */
const missingInGo = /\(\?(=|!|<=|<!)|\\[1-9]|\\(?![afnrtvdswDSWbBAzCQEpPx])[A-Za-z]/;

/** Constructs that Go's engine has and JavaScript's lacks, with what they are for the purpose of a syntax check. */
const goOnly: [RegExp, string][] = [
  [/\(\?P</g, "(?<"],
  [/\(\?[imsU]*(-[imsU]+)?:/g, "(?:"],
  [/\(\?[imsU]+(-[imsU]+)?\)/g, ""],
  [/\\[AzC]/g, ""],
  [/\\Q.*?(\\E|$)/g, ""],
  [/\[\[:\^?[a-z]+:\]/g, "[a"],
  [/\[:\^?[a-z]+:\]/g, "a"],
];

/** What Go's engine of regular expressions (RE2) would refuse in this one; undefined when it takes it. */
export function expressionProblem(text: string): string | undefined {
  // An escaped backslash is no escape of what follows.
  const plain = text.replace(/\\\\/g, "a");
  const repeated = [...plain.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].some(
    ([, low, high]) => Number(low) > 1000 || Number(high ?? 0) > 1000,
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
