import { expect } from "chai";
import * as fc from "fast-check";
import type { JsonObject, KubernetesObject } from "../../model";
import { evaluate, mergeMachineConfigs, nodeSetRules } from "../../rules";
import type { Rule } from "../../rules";

const config = (name: string, spec: JsonObject, role = "worker"): KubernetesObject => ({
  apiVersion: "machineconfiguration.openshift.io/v1",
  kind: "MachineConfig",
  metadata: { name, labels: { "machineconfiguration.openshift.io/role": role } },
  spec,
});
const files = (...list: JsonObject[]): JsonObject => ({ config: { storage: { files: list } } });
const file = (path: string, source: string, more: JsonObject = {}): JsonObject => ({
  path,
  contents: { source, ...more },
});

/** `rule path` of each finding on the set. */
const found = (...objects: KubernetesObject[]): string[] =>
  nodeSetRules.flatMap((rule: Rule<readonly KubernetesObject[]>) =>
    evaluate([rule], objects).map((finding) => `${finding.rule} ${finding.path}`),
  );

describe("MachineConfigs of one pool", () => {
  it("are merged by name, those of a custom pool after those of the workers", () => {
    const merged = mergeMachineConfigs([
      config("01-dpdk", { kernelArguments: ["c"], kernelType: "realtime", ...files(file("/a", "data:,dpdk")) }, "dpdk"),
      config("99-worker", { kernelArguments: ["b"], fips: true, osImageURL: "x", extensions: ["ipsec"] }),
      config("10-worker", {
        kernelArguments: ["a", "b"],
        ...files(file("/a", "data:,worker", { compression: "gzip" })),
      }),
    ]);
    expect(merged.kernelArguments).to.deep.equal(["a", "b", "b", "c"]);
    expect([merged.kernelType, merged.fips, merged.osImageURL]).to.deep.equal(["realtime", true, "x"]);
    expect(merged.config).to.deep.equal({
      storage: { files: [{ ...file("/a", "data:,dpdk", { compression: "gzip" }), overwrite: true }] },
    });
    expect(mergeMachineConfigs([]).kernelType).to.equal("default");
  });

  it("unite keys and append, and keep what the later one does not say", () => {
    const with_ = (content: JsonObject): JsonObject => ({ config: content });
    const merged = mergeMachineConfigs([
      config("1", with_({ passwd: { users: [{ name: "core", sshAuthorizedKeys: ["a", "b"] }] } })),
      config("2", with_({ passwd: { users: [{ name: "core", sshAuthorizedKeys: ["b", "c"] }] }, storage: null })),
    ]);
    expect(merged.config.passwd).to.deep.equal({ users: [{ name: "core", sshAuthorizedKeys: ["a", "b", "c"] }] });
    const append = (source: string): JsonObject => files({ path: "/a", append: [{ source }] });
    const both = mergeMachineConfigs([config("1", append("x")), config("2", append("x"))]);
    expect(both.config).to.deep.equal({
      storage: { files: [{ path: "/a", append: [{ source: "x" }, { source: "x" }], overwrite: true }] },
    });
  });

  it("have each file as a second computation says", () => {
    const item = fc.record({ name: fc.nat(99), path: fc.constantFrom("/a", "/b", "/c"), text: fc.nat(9) });
    fc.assert(
      fc.property(fc.uniqueArray(item, { selector: ({ name }) => name }), (items) => {
        const padded = (name: number): string => String(name).padStart(2, "0");
        const objects = items.map(({ name, path, text }) => config(padded(name), files(file(path, `data:,${text}`))));
        const wanted = new Map(
          [...items].sort((a, b) => a.name - b.name).map(({ path, text }) => [path, `data:,${text}`]),
        );
        const merged = mergeMachineConfigs(objects).config as {
          storage?: { files: { path: string; contents: JsonObject }[] };
        };
        const got = new Map((merged.storage?.files ?? []).map(({ path, contents }) => [path, contents.source]));
        expect([...got].sort()).to.deep.equal([...wanted].sort());
      }),
    );
  });

  it("are warned of repeated kernel arguments and of what they override, once each", () => {
    const one = config("10-a", { kernelArguments: ["x", "hugepages=1"], ...files(file("/a", "data:,1")) });
    const two = config("20-b", { kernelArguments: ["x", "hugepages=1"], ...files(file("/a", "data:,2")) });
    const own = config("30-c", {}, "dpdk");
    expect(found(one, two, own)).to.deep.equal([
      "nodes/merged-kernel-argument [1].spec.kernelArguments[0]",
      "nodes/merged-override [1].spec.config.storage.files[0]",
    ]);
    expect(found(one, config("20-b", two.spec ?? {}, "master"))).to.deep.equal([]);
    const unit = (contents?: string): JsonObject => ({
      config: { systemd: { units: [{ name: "a.service", contents }] } },
    });
    expect(found(config("1", unit("a")), config("2", unit("b")))).to.deep.equal([
      "nodes/merged-override [1].spec.config.systemd.units[0]",
    ]);
    expect(found(config("1", unit()), config("2", unit("b")), config("3", unit()))).to.deep.equal([]);
  });

  it("are refused when a plain file replaces a compressed one, or when all together are too large", () => {
    const zipped = config("1", files(file("/a", "data:,1", { compression: "gzip" })));
    expect(found(zipped, config("2", files(file("/a", "data:,2"))))).to.include(
      "nodes/merged-compression [1].spec.config.storage.files[0].contents.compression",
    );
    expect(found(zipped, config("2", files(file("/a", "data:,2", { compression: "" }))))).to.have.length(1);
    const large = (name: string, bytes: number): KubernetesObject =>
      config(name, files(file(`/${name}`, `data:,${"a".repeat(bytes)}`)));
    expect(found(large("1", 800_000), large("2", 800_000))).to.deep.equal(["nodes/merged-size [1].spec"]);
    expect(found(large("1", 700_000), large("2", 700_000))).to.deep.equal(["nodes/merged-size-near [1].spec"]);
  });

  it("do not stand beside a PerformanceProfile's own KubeletConfig", () => {
    const object = (kind: string, spec: JsonObject): KubernetesObject => ({
      apiVersion: "",
      kind,
      metadata: { name: "p" },
      spec,
    });
    const kubelet = (key: string): KubernetesObject =>
      object("KubeletConfig", { machineConfigPoolSelector: { matchLabels: { [key]: "" } } });
    const profile = object("PerformanceProfile", { nodeSelector: { "node-role.kubernetes.io/dpdk": "" } });
    const selected = object("PerformanceProfile", { machineConfigPoolSelector: { a: "" } });
    const path = "nodes/kubelet-beside-profile [0].spec.machineConfigPoolSelector";
    expect(found(kubelet("pools.operator.machineconfiguration.openshift.io/dpdk"), profile)).to.deep.equal([path]);
    expect(found(kubelet("a"), selected)).to.deep.equal([path]);
    expect(found(kubelet("a"), profile, object("PerformanceProfile", {}))).to.deep.equal([]);
  });
});
