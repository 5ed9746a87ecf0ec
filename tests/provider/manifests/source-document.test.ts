import { expect } from "chai";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defaultFacts } from "../../../model";
import { type ManifestFinding, verifyManifests } from "../../../provider/manifests/verify";

describe("the source document", () => {
  const folder = join(__dirname, "..", "..", "fixtures", "source-document");
  const families = readdirSync(join(folder, "wrong"));
  const findings = (kind: string, file: string): ManifestFinding[] =>
    verifyManifests([{ file, text: readFileSync(join(folder, kind, file), "utf8"), named: true }], defaultFacts)
      .findings;

  it("has nine families of manifests, wrong and corrected", () => {
    expect(families).to.have.length(9);
    expect(readdirSync(join(folder, "corrected"))).to.deep.equal(families);
  });

  it("is clean as a whole folder when it is corrected", () => {
    const files = families.map((family) => ({
      file: family,
      text: readFileSync(join(folder, "corrected", family), "utf8"),
      named: true,
    }));
    const serious = verifyManifests(files, defaultFacts).findings.filter(({ severity }) => severity !== "info");
    expect(serious.map(({ file, id, path }) => `${file} ${id} ${path}`)).to.deep.equal([]);
  });

  for (const family of families) {
    it(`${family}: the wrong form is refused or warned about, with what to do`, () => {
      const serious = findings("wrong", family).filter(({ severity }) => severity !== "info");
      expect(serious).to.not.have.length(0);
      expect(serious.filter(({ fix }) => fix)).to.not.have.length(0);
    });
    it(`${family}: the corrected form is clean`, () => {
      const serious = findings("corrected", family).filter(({ severity }) => severity !== "info");
      expect(serious.map(({ id, path }) => `${id} ${path}`)).to.deep.equal([]);
    });
  }
});
