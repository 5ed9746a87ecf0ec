import { expect } from "chai";
import { findingText } from "../../model";
import type { Finding, Json, JsonObject, KubernetesObject } from "../../model";
import { evaluate } from "../../rules";
import type { Rule } from "../../rules";

/** Inputs of one rule: some that violate it, with the path that is named, and some that do not. */
export interface Cases {
  bad: [input: JsonObject, path: string][];
  good: JsonObject[];
}

export type Build = (input: JsonObject) => KubernetesObject;

/** Objects merged deeply; lists and scalars of the later one win. */
export function merged(base: Json | undefined, over: Json | undefined): Json | undefined {
  const both = [base, over].every((each) => typeof each === "object" && each !== null && !Array.isArray(each));
  if (!both) return over === undefined ? base : over;
  const result: JsonObject = { ...(base as JsonObject) };
  for (const [key, value] of Object.entries(over as JsonObject)) {
    result[key] = key in result && value !== undefined ? merged(result[key], value) : value;
  }
  return result;
}

/** Runs each rule on its cases; a rule without cases fails, and so do cases without a rule. */
export function testRules(
  title: string,
  rules: readonly Rule<KubernetesObject>[],
  build: Build,
  cases: Record<string, Cases>,
): void {
  describe(title, () => {
    it("has cases for each rule and no others", () => {
      expect(Object.keys(cases).sort()).to.deep.equal(rules.map((rule) => rule.id).sort());
    });
    for (const rule of rules) {
      const { bad, good } = cases[rule.id] ?? { bad: [], good: [] };
      it(`${rule.id} (${rule.severity})`, () => {
        expect(bad, "inputs that violate it").to.not.have.length(0);
        expect(good, "inputs that do not").to.not.have.length(0);
        for (const [input, path] of bad) {
          const found = evaluate([rule], build(input));
          expect(
            found.map((finding) => finding.path),
            JSON.stringify(input),
          ).to.include(path);
          for (const finding of found)
            expect(findingText(finding))
              .to.match(/^\S.*[.?]$/s)
              .and.to.not.match(/undefined|\[object/);
        }
        for (const input of good) expect(evaluate([rule], build(input)), JSON.stringify(input)).to.deep.equal([]);
      });
    }
  });
}

/** All ways to make one value of an object unknown: the key stays, its value is `undefined`. */
function withUnknowns(value: Json | undefined): (Json | undefined)[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      [undefined, ...withUnknowns(item)].map((each) => value.map((old, at) => (at === index ? each : old)) as Json[]),
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    [undefined, ...withUnknowns(item)].map((each) => ({ ...value, [key]: each })),
  );
}

/** A fine object has no errors or warnings, and still none when any of its values is not known yet. */
export function testFine(title: string, rules: readonly Rule<KubernetesObject>[], fine: KubernetesObject): void {
  const serious = (object: KubernetesObject): Finding[] =>
    evaluate(rules, object).filter((each) => each.severity !== "info");
  describe(title, () => {
    it("has nothing to say of a fine object", () => expect(serious(fine)).to.deep.equal([]));
    it("says nothing of values that are not known yet", () => {
      for (const key of ["metadata", "spec"]) {
        for (const part of withUnknowns(fine[key] as Json)) {
          const object = { ...fine, [key]: part };
          expect(
            serious(object),
            JSON.stringify(part, (_k, v: unknown) => (v === undefined ? "UNKNOWN" : v)),
          ).to.deep.equal([]);
        }
      }
    });
  });
}
