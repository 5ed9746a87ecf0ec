import { expect } from "chai";
import { defaultVersions } from "../../../model";
import { loadKubeConfig } from "../../../provider/engine/connection";
import { UserError } from "../../../provider/engine/errors";
import { ClusterAccess, checkConfiguration, configurationOf, factsOf } from "../../../provider/server/configuration";

const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "lab", cluster: { server: "https://lab.example:6443" } }],
  users: [{ name: "admin", user: {} }],
  contexts: [{ name: "lab", context: { cluster: "lab", user: "admin" } }],
  "current-context": "lab",
});
const without = JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [], users: [], contexts: [] });

describe("the kubeconfig", () => {
  it("may be given as its content, with a context", () => {
    expect(loadKubeConfig({ kubeconfig }).getCurrentCluster()?.server).to.equal("https://lab.example:6443");
    expect(loadKubeConfig({ kubeconfig: `\n${kubeconfig}`, context: "lab" }).getCurrentContext()).to.equal("lab");
  });

  const cases: [title: string, options: Parameters<typeof loadKubeConfig>[0], message: string][] = [
    ["no file", { kubeconfig: "/nowhere/config" }, "there is no file /nowhere/config"],
    ["something else", { kubeconfig: "{a: [" }, "this is not a kubeconfig"],
    ["no such context", { kubeconfig, context: "other" }, 'no context "other"; it has: lab.'],
    ["no context at all", { kubeconfig: without, context: "other" }, "it has: none."],
    ["no cluster", { kubeconfig: without }, "the kubeconfig names no cluster"],
  ];
  for (const [title, options, message] of cases) {
    it(`is refused: ${title}`, () => expect(() => loadKubeConfig(options)).to.throw(UserError, message));
  }

  it("that cannot be used is a finding of the configuration, and leaves the provider without a cluster", () => {
    const [finding] = checkConfiguration({ kubeconfig: "/nowhere/config" }, false);
    expect(finding).to.include({ rule: "provider/kubeconfig", severity: "error", path: "kubeconfig" });
    expect(checkConfiguration({ kubeconfig: "/nowhere/config" }, true), "not while something is unknown").to.deep.equal(
      [],
    );
    expect(checkConfiguration({ kubeconfig }, false)).to.deep.equal([]);
    expect(new ClusterAccess(configurationOf({ kubeconfig: "/nowhere/config" })).find()).to.equal(undefined);
    expect(new ClusterAccess(configurationOf({ kubeconfig })).find()).not.to.equal(undefined);
  });
});

describe("what checks know of the cluster", () => {
  const facts = (inputs: Parameters<typeof configurationOf>[0]): ReturnType<typeof factsOf> =>
    factsOf(configurationOf(inputs));

  it("are the newest versions unless others are given", () => {
    expect(facts({})).to.deep.equal({ versions: defaultVersions });
    expect(facts({ versions: { cilium: "1.18" } }).versions).to.deep.equal({ ...defaultVersions, cilium: "1.18" });
  });

  it("are its nodes where all of them can be read", () => {
    const node = { name: "worker-0", role: "worker", cpus: 8, memory: "16Gi", nics: [] };
    expect(facts({ nodes: [node] }).nodes?.map(({ name }) => name)).to.deep.equal(["worker-0"]);
    expect(facts({ nodes: [{ name: 5 }] })).not.to.have.property("nodes");
  });
});
