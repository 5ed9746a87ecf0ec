import type { JsonObject, KubernetesObject } from "../../model";
import { indexedAt, listAt, missing, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { foreignKeyProblems, selectorProblems, selectorRule } from "./label-selectors";
import { isAddress, rangeBetween, rangeOfNetwork, rangesMeet } from "../../model/ranges";
import type { AddressRange } from "../../model/ranges";

const lbipam = "cilium operator/pkg/lbipam/lbipam.go";

/** The addresses of a block as the operator takes them; undefined when it cannot or a value is not known yet. */
export function blockRange(block: JsonObject): AddressRange | undefined {
  if ("cidr" in block && block.cidr === undefined) return undefined;
  const cidr = textAt(block, "cidr");
  if (cidr) return rangeOfNetwork(cidr);
  if ("stop" in block && block.stop === undefined) return undefined;
  const start = textAt(block, "start") ?? "";
  return rangeBetween(start, textAt(block, "stop") || start);
}

function blockProblem(block: JsonObject, path: (string | number)[]): Violation[] {
  const [cidr, start, stop] = ["cidr", "start", "stop"].map((key) => textAt(block, key));
  if (cidr) {
    if (rangeOfNetwork(cidr)) return [];
    const fix = "Write an address with its prefix length, such as 192.0.2.0/27.";
    return [{ path: [...path, "cidr"], message: `"${cidr}" is no network.`, fix }];
  }
  if (("cidr" in block && block.cidr === undefined) || ("start" in block && block.start === undefined)) return [];
  if (!start) {
    const message = "The block has neither a cidr nor a start, so the operator cannot use the pool.";
    return [{ path, message, fix: "Give a cidr, or the first address as start and the last one as stop." }];
  }
  if (!isAddress(start)) return [{ path: [...path, "start"], message: `"${start}" is no address.` }];
  if (!stop) return [];
  if (!isAddress(stop)) return [{ path: [...path, "stop"], message: `"${stop}" is no address.` }];
  if (rangeBetween(start, stop)) return [];
  const message = `${stop} does not come after ${start} in the same address family.`;
  return [{ path: [...path, "stop"], message }];
}

const blockForm: Rule<KubernetesObject> = {
  id: "loadbalancing/pool-block",
  severity: "error",
  source: `${lbipam} ipRangeFromBlock, pkg/ipalloc NewHashAllocator: the API server stores all of it`,
  check: (pool) =>
    indexedAt(pool, "spec", "blocks").flatMap(([index, block]) => blockProblem(block, ["spec", "blocks", index])),
};

const blockIgnored: Rule<KubernetesObject> = {
  id: "loadbalancing/pool-block-ignored",
  severity: "warning",
  source: `${lbipam} ipRangeFromBlock: cidr wins`,
  check: (pool) =>
    indexedAt(pool, "spec", "blocks").flatMap(([index, block]) => {
      if (!textAt(block, "cidr")) return [];
      return ["start", "stop"]
        .filter((key) => textAt(block, key))
        .map((key) => ({
          path: ["spec", "blocks", index, key],
          message: "The operator ignores it, because the block has a cidr.",
          fix: "Make it a block of its own, or leave the cidr out.",
        }));
    }),
};

const overlap: Rule<KubernetesObject> = {
  id: "loadbalancing/pool-overlap",
  severity: "error",
  source: "cilium operator/pkg/lbipam/lbrange.go areRangesInternallyConflicting: the pool conflicts with itself",
  check: (pool) => {
    const ranges = indexedAt(pool, "spec", "blocks").flatMap(([index, block]) => {
      const range = blockRange(block);
      return range ? [{ index, range }] : [];
    });
    return ranges.flatMap(({ index, range }, at) => {
      const other = ranges.slice(0, at).find((each) => rangesMeet(each.range, range));
      if (!other) return [];
      const message = `It shares addresses with block ${other.index + 1}; Cilium then gives out no address of the pool.`;
      return [{ path: ["spec", "blocks", index], message }];
    });
  },
};

const empty: Rule<KubernetesObject> = {
  id: "loadbalancing/pool-empty",
  severity: "warning",
  source: `${lbipam} handleNewPool: a pool without blocks has no ranges`,
  check: (pool) => {
    const { spec } = pool;
    if (!spec || (!missing(spec, "blocks") && spec.blocks === undefined)) return [];
    if (listAt(spec, "blocks").length > 0) return [];
    return [{ path: ["spec", "blocks"], message: "The pool has no addresses.", fix: "Add a block with a cidr." }];
  },
};

const firstLast: Rule<KubernetesObject> = {
  id: "loadbalancing/pool-first-last",
  severity: "warning",
  source: `${lbipam} handleNewPool: only blocks with a cidr of more than two addresses keep the first and last one back`,
  check: (pool) => {
    if (textAt(pool, "spec", "allowFirstLastIPs") !== "No") return [];
    const blocks = listAt(pool, "spec", "blocks");
    const without = (block: unknown): boolean => {
      if (typeof block !== "object" || block === null) return false;
      const of = block as JsonObject;
      if ("cidr" in of && of.cidr === undefined) return false;
      const range = rangeOfNetwork(textAt(of, "cidr") ?? "");
      return !range || range.to - range.from < 2n;
    };
    if (blocks.length === 0 || !blocks.every(without)) return [];
    const message = "It has no effect: no block has a cidr of more than two addresses.";
    return [{ path: ["spec", "allowFirstLastIPs"], message }];
  },
};

const selector = selectorRule(
  "loadbalancing/pool-selector",
  `${lbipam} satisfyServices: a selector that cannot be read stops the allocation`,
  (pool) => selectorProblems(pool, "spec", "serviceSelector"),
);

const selectorKeys: Rule<KubernetesObject> = {
  id: "loadbalancing/pool-selector-key",
  severity: "warning",
  source: "cilium operator/pkg/lbipam/service_store.go svcLabels: the Service's own labels, its name and namespace",
  check: (pool) => foreignKeyProblems(pool, "spec", "serviceSelector"),
};

/** What the operator's address management refuses or ignores of a pool. */
export const ciliumLoadBalancerIPPoolRules: readonly Rule<KubernetesObject>[] = [
  blockForm,
  blockIgnored,
  overlap,
  empty,
  firstLast,
  selector,
  selectorKeys,
];
