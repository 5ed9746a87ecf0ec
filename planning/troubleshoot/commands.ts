/** A word of a command line: a text, which is quoted, or what the shell puts in. */
export type Word = string | { shell: string };

/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command line of words. */
export function command(...words: readonly Word[]): string {
  return words.map((word) => (typeof word === "string" ? quoted(word) : word.shell)).join(" ");
}

/** OpenShift's client. */
export function oc(...words: readonly Word[]): string {
  return command("oc", ...words);
}

/** The value of a shell variable as one word. */
export function variable(name: string): Word {
  return { shell: `"$${name}"` };
}

/** Keeps the output of a command in a shell variable. */
export function keep(name: string, line: string): string {
  return `${name}="$(${line})"`;
}

/** Runs a command for each line that another one prints, with the line in a shell variable. */
export function forEach(name: string, list: string, line: string): string {
  return `for ${name} in $(${list}); do ${line}; done`;
}

/** A key as a path of JSONPath has it. */
export function pathKey(key: string): string {
  return key.replaceAll(".", String.raw`\.`);
}

/** Options that print objects as a table: heading and path of each column. */
export function columns(...list: readonly (readonly [heading: string, path: string])[]): string[] {
  return ["-o", `custom-columns=${list.map(([heading, path]) => `${heading}:${path}`).join(",")}`];
}

/** Columns of conditions: their status, and what the last one says. */
export function conditions(...types: readonly string[]): (readonly [string, string])[] {
  const of = (type: string, key: string): string => `.status.conditions[?(@.type=="${type}")].${key}`;
  return types.map((type) => [type.toUpperCase(), of(type, "status")] as const);
}

/** The end of a line in JSONPath. */
export const LINE = String.raw`{"\n"}`;

/** The conditions of an object, one a line. */
export const CONDITIONS = `{range .status.conditions[*]}{.type}={.status} {.reason} {.message}${LINE}{end}`;

/** The same of the objects of a list. */
export const CONDITIONS_OF_ALL = CONDITIONS.replace(".status", ".items[*].status");

/** Option that prints the interfaces of a running machine, one a line. */
export const INTERFACES = `jsonpath={range .status.interfaces[*]}{.name} {.mac} {.ipAddresses} {.infoSource}${LINE}{end}`;
