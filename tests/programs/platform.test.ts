import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputPropertiesError, RunError } from "@pulumi/pulumi";
import { plain } from "../../model/layers";
import { stackEnvironment, withPlaces } from "../../programs/platform/environment";

const common = "cluster:\n  openshift: '4.20'\n";
const stack = "config:\n  ove:environment:\n    name: dev\n    cluster:\n      kubevirt: '1.8'\n";

/** What was thrown. */
function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("the platform's program", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "ove-program-"));
    mkdirSync(join(root, "stacks"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(root, "stacks", name), text);
  const failing = (path: string) => (): never => {
    const reason = "Is not a known property.";
    throw new InputPropertiesError({
      message: `platform cannot be planned:\n  - ${path}`,
      errors: [{ propertyPath: path, reason }],
    });
  };

  it("lays the configuration over the common file", () => {
    write("common.yaml", common);
    expect(plain(stackEnvironment(root, "dev", { name: "dev" }))).to.deep.equal({
      cluster: { openshift: "4.20" },
      name: "dev",
    });
    write("common.yaml", "");
    expect(plain(stackEnvironment(root, "dev", { name: "dev" }))).to.deep.equal({ name: "dev" });
    write("common.yaml", "a: [");
    expect(thrown(() => stackEnvironment(root, "dev", {})).message).to.match(
      /^stacks\/common\.yaml:\d:\d: .*not valid YAML/,
    );
  });

  it("tells the place of each problem, of values that are in no file only the path", () => {
    write("common.yaml", common);
    write("Pulumi.dev.yaml", stack);
    const own = { name: "dev", cluster: { kubevirt: "1.8" }, machines: [] };
    const environment = stackEnvironment(root, "dev", own);
    const message = (path: string) => thrown(() => withPlaces(environment, failing(path))).message.split("\n")[1];
    expect(message("cluster.openshift")).to.equal(
      "  - stacks/common.yaml:2:3: cluster.openshift: Is not a known property.",
    );
    expect(message("cluster.kubevirt")).to.equal(
      "  - stacks/Pulumi.dev.yaml:5:7: cluster.kubevirt: Is not a known property.",
    );
    expect(message("")).to.equal("  - Is not a known property.");
    const elsewhere = stackEnvironment(root, "other", own);
    expect(thrown(() => withPlaces(elsewhere, failing("cluster.kubevirt"))).message).to.equal(
      "platform cannot be planned:\n  - cluster.kubevirt: Is not a known property.",
    );
  });

  it("shows no stack of calls, and passes anything else on", () => {
    const environment = stackEnvironment(root, "dev", {});
    expect(RunError.isInstance(thrown(() => withPlaces(environment, failing("a"))))).to.equal(true);
    expect(withPlaces(environment, () => 1)).to.equal(1);
    const other = new Error("other");
    expect(
      thrown(() =>
        withPlaces(environment, () => {
          throw other;
        }),
      ),
    ).to.equal(other);
  });
});
