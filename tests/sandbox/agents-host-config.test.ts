import { expect } from "chai";
import fc from "fast-check";
import type { KubernetesObject } from "../../model";
import { clusterPolicies, fileActions } from "../../sandbox/agents/disruption-policy";
import { disruption, hostConfig, hugepages } from "../../sandbox/agents/host-config";

function machineConfig(spec: Record<string, unknown>): KubernetesObject {
  return {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: { name: "rendered" },
    spec: spec as KubernetesObject["spec"],
  };
}

function withFile(path: string, source: string): KubernetesObject {
  return machineConfig({ config: { storage: { files: [{ path, contents: { source } }] } } });
}

const change = (from: KubernetesObject, to: KubernetesObject, policies = clusterPolicies()) =>
  disruption(hostConfig(from), hostConfig(to), policies);

const empty = machineConfig({});

describe("what a change of configuration does to a node", () => {
  it("is nothing when nothing changes", () => {
    const config = machineConfig({ kernelArguments: ["a=1"], config: { systemd: { units: [{ name: "x.service" }] } } });
    expect(change(config, config)).to.deep.equal({ drain: false, reboot: false });
  });

  const reboots: [string, KubernetesObject][] = [
    ["kernel arguments", machineConfig({ kernelArguments: ["intel_iommu=on"] })],
    ["the kernel type", machineConfig({ kernelType: "realtime" })],
    ["extensions", machineConfig({ extensions: ["ipsec"] })],
    ["the OS image", machineConfig({ osImageURL: "quay.example/os@sha256:b" })],
    ["a unit", machineConfig({ config: { systemd: { units: [{ name: "x.service", enabled: true }] } } })],
    ["any other file", withFile("/etc/sysctl.d/99-x.conf", "data:,x")],
    ["a file beside an exempt one", withFile("/etc/containers/policy.json.bak", "data:,x")],
  ];
  for (const [what, config] of reboots) {
    it(`is a drain and a reboot for ${what}`, () => {
      expect(change(empty, config)).to.deep.equal({ drain: true, reboot: true });
      expect(change(config, empty)).to.deep.equal({ drain: true, reboot: true });
    });
  }

  it("takes the default kernel type for the absent one", () => {
    expect(change(empty, machineConfig({ kernelType: "default" }))).to.deep.equal({ drain: false, reboot: false });
  });

  const exempt: [string, KubernetesObject][] = [
    ["the pull secret", withFile("/var/lib/kubelet/config.json", "data:,x")],
    ["the image policy", withFile("/etc/containers/policy.json", "data:,x")],
    ["signature stores", withFile("/etc/containers/registries.d/x.yaml", "data:,x")],
    ["first-boot network files", withFile("/etc/nmstate/openshift/x.yml", "data:,x")],
    ["ssh keys", machineConfig({ config: { passwd: { users: [{ name: "core", sshAuthorizedKeys: ["k"] }] } } })],
  ];
  for (const [what, config] of exempt) {
    it(`is no disruption for ${what}`, () => {
      expect(change(empty, config)).to.deep.equal({ drain: false, reboot: false });
    });
  }

  it("is a drain without a reboot for the registries", () => {
    expect(change(empty, withFile("/etc/containers/registries.conf", "data:,x"))).to.deep.equal({
      drain: true,
      reboot: false,
    });
  });

  it("follows a user's policies for files and units", () => {
    const policies = clusterPolicies({
      files: [{ path: "/etc/app", actions: [{ type: "Drain" }] }],
      units: [{ name: "x.service", actions: [{ type: "None" }] }],
    });
    expect(change(empty, withFile("/etc/app/x.conf", "data:,x"), policies)).to.deep.equal({
      drain: true,
      reboot: false,
    });
    const unit = machineConfig({ config: { systemd: { units: [{ name: "x.service", enabled: true }] } } });
    expect(change(empty, unit, policies)).to.deep.equal({ drain: false, reboot: false });
  });

  it("refuses to change FIPS", () => {
    expect(change(empty, machineConfig({ fips: true })).impossible).to.contain("FIPS");
  });
});

describe("node disruption policies", () => {
  it("let a user's entry replace the default one for the same path", () => {
    const { files } = clusterPolicies({
      files: [{ path: "/etc/containers/policy.json", actions: [{ type: "Reboot" }] }],
    });
    expect(files.filter((entry) => entry.path === "/etc/containers/policy.json")).to.have.lengthOf(1);
    expect(fileActions("/etc/containers/policy.json", files)).to.deep.equal([{ type: "Reboot" }]);
  });

  it("apply the longest matching path, by whole folder names", () => {
    const files = [
      { path: "/etc/app", actions: [{ type: "Drain" }] },
      { path: "/etc/app/keys", actions: [{ type: "None" }] },
    ];
    expect(fileActions("/etc/app/keys/a", files)).to.deep.equal([{ type: "None" }]);
    expect(fileActions("/etc/app/keysafe", files)).to.deep.equal([{ type: "Drain" }]);
    expect(fileActions("/etc/application", files)).to.equal(undefined);
  });
});

describe("huge pages on the boot line", () => {
  it("belong to the size named before them", () => {
    const pages = hugepages(["hugepagesz=1G", "hugepages=16", "hugepagesz=2M", "hugepages=512"]);
    expect(pages).to.deep.equal({ "hugepages-1Gi": 16, "hugepages-2Mi": 512 });
  });

  it("belong to the default size without one, wherever that is set", () => {
    expect(hugepages(["hugepages=8", "default_hugepagesz=1G"])["hugepages-1Gi"]).to.equal(8);
    expect(hugepages(["hugepages=8"])["hugepages-2Mi"]).to.equal(8);
  });

  it("are what was asked for, whatever else is on the line", () => {
    const noise = fc.array(fc.constantFrom("quiet", "isolcpus=2-7", "iommu=pt"));
    fc.assert(
      fc.property(fc.nat(4096), noise, noise, (count, before, after) => {
        const line = [...before, "hugepagesz=1G", `hugepages=${count}`, ...after];
        expect(hugepages(line)).to.deep.equal({ "hugepages-1Gi": count, "hugepages-2Mi": 0 });
      }),
    );
  });
});
