import { expect } from "chai";
import * as ove from "..";
import { kinds } from "../provider/kinds";

describe("the package", () => {
  it("offers the class of every kind under its domain", () => {
    const offered = ove as unknown as Record<string, Record<string, { token?: string }>>;
    const missing = kinds.filter(({ token }) => {
      const [, domain = "", name = ""] = token.split(":");
      return offered[domain]?.[name]?.token !== token;
    });
    expect(missing.map(({ token }) => token)).to.deep.equal([]);
  });
});
