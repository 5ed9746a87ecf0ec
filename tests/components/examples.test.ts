import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { constructors } from "../../components/constructors";
import { packageRoot } from "../../provider/package";
import { run } from "./registrations";

const load: (path: string) => unknown = createRequire(__filename);

const folder = join(packageRoot, "examples");

/** Components that an example registered, by token, over all examples. */
const shown = new Set<string>();

describe("examples", () => {
  for (const example of readdirSync(folder)) {
    it(`${example} is a program that runs`, async () => {
      const { registered } = await run(() => load(join(folder, example, "index.ts")));
      const components = registered.map(({ type }) => type).filter((type) => type in constructors);
      expect(components).to.not.have.length(0);
      for (const type of components) shown.add(type);
    });
  }

  it("show each component", () => {
    expect([...shown].sort()).to.deep.equal(Object.keys(constructors).sort());
  });
});
