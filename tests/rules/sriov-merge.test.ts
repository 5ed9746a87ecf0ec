import { expect } from "chai";
import * as fc from "fast-check";
import type { KubernetesObject } from "../../model";
import { found } from "./sriov-found";
import { intel, nic, policy, worker } from "./sriov-inputs";

/** What upstream does, computed in another way than the rules: the merge itself, policy after policy (api/v1/helper.go). */
interface Group {
  policy: string;
  resource: string;
  from: number;
  to: number;
}

interface Small {
  priority: number;
  resource: string;
  numVfs: number;
  range?: { from: number; to: number };
}

function merge(policies: [string, Small][]): { groups: Group[]; numVfs: number } {
  const sorted = [...policies].sort(([a, x], [b, y]) => y.priority - x.priority || (a < b ? -1 : 1));
  let groups: Group[] = [];
  let vfs = 0;
  let previous = 100;
  for (const [name, { priority, resource, numVfs, range }] of sorted) {
    const own: Group = { policy: name, resource, from: range?.from ?? 0, to: range?.to ?? numVfs - 1 };
    const taken = new Set(Array.from({ length: own.to - own.from + 1 }, (_, index) => own.from + index));
    const kept = groups.filter((group) => {
      const free = Array.from({ length: group.to - group.from + 1 }, (_, index) => group.from + index);
      return group.resource !== resource && !free.some((index) => taken.has(index));
    });
    vfs = previous === priority || kept.length > 0 ? Math.max(vfs, numVfs) : numVfs;
    groups = [own, ...kept];
    previous = priority;
  }
  return { groups, numVfs: vfs };
}

const small = fc
  .record({
    priority: fc.integer({ min: 97, max: 99 }),
    resource: fc.constantFrom("r", "s", "t", "u"),
    numVfs: fc.integer({ min: 1, max: 8 }),
    ends: fc.option(fc.tuple(fc.nat(7), fc.nat(7)), { nil: undefined }),
  })
  .map(({ ends, numVfs, ...rest }): Small => {
    if (!ends) return { ...rest, numVfs };
    const [from, to] = ends.map((end) => end % numVfs).sort((a, b) => a - b) as [number, number];
    return { ...rest, numVfs, range: { from, to } };
  });

describe("SR-IOV policies on one card against a simulation of the operator's merge", () => {
  const objectOf = ([name, { priority, resource, numVfs, range }]: [string, Small]): KubernetesObject =>
    policy(name, {
      priority,
      resourceName: resource,
      numVfs,
      nicSelector: { pfNames: [range ? `ens1f0#${range.from}-${range.to}` : "ens1f0"] },
    });
  const named = fc
    .array(small, { minLength: 1, maxLength: 5 })
    .map((list) => list.map((each, index): [string, Small] => [`p${index}`, each]));

  for (const inventory of [undefined, [worker("w0", [nic({ totalVfs: 16 }), intel])]]) {
    it(`errors name exactly the policies that are dropped, ${inventory ? "with" : "without"} an inventory`, () => {
      fc.assert(
        fc.property(named, (policies) => {
          const errors = found(policies.map(objectOf), inventory).filter(([rule]) =>
            ["sriov/vf-overlap", "sriov/same-resource"].includes(rule),
          );
          const lost = [...new Set(errors.map(([, , objects]) => objects[0]))].sort();
          const left = merge(policies).groups.map((group) => group.policy);
          expect(lost).to.deep.equal(policies.map(([name]) => name).filter((name) => !left.includes(name)));
        }),
        { numRuns: 300 },
      );
    });
  }

  it("policies without findings have all that they ask for, in any order of the objects", () => {
    fc.assert(
      fc.property(named, (policies) => {
        const silent = found(policies.map(objectOf)).length === 0;
        expect(found([...policies].reverse().map(objectOf)).length === 0).to.equal(silent);
        if (!silent) return;
        const { groups, numVfs } = merge(policies);
        expect(groups.map((group) => group.policy).sort()).to.deep.equal(policies.map(([name]) => name));
        for (const [, each] of policies) expect(numVfs).to.equal(each.numVfs);
      }),
      { numRuns: 300 },
    );
  });
});
