const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The index behind the string that begins at an index; undefined when it does not end. */
function endOfString(text: string, from: number): number | undefined {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\" && quote !== "`") at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === "\n" && quote !== "`") return undefined;
  }
  return undefined;
}

/**
 * What Prometheus cannot parse in an expression as far as brackets and quotes tell; undefined where these are right.
 * Source: prometheus promql/parser/lex.go.
 */
export function queryProblem(text: string): string | undefined {
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    const close = closing[sign];
    if (sign === "#") {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
    } else if (`"'\``.includes(sign)) {
      const end = endOfString(text, at);
      if (end === undefined) return "has a text without an end";
      at = end;
      continue;
    } else if (close) {
      open.push(close);
    } else if (")]}".includes(sign) && open.pop() !== sign) {
      return `has a ${sign} that closes nothing`;
    }
    at++;
  }
  const left = open.at(-1);
  return left && `lacks a ${left}`;
}

/** What Go's templates cannot parse in a text as far as its actions' braces tell. Source: Go text/template/parse/lex.go. */
export function templateProblem(text: string): string | undefined {
  let rest = text;
  for (;;) {
    const start = rest.indexOf("{{");
    if (start < 0) return undefined;
    const end = rest.indexOf("}}", start);
    if (end < 0) return "has a {{ without its }}";
    const inner = rest.slice(start + 2, end).replace(/^-\s|\s-$/g, "");
    if (inner.trim() === "") return "has an empty {{ }}";
    rest = rest.slice(end + 2);
  }
}
