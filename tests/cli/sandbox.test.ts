import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportLines, statusText } from "../../cli/sandbox-command";

describe("ove sandbox", function () {
  this.timeout(60000);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), "ove-cli-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  /** Runs `ove` with an empty cache. */
  function ove(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const script = join(__dirname, "..", "sandbox", "ove.ts");
    const env = { ...process.env, XDG_CACHE_HOME: dir, PATH: join(dir, "no-programs") };
    return spawnSync(process.execPath, ["-r", "ts-node/register/transpile-only", script, ...args], {
      env,
      encoding: "utf8",
    });
  }

  it("ends with 2 when the command line is wrong", () => {
    expect(ove("sandbox", "upp").status).to.equal(2);
    expect(ove("sandbox", "up", "--port", "70000").status).to.equal(2);
    const unknown = ove("sandbox", "status", "--colour");
    expect(unknown.status).to.equal(2);
    expect(unknown.stderr).to.include("unknown option '--colour'");
  });

  it("ends with 0 after help", () => {
    const help = ove("sandbox", "--help");
    expect(help.status).to.equal(0);
    for (const command of ["up", "down", "status", "reset", "kubeconfig", "env", "doctor"])
      expect(help.stdout).to.match(new RegExp(`^ +${command}\\b`, "m"));
  });

  it("says in one line what to do when the sandbox is not up", () => {
    for (const command of ["env", "kubeconfig", "reset"]) {
      const { status, stdout, stderr } = ove("sandbox", command, "--name", "other");
      expect([status, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.equal('ove: There is no sandbox "other" up. `ove sandbox up --name other` starts it.\n');
    }
    expect(ove("sandbox", "status")).to.include({ status: 0, stdout: 'Sandbox "default" is down.\n' });
    expect(ove("sandbox", "down")).to.include({ status: 0, stdout: 'There was no sandbox "default".\n' });
  });

  it("refuses a name that is no name and an inventory that is not there", () => {
    expect(ove("sandbox", "status", "--name", "../x")).to.include({ status: 1 });
    const missing = ove("sandbox", "up", "--without-operators", "--inventory", "absent.yaml");
    expect(missing.status).to.equal(1);
    expect(missing.stderr).to.match(/^ove: The inventory absent\.yaml cannot be read: .*\n$/);
  });

  it("fails with one message when tools must be built and there is no Go", () => {
    const { status, stderr } = ove("sandbox", "up", "--without-operators");
    expect(status).to.equal(1);
    expect(stderr).to.match(
      /^ove: The sandbox's tool "\w+" has to be built, which needs Go 1\.26 or newer, but there is no `go` on PATH\..*\n$/,
    );
  });

  it("doctor lists every tool and fails when Go is missing with them", () => {
    const { status, stdout, stderr } = ove("sandbox", "doctor");
    expect(status).to.equal(1);
    for (const tool of ["node", "go", "etcd", "kube-apiserver", "kwok", "virt-api", "pulumi"])
      expect(stdout).to.match(new RegExp(`│ ${tool} +│`));
    expect(stderr).to.equal(
      "ove: Tools are missing and cannot be built: there is no `go` on PATH; Go 1.26 or newer builds the tools.\n",
    );
  });

  it("writes environment variables that a shell reads back unchanged", () => {
    const variables = { PLAIN: "a b", QUOTED: `it's "quoted" $HOME \`x\` \\`, LINES: "one\ntwo" };
    const script = `${exportLines(variables)}\nprintf '%s|%s|%s' "$PLAIN" "$QUOTED" "$LINES"`;
    expect(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" })).to.equal(Object.values(variables).join("|"));
  });

  it("status tells what is broken", () => {
    const text = statusText({
      ...{ name: "default", dir: "/somewhere", state: "broken", problem: "etcd is not running", parts: [] },
      processes: [{ name: "etcd", restarts: 0 }],
    });
    expect(text).to.include('Sandbox "default" is broken: etcd is not running. `ove sandbox up` starts it anew.');
    expect(text).to.match(/│ etcd +│ not running +│ 0 +│/);
  });
});
