import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../cli/main";
// Loaded before the first test, and not by it.
import "../../cli/environment";
import "../../components/release-checks";

const common = `cluster:
  openshift: "4.20"
  kubevirt: "1.8"
  apiServer: { host: api-int.test.example }
  clusterNetworks:
    - { cidr: 10.128.0.0/14, hostPrefix: 23 }
`;

const stack = (cilium: string): string => `config:
  ove:environment:
    name: test
    cilium: ${cilium}
`;

describe("ove day1", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "ove-day1-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };

  /** Runs the command. What it says is collected instead of shown. */
  async function day1(...args: string[]): Promise<{ code: number; out: string; error: string }> {
    const said = { out: "", error: "" };
    const out = process.stdout.write.bind(process.stdout);
    const error = process.stderr.write.bind(process.stderr);
    process.stdout.write = (text: string | Uint8Array): boolean => Boolean((said.out += String(text)));
    process.stderr.write = (text: string | Uint8Array): boolean => Boolean((said.error += String(text)));
    try {
      const code = await main(["node", "ove", "day1", "--root", root, "--out", join(root, "out"), ...args]);
      return { code, ...said };
    } finally {
      process.stdout.write = out;
      process.stderr.write = error;
    }
  }

  /** All files below the installer's folder with their content. */
  function written(): Record<string, string> {
    const out = join(root, "out");
    const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => /\.ya?ml$/.test(name));
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(out, name), "utf8")]));
  }

  beforeEach(() => {
    write("stacks/common.yaml", common);
    write("stacks/Pulumi.test.yaml", stack("{ preset: secure }"));
  });

  it("writes the files and says what is left to do; a second time nothing changes", async () => {
    const first = await day1("--stack", "test");
    expect([first.code, first.error]).to.deep.equal([0, ""]);
    const files = written();
    expect(Object.keys(files).sort()).to.deep.equal([
      "manifests/cluster-network-02-config.yml",
      "manifests/cluster-network-03-config.yml",
      "manifests/cluster-network-06-cilium-00000-cilium-namespace.yaml",
      "manifests/cluster-network-07-cilium-ciliumconfig.yaml",
    ]);
    expect(files["manifests/cluster-network-02-config.yml"]).to.equal(
      "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata:\n  name: cluster\nspec:\n" +
        "  clusterNetwork:\n    - cidr: 10.128.0.0/14\n      hostPrefix: 23\n" +
        "  externalIP:\n    policy: {}\n  networkType: Cilium\n  serviceNetwork:\n    - 172.30.0.0/16\n",
    );
    expect(first.out.match(/^written /gm)).to.have.length(4);
    expect(first.out).to.match(/4\. Run `openshift-install create cluster --dir DIR`\.\n$/);
    const second = await day1("--stack", "test");
    expect([second.code, second.out.match(/^unchanged /gm)?.length]).to.deep.equal([0, 4]);
    expect(written()).to.deep.equal(files);
  });

  it("replaces nothing that is there with another content, and writes nothing then, unless forced", async () => {
    const file = "manifests/cluster-network-02-config.yml";
    write(`out/${file}`, "networkType: OVNKubernetes\n");
    const refused = await day1("--stack", "test");
    expect([refused.code, refused.out]).to.deep.equal([1, ""]);
    expect(refused.error).to.include(file).and.to.include("--force");
    expect(written()).to.deep.equal({ [file]: "networkType: OVNKubernetes\n" });
    expect((await day1("--stack", "test", "--force")).code).to.equal(0);
    expect(written()[file]).to.include("networkType: Cilium");
  });

  it("writes Helm values beside the manifests where Cilium is a release", async () => {
    write("stacks/Pulumi.test.yaml", stack("{ management: helm }"));
    expect((await day1("--stack", "test")).code).to.equal(0);
    expect(Object.keys(written())).to.include("cilium-values.yaml");
  });

  it("ends with 1 for an environment that cannot work, and says where it is wrong", async () => {
    const wrong: [cilium: string, error: RegExp][] = [
      ["{ bpf: { bbr: true, bandwidthManager: true } }", /error: .*cilium\.bpf\.bbr/],
      ["{ encryption: { type: WireGuard } }", /error: .*cilium\.encryption\.type/],
      ["{ values: { encryption: { enabled: true, type: WireGuard } } }", /error: .*cilium\.values\.encryption\.type/],
    ];
    for (const [cilium, error] of wrong) {
      write("stacks/Pulumi.test.yaml", stack(cilium));
      const found = await day1("--stack", "test");
      expect([found.code, found.out]).to.deep.equal([1, ""]);
      expect(found.error).to.match(error);
    }
    write("stacks/Pulumi.test.yaml", "config:\n  ove:environment:\n    name: test\n");
    const none = await day1("--stack", "test");
    expect([none.code, none.error.split("\n").length]).to.deep.equal([1, 2]);
  });

  it("tells warnings and goes on", async () => {
    write("stacks/Pulumi.test.yaml", stack("{ agent: { resources: { limits: { memory: 512Mi } } } }"));
    const found = await day1("--stack", "test");
    expect(found.code).to.equal(0);
    expect(found.error).to.match(/^warning: .*cilium\.agent\.resources\.limits\.memory.*\n$/);
  });

  it("ends with 2 for a wrong command line", async () => {
    expect((await day1("--stack", "other")).code).to.equal(2);
    expect((await day1()).code).to.equal(2);
  });
});
