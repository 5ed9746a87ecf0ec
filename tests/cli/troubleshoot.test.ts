import { expect } from "chai";
import { packageRoot } from "../../provider/package";
import { run } from "./run";

const inProd = ["--stack", "prod", "--root", packageRoot];

describe("ove troubleshoot", function () {
  this.timeout(60_000);

  it("prints the steps as text, Markdown and JSON", async () => {
    const text = await run("troubleshoot", "machine", "app-web-prod/web", ...inProd);
    expect([text.code, text.stderr]).to.deep.equal([0, ""]);
    expect(text.stdout).to.match(/^machine app-web-prod\/web of prod\n\n1\. /);
    expect(text.stdout).to.include("     oc get vm web -n app-web-prod ");
    const markdown = await run("troubleshoot", "tenant", "shop", ...inProd, "--format", "markdown");
    expect(markdown.stdout).to.match(/^## tenant shop of prod\n\n### 1\. [^\n]+\n\n```sh\noc /);
    const json = await run(
      "troubleshoot",
      "network",
      "vm-infrastructure/storage-network",
      ...inProd,
      "--format",
      "json",
    );
    const { kind, steps } = JSON.parse(json.stdout) as { kind: string; steps: { commands: string[] }[] };
    expect(kind).to.equal("network");
    expect(steps.every(({ commands }) => commands.length > 0)).to.equal(true);
  });

  it("ends with 1 and near names when there is nothing of the name", async () => {
    const { code, stdout, stderr } = await run("troubleshoot", "tenant", "shpo", ...inProd);
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^ove: The environment prod has no tenant "shpo"\. There is: shop, /);
  });

  it("ends with 2 for a wrong command line", async () => {
    const wrong: [string[], RegExp][] = [
      [["pod", "web", ...inProd], /Allowed choices are machine, tenant, network/],
      [["machine", ...inProd], /missing required argument 'name'/],
      [["machine", "web"], /required option '--stack <name>'/],
      [["machine", "web", "--stack", "none", "--root", packageRoot], /There is no stack "none"/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await run("troubleshoot", ...args);
      expect([code, stdout], args.join(" ")).to.deep.equal([2, ""]);
      expect(stderr).to.match(message);
    }
  });
});
