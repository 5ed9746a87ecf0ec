import { expect } from "chai";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxEnvironment } from "../../sandbox/environment";
import { packageRoot } from "../../sandbox/files";

describe("sandbox environment", () => {
  const source = {
    kubeconfigFile: "/box/kubeconfig",
    programFolders: ["/tools/kubernetes", "/tools/pulumi"],
    ownPulumi: true,
    standIn: false,
  };
  const bin = join(packageRoot(), "sandbox", "bin");
  const saved = { ...process.env };
  let dir: string;

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "ove-environment-")));
    for (const name of Object.keys(process.env)) if (name.startsWith("PULUMI_")) delete process.env[name];
    process.env.PATH = "/usr/bin:/bin";
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
    rmSync(dir, { recursive: true, force: true });
  });

  it("keeps Pulumi's state in the project's folder", () => {
    mkdirSync(join(dir, "sub", "deep"), { recursive: true });
    writeFileSync(join(dir, "sub", "Pulumi.yaml"), "name: x\n");
    const { PULUMI_BACKEND_URL } = sandboxEnvironment(source, join(dir, "sub", "deep"));
    expect(PULUMI_BACKEND_URL).to.equal(`file://${join(dir, "sub", ".pulumi-state")}`);
    expect(existsSync(join(dir, "sub", ".pulumi-state"))).to.equal(true);
  });

  it("keeps one state for all programs of this package", () => {
    for (const folder of ["", "programs/apps"]) {
      const { PULUMI_BACKEND_URL } = sandboxEnvironment(source, join(packageRoot(), folder));
      expect(PULUMI_BACKEND_URL).to.equal(`file://${join(packageRoot(), ".pulumi-state")}`);
    }
  });

  it("sets what pulumi needs and the kubeconfig", () => {
    expect(sandboxEnvironment(source, dir)).to.include({
      KUBECONFIG: "/box/kubeconfig",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
    });
  });

  it("keeps the user's backend and passphrase", () => {
    process.env.PULUMI_BACKEND_URL = "file:///elsewhere";
    process.env.PULUMI_CONFIG_PASSPHRASE = "";
    expect(sandboxEnvironment(source, dir)).to.include({
      PULUMI_BACKEND_URL: "file:///elsewhere",
      PULUMI_CONFIG_PASSPHRASE: "",
    });
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
    process.env.PULUMI_CONFIG_PASSPHRASE_FILE = "/secret";
    expect(sandboxEnvironment(source, dir)).to.not.have.property("PULUMI_CONFIG_PASSPHRASE");
  });

  it("puts our programs first, once, however often it is used", () => {
    const expected = `${bin}:/tools/kubernetes:/tools/pulumi:/usr/bin:/bin`;
    expect(sandboxEnvironment(source, dir).PATH).to.equal(expected);
    process.env.PATH = expected;
    expect(sandboxEnvironment(source, dir).PATH).to.equal(expected);
  });

  it("offers the stand-in plugin only where the official one cannot be had", () => {
    const plugins = join(packageRoot(), "sandbox", "plugins", "bin");
    const { PATH } = sandboxEnvironment({ ...source, standIn: true }, dir);
    expect(PATH).to.equal(`${bin}:${plugins}:/tools/kubernetes:/tools/pulumi:/usr/bin:/bin`);
  });

  it("lets an installed Pulumi use its own language host and plugins", () => {
    const installed = { ...source, programFolders: ["/tools/kubernetes"], ownPulumi: false };
    expect(sandboxEnvironment(installed, dir).PATH).to.equal(`/tools/kubernetes:/usr/bin:/bin:${bin}`);
  });
});
