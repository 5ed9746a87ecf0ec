/** What Helm's templates have and nothing else. */
const helm = /\{\{-?\s*(\.(Values|Release|Chart|Files|Capabilities|Template)\b|(include|template|define|toYaml|tpl)\s)/;

/** A line that is nothing but an action of a template. */
const action = /^[ \t]*(-[ \t]+)?\{\{/m;

const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/**
 * The line where a text turns out to be a template, undefined when it is none. Braces alone say nothing: alerts and
 * cloud-init have templates of their own inside of strings.
 *
 * @param broken whether it can be read as YAML only in part
 */
export function templateLine(text: string, broken: boolean): number | undefined {
  const certain = text.search(helm);
  if (certain >= 0) return lineOf(text, certain);
  const braces = text.indexOf("{{");
  if (!broken || braces < 0) return undefined;
  const own = text.search(action);
  return lineOf(text, own >= 0 ? text.indexOf("{{", own) : braces);
}
