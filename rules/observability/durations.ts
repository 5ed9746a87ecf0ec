/** Milliseconds of each unit, from the largest to the smallest. Source: prometheus/common model/time.go ParseDuration. */
const units: readonly (readonly [string, number])[] = [
  ["y", 31_536_000_000],
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** Milliseconds of a Prometheus duration such as `1m30s`; undefined when the text is none. */
export function milliseconds(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(ms|[ywdhms]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ms|[ywdhms])/g)];
  const places = parts.map(([, , unit]) => units.findIndex(([name]) => name === unit));
  if (places.some((place, index) => index > 0 && place <= (places[index - 1] ?? -1))) return undefined;
  return parts.reduce((sum, [, count], index) => sum + Number(count) * (units[places[index] ?? 0]?.[1] ?? 0), 0);
}
