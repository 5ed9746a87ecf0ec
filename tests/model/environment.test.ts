import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import type { Json } from "../../model";
import { Environment, mergeLayers } from "../../model/environment";

const stacks = join(__dirname, "..", "..", "stacks");
const read = (name: string) => parse(readFileSync(join(stacks, name), "utf8")) as Json;

describe("layers of an environment", () => {
  it("merges maps deep and replaces scalars", () => {
    const below = { cluster: { openshift: "4.20", apiServer: { host: "a", port: 6443 } }, cilium: { deviceMtu: 1500 } };
    const above = { cluster: { apiServer: { host: "b" } }, cilium: { deviceMtu: 9000 } };
    expect(mergeLayers(below, above)).to.deep.equal({
      cluster: { openshift: "4.20", apiServer: { host: "b", port: 6443 } },
      cilium: { deviceMtu: 9000 },
    });
  });

  it("merges lists of named things by name, keeps their order and appends new ones", () => {
    const below = [
      { name: "worker", machineCount: 3, hugepages: { size: "1Gi", count: 8 } },
      { name: "master", machineCount: 3 },
    ];
    const above = [
      { name: "infra", machineCount: 2 },
      { name: "worker", hugepages: { count: 16 } },
    ];
    expect(mergeLayers(below, above)).to.deep.equal([
      { name: "worker", machineCount: 3, hugepages: { size: "1Gi", count: 16 } },
      { name: "master", machineCount: 3 },
      { name: "infra", machineCount: 2 },
    ]);
  });

  it("tells things in different namespaces apart", () => {
    const below = [{ namespace: "a", name: "tenant", mtu: 1500 }];
    const above = [{ namespace: "b", name: "tenant", mtu: 9000 }];
    expect(mergeLayers(below, above)).to.deep.equal([...below, ...above]);
  });

  it("replaces lists of anything else, also lists in which a name occurs twice, and by an empty list", () => {
    expect(mergeLayers(["a", "b"], ["c"])).to.deep.equal(["c"]);
    expect(mergeLayers([{ name: "a" }], [])).to.deep.equal([]);
    expect(mergeLayers([{ name: "a", x: 1 }], [{ name: "a" }, { name: "a" }])).to.deep.equal([
      { name: "a" },
      { name: "a" },
    ]);
    expect(mergeLayers([{ path: "/a" }], [{ path: "/b" }])).to.deep.equal([{ path: "/b" }]);
  });

  it("changes no layer, keeps a layer merged with itself or with nothing, and is associative", () => {
    // Keys that occur in both layers hold values of one type each, as in environments of one schema.
    const layer = fc.record(
      {
        map: fc.dictionary(fc.constantFrom("a", "b"), fc.integer()),
        things: fc.uniqueArray(fc.record({ name: fc.constantFrom("x", "y", "z"), value: fc.integer() }), {
          minLength: 1,
          selector: (thing) => thing.name,
        }),
        list: fc.array(fc.integer()),
        scalar: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(layer, layer, layer, (a, b, c) => {
        const [before, aboveBefore] = [structuredClone(a), structuredClone(b)];
        const merged = mergeLayers(a, b);
        expect([a, b]).to.deep.equal([before, aboveBefore]);
        expect(mergeLayers(a, a)).to.deep.equal(a);
        expect(mergeLayers(a, {})).to.deep.equal(a);
        expect(mergeLayers({}, a)).to.deep.equal(a);
        expect(mergeLayers(merged, c)).to.deep.equal(mergeLayers(a, mergeLayers(b, c)));
      }),
    );
  });
});

describe("environments", () => {
  it("takes every stack of the repository", () => {
    const { config } = read("Pulumi.sandbox.yaml") as { config: Record<string, Json> };
    const merged = mergeLayers(read("common.yaml"), config["ove:environment"] ?? {});
    expect(Environment.safeParse(merged).error).to.equal(undefined);
  });

  it("refuses two things of one name, at the second", () => {
    const pool = { name: "worker", machineCount: 3 };
    const cluster = {
      openshift: "4.20",
      kubevirt: "1.8",
      apiServer: { host: "api-int.example" },
      clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
    };
    const result = Environment.safeParse({ name: "test", cluster, nodePools: [pool, pool] });
    expect(result.error?.issues.map((issue) => [issue.path.join("."), issue.message])).to.deep.equal([
      ["nodePools.1.name", '"worker" occurs twice.'],
    ]);
  });
});
