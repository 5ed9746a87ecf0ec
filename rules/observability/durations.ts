/** The units from the largest to the smallest; each at most once. Source: prometheus/common model/time.go ParseDuration. */
const grammar = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of each unit of the grammar. */
const lengths = [31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1];

/** Milliseconds of the longest duration: Prometheus counts nanoseconds in 63 bits. */
const longest = 2 ** 63 / 1e6;

/** Milliseconds of a Prometheus duration such as `1m30s`; undefined when the text is none. */
export function milliseconds(text: string): number | undefined {
  if (text === "0") return 0;
  const found = grammar.exec(text);
  if (text === "" || !found) return undefined;
  const sum = found.slice(1).reduce((total, count = "0", index) => total + Number(count) * Number(lengths[index]), 0);
  return sum < longest ? sum : undefined;
}
