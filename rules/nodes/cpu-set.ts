/** The most CPUs that a list may name; a longer one is a mistake. */
const most = 65_536;

/**
 * The CPUs of a list such as `0-3,8`; undefined when it is none. An empty text is the empty set.
 * Source: k8s.io/utils/cpuset Parse.
 */
export function parseCpuSet(text: string): ReadonlySet<number> | undefined {
  const result = new Set<number>();
  if (text === "") return result;
  for (const part of text.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first > last || last >= most) return undefined;
    for (let cpu = first; cpu <= last; cpu++) result.add(cpu);
  }
  return result;
}

/** The CPUs that both sets have, in order. */
export function commonCpus(a: ReadonlySet<number>, b: ReadonlySet<number>): number[] {
  return [...a].filter((cpu) => b.has(cpu)).sort((x, y) => x - y);
}
