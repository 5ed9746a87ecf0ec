import { expect } from "chai";
import { findingText } from "../../model";
import { MachineArgs, NodePoolArgs, validate } from "../../planning";

describe("validation of arguments", () => {
  it("fills in defaults", () => {
    const { value, findings } = validate(NodePoolArgs, { name: "worker", machineCount: 3 }, "nodes/arguments");
    expect(findings).to.deep.equal([]);
    expect(value).to.deep.equal({
      name: "worker",
      machineCount: 3,
      nodes: [],
      labels: {},
      taints: [],
      kernelArguments: [],
      ignition: "3.2.0",
      files: [],
      units: [],
      sshKeys: [],
    });
  });

  it("reports everything at once, each at its property path", () => {
    const args = {
      machineCount: 0,
      files: [{ path: "etc", mode: 644, content: "" }],
      hugepages: { size: "3Gi", count: 1 },
      paused: true,
    };
    const { value, findings } = validate(NodePoolArgs, args, "nodes/arguments");
    expect(value).to.equal(undefined);
    expect(findings.map((finding) => finding.path)).to.have.members([
      "name",
      "machineCount",
      "files[0].path",
      "files[0].mode",
      "hugepages.size",
      "paused",
    ]);
    for (const finding of findings) {
      expect(finding).to.include({ rule: "nodes/arguments", severity: "error" });
      expect(finding.message).to.match(/^[A-Z].*\.$/);
    }
    const texts = findings.map(findingText);
    expect(texts).to.include("name: Is required: string.");
    expect(texts).to.include("paused: Is not a known property.");
  });

  it("offers the nearest known name for an unknown one, wherever it is", () => {
    const fixes = (args: object) =>
      validate(NodePoolArgs, { name: "worker", machineCount: 3, ...args }, "nodes/arguments").findings.map(findingText);
    expect(fixes({ kernelArgument: [] })).to.deep.equal([
      'kernelArgument: Is not a known property. Did you mean "kernelArguments"?',
    ]);
    expect(fixes({ hugepages: { size: "1Gi", count: 1, counts: 2 } })).to.deep.equal([
      'hugepages.counts: Is not a known property. Did you mean "count"?',
    ]);
    expect(fixes({ files: [{ path: "/a", content: "", owner: "root" }] })).to.deep.equal([
      "files[0].owner: Is not a known property.",
    ]);
    const machine = {
      environment: "test",
      name: "vm",
      namespace: "web",
      memory: "1Gi",
      rootDisk: { source: "containerDisk", image: "image" },
      nics: [{ name: "a", binding: "bridge", network: "a", macAdress: "02:00:00:00:00:01" }],
    };
    expect(validate(MachineArgs, machine, "machines/arguments").findings.map(findingText)).to.deep.equal([
      'nics[0].macAdress: Is not a known property. Did you mean "macAddress"?',
    ]);
  });

  it("says which bindings and sources there are", () => {
    const args = {
      environment: "test",
      name: "vm",
      namespace: "web",
      memory: "1Gi",
      rootDisk: { source: "iso" },
      nics: [{ name: "a", binding: "macvtap" }],
    };
    const texts = validate(MachineArgs, args, "machines/arguments").findings.map(findingText);
    expect(texts.find((text) => text.startsWith("nics[0].binding"))).to.match(/masquerade.*bridge.*sriov/);
    expect(texts.find((text) => text.startsWith("rootDisk.source"))).to.match(/containerDisk.*dataVolume/);
  });
});
