import { z } from "zod";

/** CPUs that a list may name at most; a greater number is a mistake. */
const MOST_CPUS = 4096;

/** The CPUs of a list such as `0-3,8`, in the order of the list; undefined when it is none. */
export function cpusOf(list: string): number[] | undefined {
  const cpus: number[] = [];
  for (const part of list.split(",")) {
    const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first > last || last >= MOST_CPUS) return undefined;
    for (let cpu = first; cpu <= last; cpu++) cpus.push(cpu);
  }
  return cpus;
}

const CpuList = z
  .string()
  .refine((list) => cpusOf(list) !== undefined, { error: "Must be a list of CPUs such as 0-3,8, in quotes." });

const TopologyPolicy = z.enum(["none", "best-effort", "restricted", "single-numa-node"]);

/** Low latency on the nodes of a pool: one PerformanceProfile. */
export const Performance = z
  .strictObject({
    reserved: CpuList.describe("CPUs for the system and pods without CPUs of their own, such as `0-1,16-17`."),
    isolated: CpuList.describe(
      "CPUs for machines and pods with CPUs of their own; with `reserved` all that a node has.",
    ),
    topologyPolicy: TopologyPolicy.optional().describe(
      "How CPUs, memory and devices must be near one another: `none`, `best-effort` (default), `restricted`, `single-numa-node`.",
    ),
    realTimeKernel: z.boolean().default(false).describe("The real-time kernel; false unless given."),
  })
  .superRefine(({ reserved, isolated }, context) => {
    const taken = new Set(cpusOf(reserved));
    const both = [...new Set(cpusOf(isolated))].filter((cpu) => taken.has(cpu));
    if (both.length === 0) return;
    const message = `The CPUs ${both.join(", ")} are among the reserved ones as well.`;
    context.addIssue({ code: "custom", path: ["isolated"], message });
  });
export type Performance = z.infer<typeof Performance>;

/** Settings of the kubelet: one KubeletConfig. */
export const Kubelet = z
  .strictObject({
    cpuManagerPolicy: z
      .enum(["none", "static"])
      .optional()
      .describe("`static` gives CPUs to machines and pods exclusively; `none` unless given."),
    reservedSystemCPUs: CpuList.optional().describe("CPUs that are never given away, such as `0-1`."),
    topologyManagerPolicy: TopologyPolicy.optional().describe(
      "How CPUs, memory and devices must be near one another; `none` unless given.",
    ),
    topologyManagerScope: z
      .enum(["container", "pod"])
      .optional()
      .describe("Whether that holds for each container or for the pod as a whole; `container` unless given."),
    maxPods: z.int().min(1).optional().describe("How many pods a node takes; 250 unless given."),
  })
  .refine((kubelet) => Object.values(kubelet).some((value) => value !== undefined), {
    error: "Must have at least one setting.",
  });
export type Kubelet = z.infer<typeof Kubelet>;

/** What the kubelet of a pool with a performance profile gets from the profile. */
const OF_PROFILE = ["cpuManagerPolicy", "reservedSystemCPUs", "topologyManagerPolicy"] as const;

/** Kernel arguments that the Node Tuning Operator makes of a profile. */
const PROFILE_ARGUMENTS =
  /^(isolcpus|nohz_full|rcu_nocbs|tuned\.non_isolcpus|systemd\.cpu_affinity|default_hugepagesz|hugepagesz|hugepages|intel_iommu|iommu)=/;

/** What a performance profile excludes beside it, as path and message. */
export function besideProfile(pool: {
  performance?: Performance | undefined;
  kubelet?: Kubelet | undefined;
  kernelArguments: readonly string[];
}): { path: (string | number)[]; message: string }[] {
  const { performance, kubelet, kernelArguments } = pool;
  if (!performance) return [];
  const settings = OF_PROFILE.filter((key) => kubelet?.[key] !== undefined).map((key) => ({
    path: ["kubelet", key],
    message: "Is set by `performance` on this pool. Leave it out.",
  }));
  const repeated = kernelArguments.flatMap((argument, index) =>
    PROFILE_ARGUMENTS.test(argument)
      ? [
          {
            path: ["kernelArguments", index],
            message: "Is set by `performance` on this pool, and arguments are not merged. Leave it out.",
          },
        ]
      : [],
  );
  return [...settings, ...repeated];
}

/** A taint of nodes. */
export const Taint = z.strictObject({
  key: z.string().min(1).describe("Key, such as `example.com/reserved`."),
  value: z.string().optional().describe("Value; none unless given."),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .describe("What happens to pods that do not tolerate it."),
});
