import { expect } from "chai";
import fc from "fast-check";
import type { Plan } from "../../model";
import { checkGraph, topologicalOrder } from "../../planning";

function plan(ids: string[], edges: [string, string][]): Plan {
  return {
    components: [],
    objects: ids.map((id) => ({ id, token: "t", component: "c", properties: {} })),
    edges: edges.map(([from, to]) => ({ from, to, reason: "test" })),
    findings: [],
  };
}

const check = (ids: string[], edges: [string, string][]) => {
  const { objects, edges: planned } = plan(ids, edges);
  return checkGraph(objects, planned);
};

/** Nodes, and edges that go from later to earlier nodes only, so that there is no cycle. */
const acyclic = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 40 }).map((pairs) => ({
    ids: Array.from({ length: size }, (_, index) => `n${index}`),
    edges: pairs
      .filter(([a, b]) => a !== b)
      .map(([a, b]): [string, string] => [`n${Math.max(a, b)}`, `n${Math.min(a, b)}`]),
  })),
);

describe("the graph of a plan", () => {
  it("is ordered so that everything comes after what it waits for", () => {
    fc.assert(
      fc.property(acyclic, ({ ids, edges }) => {
        const ordered = topologicalOrder(plan(ids, edges));
        expect(ordered).to.have.members(ids);
        for (const [from, to] of edges) expect(ordered.indexOf(from)).to.be.greaterThan(ordered.indexOf(to));
        expect(check(ids, edges)).to.deep.equal([]);
      }),
    );
  });

  it("has one order, whatever the order of objects and edges", () => {
    fc.assert(
      fc.property(acyclic, ({ ids, edges }) => {
        const reversed = plan([...ids].reverse(), [...edges].reverse());
        expect(topologicalOrder(reversed)).to.deep.equal(topologicalOrder(plan(ids, edges)));
      }),
    );
  });

  it("reports a cycle with the objects in it, and orders the rest", () => {
    const edges: [string, string][] = [
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
      ["waits", "a"],
    ];
    const findings = check(["a", "b", "c", "waits", "free"], edges);
    expect(findings).to.deep.equal([
      {
        rule: "platform/cycle",
        severity: "error",
        path: "",
        message: "Each of these waits for the next: a -> b -> c -> a.",
        objects: ["a", "b", "c"],
      },
    ]);
    expect(topologicalOrder(plan(["a", "b", "c", "waits", "free"], edges))).to.deep.equal(["free"]);
  });

  it("finds a cycle exactly where there is one", () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), fc.nat(), ({ ids, edges }, a, b) => {
        const [low, high] = [a % ids.length, b % ids.length].sort((x, y) => x - y) as [number, number];
        const closed: [string, string][] = [...edges, [`n${high}`, `n${low}`], [`n${low}`, `n${high}`]];
        expect(check(ids, closed).map((finding) => finding.rule)).to.deep.equal(["platform/cycle"]);
      }),
    );
  });

  it("reports edges without ends and ids that occur twice", () => {
    expect(check(["a"], [["a", "b"]]).map((finding) => finding.message)).to.deep.equal([
      "a waits for b, but b is not planned.",
    ]);
    expect(check(["a", "a"], []).map((finding) => finding.message)).to.deep.equal(["a is planned twice."]);
  });
});
