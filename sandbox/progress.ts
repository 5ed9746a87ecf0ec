/** Takes one line of progress for the user. */
export type Progress = (line: string) => void;

/** `2 s`, `1 min 05 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/**
 * Runs a piece of work and tells how long it has been going on: after two seconds, then every fifteen, and at the end.
 * Work under two seconds says nothing.
 *
 * @param what names the work, for example `kubernetes: building`
 * @param expected seconds that it usually takes, when known
 */
export async function timed<T>(
  progress: Progress,
  what: string,
  expected: number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const elapsed = (): string => duration((Date.now() - start) / 1000);
  const usual = expected === undefined ? "" : `, usually about ${duration(expected)} from nothing`;
  let announced = false;
  const say = (): void => {
    announced = true;
    progress(`${what}: ${elapsed()}${usual}`);
  };
  const first = setTimeout(say, 2000);
  const further = setInterval(say, 15000);
  try {
    const result = await work();
    if (announced) progress(`${what}: done in ${elapsed()}`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(further);
  }
}
