import { expect } from "chai";
import { join } from "node:path";
import { packageRoot } from "../../provider/package";
import { TestCluster, testCluster } from "../support/cluster";
import { Engine } from "./engine";

describe("end to end: components through Construct", function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let engine: Engine;

  before(async () => {
    cluster = await testCluster();
    await cluster.ensureNamespace("remote");
    engine = new Engine(cluster.sandbox, { folder: join(packageRoot, "tests", "e2e", "remote"), stack: "remote" });
    await engine.succeed("stack", "init", "remote");
  });

  after(() => engine?.dispose());

  it("a component that the plugin builds makes its objects, with their names and parents, and puts out what it promises", async () => {
    const attachment = { name: "tenant", namespace: "remote", type: "cnv-bridge", bridge: "br-tenant" };
    engine.setVariable("REMOTE_ATTACHMENTS", JSON.stringify([attachment]));
    await engine.succeed("up", "--yes", "--skip-preview");
    const resources = await engine.resources();
    const component = resources.get("remote");
    const children = [...resources.values()].filter((resource) => resource.parent === component?.urn);
    expect(children.map((child) => child.type)).to.include("ove:networks:NetworkAttachmentDefinition");
    expect(await engine.succeed("stack", "output", "ready")).to.contain("true");
    await engine.succeed("preview", "--expect-no-changes");
  });

  it("wrong arguments come back with their property paths and without a stack trace", async () => {
    engine.setVariable(
      "REMOTE_ATTACHMENTS",
      JSON.stringify([{ name: "Tenant", namespace: "remote", type: "cnv-bridge" }]),
    );
    const { code, text } = await engine.run("preview");
    expect(code).to.not.equal(0);
    expect(text)
      .to.contain("attachments[0].name")
      .and.contain("attachments[0].bridge")
      .and.not.match(/^\s+at .+:\d+:\d+/m);
  });

  it("destroys what it made", async () => {
    await engine.succeed("destroy", "--yes", "--skip-preview");
    expect((await engine.resources()).size).to.equal(0);
  });
});
