import { expect } from "chai";
import * as fc from "fast-check";
import type { JsonObject, KubernetesObject } from "../../model";
import { mergedSize, mergeIgnition, mergeMachineConfigs, mergeOrder } from "../../rules/nodes";
import { sizeLimit } from "../../rules/nodes/machine-configs";
import { evaluate, nodeSetRules } from "../../rules";

const roleLabel = "machineconfiguration.openshift.io/role";

const source = fc.nat(5).map((each) => `data:,${each}`);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** A valid part of an Ignition configuration: in each list a key occurs once. */
const file = fc.record(
  {
    path: fc.constantFrom("/a", "/b", "/c"),
    mode: fc.constantFrom(0o600, 0o644),
    overwrite: fc.boolean(),
    contents: fc.record({ source, compression: fc.constantFrom("", "gzip") }, { requiredKeys: [] }),
  },
  { requiredKeys: ["path"] },
);
const dropin = fc.record(
  { name: fc.constantFrom("a.conf", "b.conf"), contents: fc.constantFrom("[A]\n", "[B]\n") },
  { requiredKeys: ["name"] },
);
const unit = fc.record(
  {
    name: fc.constantFrom("a.service", "b.service"),
    enabled: fc.boolean(),
    mask: fc.boolean(),
    contents: fc.constantFrom("[A]\n", "[B]\n"),
    dropins: fc.uniqueArray(dropin, { selector: (each) => each.name, maxLength: 2 }),
  },
  { requiredKeys: ["name"] },
);
const user = fc.record(
  {
    name: fc.constant("core"),
    sshAuthorizedKeys: fc.uniqueArray(fc.constantFrom("k", "l", "m")),
    passwordHash: source,
  },
  { requiredKeys: ["name"] },
);
const ignition = fc.record(
  {
    storage: fc.record({ files: fc.uniqueArray(file, { selector: (each) => each.path }) }),
    systemd: fc.record({ units: fc.uniqueArray(unit, { selector: (each) => each.name }) }),
    passwd: fc.record({ users: fc.uniqueArray(user, { selector: (each) => each.name }) }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const spec = fc.record({
  config: ignition,
  kernelArguments: fc.array(fc.constantFrom("a", "b", "c=1")),
  kernelType: optional(fc.constantFrom("", "default", "realtime", "64k-pages")),
  extensions: fc.array(fc.constantFrom("ipsec", "usbguard")),
  fips: optional(fc.boolean()),
  osImageURL: optional(fc.constantFrom("", "x", "y")),
}) as fc.Arbitrary<JsonObject>;
const config = fc
  .record({ name: fc.stringMatching(/^[0-9]{2}-[a-z]{1,3}$/), role: fc.constantFrom("worker", "dpdk"), spec })
  .map((each): KubernetesObject => ({
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: { name: each.name, labels: { [roleLabel]: each.role } },
    spec: each.spec,
  }));
const configs = fc.uniqueArray(config, { selector: (each) => each.metadata.name, maxLength: 6 });

type Files = { path: string; overwrite?: boolean; contents?: { source?: string; compression?: string } }[];
const filesOf = (content: JsonObject): Files => ((content.storage as JsonObject | undefined)?.files ?? []) as Files;

describe("merging Ignition configurations", () => {
  it("is associative", () => {
    fc.assert(
      fc.property(ignition, ignition, ignition, (a, b, c) => {
        const left = mergeIgnition(mergeIgnition(a, b), c);
        expect(left).to.deep.equal(mergeIgnition(a, mergeIgnition(b, c)));
      }),
    );
  });

  it("changes nothing when the later one is the same, empty or absent", () => {
    fc.assert(
      fc.property(ignition, (a) => {
        for (const other of [structuredClone(a), {}, undefined, null]) expect(mergeIgnition(a, other)).to.deep.equal(a);
        expect(mergeIgnition({}, a)).to.deep.equal(a);
      }),
    );
  });

  it("adds to the list of what is appended to a file, which is the exception", () => {
    const content = { storage: { files: [{ path: "/a", append: [{ source: "data:,a" }] }] } };
    const twice = mergeIgnition(content, content) as typeof content;
    expect(twice.storage.files[0]?.append).to.have.length(2);
  });

  it("keeps each file's last word on each of its parts, in the order in which files were named first", () => {
    fc.assert(
      fc.property(fc.array(ignition), (list) => {
        const merged = list.reduce<JsonObject>((all, each) => mergeIgnition(all, each) as JsonObject, {});
        const said = list.flatMap(filesOf);
        expect(filesOf(merged).map(({ path }) => path)).to.deep.equal([...new Set(said.map(({ path }) => path))]);
        for (const { path, contents } of filesOf(merged)) {
          const of = said.filter((each) => each.path === path).flatMap((each) => each.contents ?? []);
          expect(contents?.source).to.equal(of.flatMap((each) => each.source ?? []).at(-1));
          expect(contents?.compression).to.equal(of.flatMap((each) => each.compression ?? []).at(-1));
        }
      }),
    );
  });
});

describe("merging MachineConfigs", () => {
  it("takes no notice of the order in which they are given: their names decide, those of workers come first", () => {
    const shuffled = configs.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(mergeMachineConfigs(other)).to.deep.equal(mergeMachineConfigs(list));
        const rank = ({ metadata }: KubernetesObject): string =>
          `${metadata.labels?.[roleLabel] === "worker" ? 0 : 1}${metadata.name}`;
        expect(mergeOrder(other).map(rank)).to.deep.equal(list.map(rank).sort());
      }),
    );
  });

  it("keeps those of the same name in the order in which they are given", () => {
    const named = (argument: string): KubernetesObject => ({
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfig",
      metadata: { name: "50-same" },
      spec: { kernelArguments: [argument] },
    });
    expect(mergeMachineConfigs([named("b"), named("a")]).kernelArguments).to.deep.equal(["b", "a"]);
  });

  it("puts all kernel arguments and extensions one behind the other, repeated ones as well", () => {
    fc.assert(
      fc.property(configs, (list) => {
        const merged = mergeMachineConfigs(list);
        const specs = mergeOrder(list).map((each) => each.spec as Record<string, string[]>);
        expect(merged.kernelArguments).to.deep.equal(specs.flatMap((each) => each.kernelArguments));
        expect(merged.extensions).to.deep.equal(specs.flatMap((each) => each.extensions));
      }),
    );
  });

  it("lets any true win for FIPS, the last special kernel and the last image", () => {
    fc.assert(
      fc.property(configs, (list) => {
        const merged = mergeMachineConfigs(list);
        const specs = mergeOrder(list).map((each) => each.spec ?? {});
        const last = (values: unknown[]): unknown => values.filter((value) => value).at(-1);
        expect(merged.fips).to.equal(specs.some((each) => each.fips));
        expect(merged.kernelType).to.equal(
          last(specs.map(({ kernelType }) => kernelType !== "default" && kernelType)) ?? "default",
        );
        expect(merged.osImageURL).to.equal(last(specs.map((each) => each.osImageURL)) ?? "");
      }),
    );
  });

  it("makes every file replace what is there, unless it says otherwise", () => {
    fc.assert(
      fc.property(configs, (list) => {
        const said = mergeOrder(list).flatMap((each) => filesOf(each.spec?.config as JsonObject));
        for (const { path, overwrite } of filesOf(mergeMachineConfigs(list).config)) {
          const words = said.filter((each) => each.path === path).flatMap((each) => each.overwrite ?? []);
          expect(overwrite).to.equal(words.at(-1) ?? true);
        }
      }),
    );
  });

  it("is refused by what it comes to, not by its parts: exactly beyond the limit", () => {
    const at = (name: string, bytes: number): KubernetesObject => ({
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfig",
      metadata: { name, labels: { [roleLabel]: "worker" } },
      spec: {
        config: { storage: { files: [{ path: `/${name}`, contents: { source: `data:,${"a".repeat(bytes)}` } }] } },
      },
    });
    const errors = (list: KubernetesObject[]): number =>
      nodeSetRules.flatMap((rule) => evaluate([rule], list)).filter(({ rule }) => rule === "nodes/merged-size").length;
    const frame = mergedSize(mergeMachineConfigs([at("1", 0), at("2", 0)]));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sizeLimit - frame }), fc.boolean(), (first, beyond) => {
        const rest = sizeLimit - frame - first + (beyond ? 1 : 0);
        expect(errors([at("1", first), at("2", rest)])).to.equal(beyond ? 1 : 0);
      }),
      { numRuns: 20 },
    );
  });
});
