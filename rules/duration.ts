/** Seconds of each unit. Source: Go's time.ParseDuration. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** A Go duration such as `1h30m` in seconds, undefined when the text is none. */
export function goDuration(text: string): number | undefined {
  const number = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
  const rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "" || rest.replace(number, "") !== "") return undefined;
  const seconds = [...rest.matchAll(number)].reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * Number(units[unit]),
    0,
  );
  return text.startsWith("-") ? -seconds : seconds;
}
