import { expect } from "chai";
import { placedText } from "../../model/layers";
import { placed, planPlatform, readEnvironment } from "../../planning";

const common = {
  file: "stacks/common.yaml",
  text: `cluster:
  openshift: "4.20"
  kubevirt: "1.8"
  clusterNetworks: [{ cidr: 10.128.0.0/14, hostPrefix: 23 }]
nodePools:
  - name: worker
    machineCount: 3
    kernelArgument: [audit=0]
`,
};

const stack = (lines: string) => ({
  file: "stacks/Pulumi.dev.yaml",
  text: `config:\n  ove:environment:\n    name: dev\n${lines}`,
});

const apiServer = "    cluster: { apiServer: { host: api-int.dev.example } }\n";

describe("environments from files", () => {
  it("report everything at once, each in the file where it is", () => {
    const text = `    nodePools:\n      - name: worker\n        machineCount: none\n    networks:\n      - name: Web\n`;
    const { environment, findings } = readEnvironment(common, stack(text));
    expect(environment).to.equal(undefined);
    expect(
      findings.map(placedText).map((line) => line.replace(/: [A-Z].*?(Did you .*)?$/, " $1").trim()),
    ).to.have.members([
      "stacks/common.yaml:1:1: cluster.apiServer",
      "stacks/Pulumi.dev.yaml:6:9: nodePools[0].machineCount",
      'stacks/common.yaml:8:5: nodePools[0].kernelArgument Did you mean "kernelArguments"?',
      "stacks/Pulumi.dev.yaml:8:9: networks[0].type",
    ]);
  });

  it("tell where what is wrong with a plan comes from", () => {
    const fine = { ...common, text: common.text.replace("kernelArgument", "kernelArguments") };
    const text = `${apiServer}    machines:
      - name: vm
        namespace: web
        memory: 1Gi
        rootDisk: { source: containerDisk, image: image }
        nics:
          - binding: masquerade
`;
    const { environment, origins, findings } = readEnvironment(fine, stack(text));
    expect(findings).to.deep.equal([]);
    const found = planPlatform(environment!).findings.map((finding) => placedText(placed(finding, origins)));
    expect(found).to.have.length(1);
    expect(found[0]).to.match(/^stacks\/Pulumi\.dev\.yaml:7:9: machines\[0\]\.namespace: .* no namespace "web"\./);
  });

  it("need no common file, and report both files that cannot be read", () => {
    expect(readEnvironment(undefined, stack(apiServer)).findings.map(placedText)).to.have.length(3);
    const broken = readEnvironment({ file: "c", text: "a: [" }, { file: "s", text: "" });
    expect(broken.findings.map(({ origin }) => origin?.file)).to.include.members(["c", "s"]);
  });

  it("leave findings on a whole plan without a line", () => {
    const finding = { rule: "platform/cycle", severity: "error" as const, path: "", message: "M.", objects: ["a"] };
    const { origins } = readEnvironment(common, stack(apiServer));
    expect(placed(finding, origins)).to.deep.equal(finding);
    expect(placed({ ...finding, objects: undefined }, origins).origin?.file).to.equal("stacks/Pulumi.dev.yaml");
  });
});
