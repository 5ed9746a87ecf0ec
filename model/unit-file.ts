/** Characters that begin a comment in a systemd unit. */
const comment = /^[#;]/;

/** The index behind the end of a line that begins at `from`, and that of the lines that continue it. */
function afterLine(text: string, from: number, continues: (line: string) => boolean): number {
  let at = from;
  for (;;) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
    if (end < 0 || !continues(line)) return at;
  }
}

const commentContinues = (line: string): boolean => line.replace(/ $/, "").endsWith("\\");
const valueContinues = (line: string): boolean => line.trim() !== "" && line.endsWith("\\");

/** Where the first section begins: what stands before it is passed over, whatever it is. */
function firstSection(text: string): number {
  let at = 0;
  while (at < text.length && text[at] !== "[") {
    at = comment.test(text.slice(at, at + 1)) ? afterLine(text, at, commentContinues) : at + 1;
  }
  return at;
}

/**
 * What Ignition cannot read in the text of a systemd unit or drop-in; undefined when it can.
 * Source: coreos/go-systemd unit/deserialize.go, which Ignition checks units with.
 */
export function unitFileProblem(text: string): string | undefined {
  let at = firstSection(text);
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0].length ?? 0;
    if (space > 0) {
      at += space;
    } else if (rest.startsWith("[")) {
      const close = rest.indexOf("]");
      if (close < 0) return "a section's name has no closing bracket";
      const end = afterLine(text, at + close + 1, () => false);
      const behind = text.slice(at + close + 1, end).trim();
      if (behind !== "") return `${JSON.stringify(behind)} stands behind the section's name`;
      at = end;
    } else if (comment.test(rest)) {
      at = afterLine(text, at, commentContinues);
    } else {
      const name = /^[^\r\n=]*=/.exec(rest)?.[0];
      if (name === undefined) return `the line ${JSON.stringify(/^[^\r\n]*/.exec(rest)?.[0] ?? "")} has no "="`;
      at = afterLine(text, at + name.length, valueContinues);
    }
  }
  return undefined;
}
