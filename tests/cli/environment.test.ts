import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { stackNames } from "../../cli/environment";
import { checkPlan } from "../../cli/plan-checks";
import { defaultFacts, type Plan } from "../../model";
import { packageRoot } from "../../provider/package";
import { run } from "./run";

const common = `cluster:
  openshift: "4.20"
  kubevirt: "1.8"
  apiServer: { host: api-int.dev.example }
  clusterNetworks: [{ cidr: 10.128.0.0/14, hostPrefix: 23 }]
nodePools:
  - name: worker
    machineCount: 3
`;
const stack = (lines: string): string => `config:\n  ove:environment:\n    name: dev\n${lines}`;

describe("ove env and ove plan", function () {
  this.timeout(60_000);
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "ove-env-"));
    mkdirSync(join(root, "stacks"));
    write("common.yaml", common);
    write("Pulumi.dev.yaml", stack(""));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(root, "stacks", name), text);
  const ove = (...args: string[]) => run(...args, "--root", root);

  it("print the merged environment with its defaults", async () => {
    const { code, stdout, stderr } = await ove("env", "--stack", "dev");
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(parse(stdout)).to.deep.include({ name: "dev", machines: [] });
    const json = await ove("env", "--stack", "dev", "--format", "json");
    expect(JSON.parse(json.stdout)).to.deep.equal(parse(stdout));
  });

  it("explain where each value comes from", async () => {
    const { code, stdout } = await ove("env", "--stack", "dev", "--explain");
    expect(code).to.equal(0);
    const lines = stdout.split("\n");
    expect(lines).to.include("name: dev # stacks/Pulumi.dev.yaml:3");
    expect(lines).to.include("    machineCount: 3 # stacks/common.yaml:8");
    expect(lines).to.include('  cilium: "1.20" # default');
    expect(lines).to.include("machines: [] # default");
  });

  it("end with 1 and say everything that is wrong, with its place", async () => {
    write("Pulumi.dev.yaml", stack("    nodePools:\n      - name: worker\n        machineCont: 3\n    machines: {}\n"));
    for (const command of ["env", "plan"]) {
      const { code, stdout, stderr } = await ove(command, "--stack", "dev");
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(stderr.split("\n").slice(0, 2)).to.have.members([
        'error: stacks/Pulumi.dev.yaml:6:9: nodePools[0].machineCont: Is not a known property. Did you mean "machineCount"?',
        "error: stacks/Pulumi.dev.yaml:7:5: machines: Invalid input: expected array, received object.",
      ]);
    }
  });

  it("end with 2 for a wrong command line, in one line", async () => {
    const wrong: [string[], RegExp][] = [
      [["env"], /required option '--stack <name>'/],
      [["env", "--stack", "prod"], /There is no stack "prod" in .*stacks\. There are: dev\./],
      [["plan", "--stack", "../dev"], /There is no stack/],
      [["plan", "--stack", "dev", "--format", "svg"], /Allowed choices are table, yaml, json, dot, mermaid/],
      [["env", "--stack", "dev", "--format", "dot"], /Allowed choices are yaml, json/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await ove(...args);
      expect([code, stdout], args.join(" ")).to.deep.equal([2, ""]);
      expect(stderr).to.match(message);
    }
    rmSync(join(root, "stacks"), { recursive: true });
    expect((await ove("env", "--stack", "dev")).stderr).to.include("Its file would be Pulumi.dev.yaml.");
  });

  it("plan: objects, and findings with the object, its path and its place in the environment", async () => {
    const machine = `    cilium: {}
    namespaces: [{ name: web }]
    machines:
      - name: vm
        namespace: web
        memory: 1Gi
        rootDisk: { source: containerDisk, image: image }
        nics: [{ binding: masquerade }]
        cloudInit: { userData: "#cloud-config\\npassword: hunter2\\n" }
`;
    write("Pulumi.dev.yaml", stack(machine));
    const { code, stdout, stderr } = await ove("plan", "--stack", "dev", "--format", "json");
    expect(code).to.equal(0);
    expect(stderr).to.match(/^info: stacks\/Pulumi\.dev\.yaml:4:5: cilium: cilium\/config spec\.devices: /m);
    expect((await ove("plan", "--stack", "dev", "--format", "json")).stdout).to.equal(stdout);
    expect(stdout + stderr).to.not.include("hunter2");
    const { components } = JSON.parse(stdout) as { components: { id: string }[] };
    expect(components.map(({ id }) => id)).to.deep.equal(["cilium", "machines/web/vm", "nodes/worker", "platform"]);
  });

  it("plan: ends with 1 when an object refers to what the environment lacks", async () => {
    write("Pulumi.dev.yaml", stack("    networks: [{ name: a, namespace: web, type: bridge, bridge: br-a }]\n"));
    const { code, stdout, stderr } = await ove("plan", "--stack", "dev");
    expect(code).to.equal(1);
    expect(stdout).to.include("networks (Attachments)");
    expect(stderr).to.match(/^error: stacks\/Pulumi\.dev\.yaml:4:\d+: networks\[0\]\.namespace: .*"web"/m);
  });

  it("plan every stack of the repository without errors", async () => {
    for (const name of stackNames(packageRoot)) {
      const { code, stderr } = await run("plan", "--stack", name, "--format", "dot", "--root", packageRoot);
      expect(stderr).to.not.match(/^error:/m);
      expect(code, name).to.equal(0);
    }
  });
});

describe("checks of plans", () => {
  const plan = (...objects: [string, Record<string, unknown>][]): Plan => ({
    components: [{ id: "c", token: "ove:test:C", gate: "c/0" }],
    objects: objects.map(([token, properties], index) => ({ id: `c/${index}`, token, component: "c", properties })),
    edges: [],
    findings: [],
  });
  const said = (...objects: Parameters<typeof plan>) =>
    checkPlan(plan(...objects), defaultFacts).map(({ rule, objects: ids, path }) => [rule, ids, path]);

  it("ask shapes and rules of kinds, Kubernetes' own among them", () => {
    const found = said(
      ["ove:nodes:MachineConfigPool", { metadata: { name: "worker" }, spec: { maxUnavailabel: 1 } }],
      ["ove:platform:Gate", {}],
      ["kubernetes:core/v1:Namespace", { metadata: { name: "web" } }],
      ["kubernetes:helm.sh/v3:Release", { chart: "cilium" }],
    );
    expect(found.map(([, ids, path]) => [ids, path])).to.deep.equal([
      [["c/0"], "spec.maxUnavailabel"],
      [["c/1"], "of"],
    ]);
  });

  it("ask what holds between all objects", () => {
    const policy = (name: string) => ({
      metadata: { name, namespace: "openshift-sriov-network-operator" },
      spec: {
        resourceName: name,
        nodeSelector: { "node-role.kubernetes.io/worker": "" },
        nicSelector: { pfNames: ["ens1f0"] },
        numVfs: 4,
        deviceType: "netdevice",
        priority: 99,
      },
    });
    const token = "ove:sriov:SriovNetworkNodePolicy";
    const rules = said([token, policy("a")], [token, { ...policy("b"), spec: { ...policy("b").spec, numVfs: 8 } }]);
    const together = rules.filter(([rule]) => String(rule).startsWith("sriov/"));
    expect(together.some(([, ids]) => Array.isArray(ids) && String(ids[0]).startsWith("c/"))).to.equal(true);
    for (const [, , path] of together) expect(path).to.match(/^(spec|metadata)\b/);
  });
});
