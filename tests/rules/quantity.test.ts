import { expect } from "chai";
import * as fc from "fast-check";
import { parseQuantity } from "../../rules";

describe("parseQuantity", () => {
  const cases: [unknown, number | undefined][] = [
    ["4", 4],
    [4, 4],
    ["500m", 0.5],
    ["16Gi", 16 * 2 ** 30],
    ["1.5k", 1500],
    ["1e3", 1000],
    [".5", 0.5],
    ["-1", -1],
    ["4GB", undefined],
    ["Gi", undefined],
    ["", undefined],
    ["4 Gi", undefined],
    [undefined, undefined],
    [true, undefined],
  ];
  for (const [text, value] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => expect(parseQuantity(text)).to.equal(value));
  }

  it("orders quantities of one unit like their numbers", () => {
    const unit = fc.constantFrom("", "k", "M", "Gi", "Ti", "m");
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), unit, (a, b, suffix) => {
        const [x, y] = [parseQuantity(`${a}${suffix}`), parseQuantity(`${b}${suffix}`)];
        expect(Math.sign((x ?? NaN) - (y ?? NaN))).to.equal(Math.sign(a - b));
      }),
    );
  });
});
