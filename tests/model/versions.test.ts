import { expect } from "chai";
import * as fc from "fast-check";
import { defaultVersions, isAtLeast, supportedVersions } from "../../model";

describe("minor versions", () => {
  it("are compared as numbers, not as texts", () => {
    expect(isAtLeast("4.9", "4.18")).to.equal(false);
    expect(isAtLeast("4.18", "4.9")).to.equal(true);
    expect(isAtLeast("1.20", "1.20")).to.equal(true);
    expect(isAtLeast("2.0", "1.20")).to.equal(true);
    expect(isAtLeast("1.20", "2.0")).to.equal(false);
  });

  it("are ordered totally", () => {
    const minor = fc.tuple(fc.nat(9), fc.nat(40)).map(([major, patch]) => `${major}.${patch}`);
    fc.assert(
      fc.property(minor, minor, (a, b) => {
        expect(isAtLeast(a, b) || isAtLeast(b, a)).to.equal(true);
        expect(isAtLeast(a, b) && isAtLeast(b, a)).to.equal(a === b);
      }),
    );
  });

  it("are listed from old to new, the newest is the default", () => {
    for (const [product, minors] of Object.entries(supportedVersions)) {
      const sorted = [...minors].sort((a, b) => (a === b ? 0 : isAtLeast(a, b) ? 1 : -1));
      expect(minors, product).to.deep.equal(sorted);
      expect(defaultVersions[product as keyof typeof defaultVersions]).to.equal(sorted.at(-1));
    }
  });
});
