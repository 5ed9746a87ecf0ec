import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { Change, JsonObject, KubernetesObject, PathStep } from "../../../model";
import { machineConfigDisruptions } from "../../../provider/kinds/machine-config-disruptions";
import { machineConfig } from "./objects";

const FILES: PathStep[] = ["spec", "config", "storage", "files"];

const withFiles = (files: Record<string, string>, rest: JsonObject = {}, ignition: JsonObject = {}): KubernetesObject =>
  machineConfig("50-files", {
    config: {
      ignition: { version: "3.2.0" },
      storage: {
        files: Object.entries(files).map(([path, text]) => ({ path, contents: { source: `data:,${text}` } })),
      },
      ...ignition,
    },
    ...rest,
  });

function costs(
  change: Change,
  objects: { before?: KubernetesObject; after?: KubernetesObject },
  paths: PathStep[][] = [FILES],
): string[] {
  return disruptionsOf(machineConfigDisruptions, { change, paths, ...objects }).map((row) => row.cost);
}

/** Cases of machine-config-operator's own built-in policies. */
describe("what a change of a MachineConfig costs", () => {
  const before = withFiles({ "/etc/a": "1", "/var/lib/kubelet/config.json": "{}" });

  it("is nothing for keys of the user core", () => {
    const path = ["spec", "config", "passwd", "users", 0, "sshAuthorizedKeys"];
    expect(costs("update", { before, after: before }, [path])).to.deep.equal([]);
  });

  for (const path of [
    "/var/lib/kubelet/config.json",
    "/etc/nmstate/openshift/cluster.yml",
    "/etc/containers/policy.json",
    "/etc/containers/registries.d/mirror.yaml",
    "/etc/pki/ca-trust/source/anchors/openshift-config-user-ca-bundle.crt",
  ]) {
    it(`is nothing for ${path}, added, changed or taken away`, () => {
      const [one, two] = [withFiles({ [path]: "1" }), withFiles({ [path]: "2" })];
      expect(costs("update", { before: one, after: two })).to.deep.equal([]);
      expect(costs("update", { before: withFiles({}), after: two })).to.deep.equal([]);
      expect(costs("update", { before: one, after: withFiles({}) })).to.deep.equal([]);
      expect(costs("create", { after: one })).to.deep.equal([]);
      expect(costs("delete", { before: one })).to.deep.equal([]);
    });
  }

  it("is a drain for the registries, also beside quiet files", () => {
    const after = withFiles({ "/etc/containers/registries.conf": "x", "/etc/containers/policy.json": "y" });
    expect(costs("create", { after })).to.deep.equal(["drain"]);
  });

  it("is a reboot for any other file, also beside quiet ones", () => {
    const after = withFiles({ "/etc/a": "2", "/var/lib/kubelet/config.json": "{ }" });
    expect(costs("update", { before, after })).to.deep.equal(["reboot"]);
    expect(costs("create", { after })).to.deep.equal(["reboot"]);
    expect(costs("create", { after: withFiles({ "/etc/containers/policy.jsonl": "" }) })).to.deep.equal(["reboot"]);
  });

  it("is a reboot for everything that is no file", () => {
    expect(costs("update", { before, after: before }, [["spec", "kernelArguments", 0]])).to.deep.equal(["reboot"]);
    expect(costs("update", { before, after: before }, [["spec", "config", "systemd", "units", 0]])).to.deep.equal([
      "reboot",
    ]);
    const file = { "/var/lib/kubelet/config.json": "{}" };
    expect(costs("create", { after: withFiles(file, { kernelArguments: ["quiet"] }) })).to.deep.equal(["reboot"]);
    const units = { systemd: { units: [{ name: "a.service" }] } };
    expect(costs("delete", { before: withFiles(file, {}, units) })).to.deep.equal(["reboot"]);
  });

  it("is nothing for an object without content: the merge stays what it was", () => {
    expect(costs("create", { after: machineConfig("50-empty", {}) })).to.deep.equal([]);
  });
});
