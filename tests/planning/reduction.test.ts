import { expect } from "chai";
import fc from "fast-check";
import type { Plan } from "../../model";
import { withoutImplied } from "../../planning/reduction";
import { arrows, waitsFor } from "./plans";

function planOf(count: number, pairs: readonly (readonly [number, number])[]): Plan {
  const unique = new Map(pairs.map(([from, to]) => [`${from} ${to}`, { from: `o${from}`, to: `o${to}`, reason: "r" }]));
  const objects = Array.from({ length: count }, (_, index) => ({
    id: `o${index}`,
    token: "t",
    component: "c",
    properties: {},
  }));
  return { components: [], objects, edges: [...unique.values()], findings: [] };
}

describe("edges that others imply", () => {
  it("are left out", () => {
    const plan = planOf(4, [
      [1, 0],
      [2, 1],
      [3, 2],
      [2, 0],
      [3, 0],
    ]);
    expect(arrows(withoutImplied(plan))).to.deep.equal(["o1 -> o0", "o2 -> o1", "o3 -> o2"]);
  });

  it("are none in a cycle", () => {
    const plan = planOf(3, [
      [0, 1],
      [1, 2],
      [2, 0],
      [0, 2],
    ]);
    expect(withoutImplied(plan)).to.deep.equal(plan);
  });

  it("change nothing of what anything waits for, and none is left among few objects", () => {
    const pairs = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 });
    fc.assert(
      fc.property(pairs, (list) => {
        const plan = planOf(
          12,
          list.filter(([from, to]) => from > to),
        );
        const reduced = withoutImplied(plan);
        for (const { id } of plan.objects) expect(waitsFor(reduced, id)).to.deep.equal(waitsFor(plan, id));
        for (const edge of reduced.edges) {
          const others = { ...reduced, edges: reduced.edges.filter((each) => each !== edge) };
          expect(waitsFor(others, edge.from).has(edge.to), JSON.stringify(edge)).to.equal(false);
        }
      }),
    );
  });
});
