import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { JsonObject, KubernetesObject } from "../../../model";
import { disruptionPolicyReady, nodeDisruptionPolicy } from "../../../provider/kinds/disruption-policy";
import { generatedConfigReady, selectedPools } from "../../../provider/kinds/generated-configs";
import { containerRuntimeConfig, kubeletConfig } from "../../../provider/kinds/kubelet";
import { labelSelects } from "../../../provider/kinds/labels";
import { before, machineConfig, object, pool, said } from "./objects";

const api = "machineconfiguration.openshift.io/v1";
const made = "99-worker-generated-kubelet";

function config(condition?: [type: string, message: string], generation = 1): KubernetesObject {
  return object(api, "KubeletConfig", {
    metadata: { name: "cpus", uid: "u1", generation, finalizers: [made] },
    spec: { machineConfigPoolSelector: { matchLabels: { a: "b" } } },
    status: {
      observedGeneration: 1,
      ...(condition ? { conditions: [{ type: condition[0], status: "True", message: condition[1] }] } : {}),
    },
  });
}

const file = (source: string): JsonObject => ({
  config: { storage: { files: [{ path: "/etc/kubernetes/kubelet.conf", contents: { source } }] } },
});

function generated(source = "data:,new"): KubernetesObject {
  const result = machineConfig(made, file(source));
  result.metadata.ownerReferences = [{ uid: "u1" }];
  return result;
}

function labelled(sources: string[], conditions: Record<string, string> = {}): KubernetesObject {
  const result = pool({ sources: ["00-worker", ...sources], conditions });
  result.metadata.labels = { a: "b" };
  return result;
}

describe("readiness of a KubeletConfig or ContainerRuntimeConfig", () => {
  const template = machineConfig("00-worker", file("data:,template"));
  const rendered = (source: string): KubernetesObject => machineConfig("rendered-worker-a1", file(source));
  const verdict = (
    live: KubernetesObject,
    pools: KubernetesObject[] = [],
    machineConfigs: KubernetesObject[] = [],
    was = before(),
  ): string => said(generatedConfigReady(live, { pools, machineConfigs }, was));
  const success = config(["Success", "Success"]);

  it("waits until the controller has seen its present form", () => {
    expect(verdict(config(["Success", "Success"], 2))).to.match(/^waiting: the controller has seen the KubeletConfig/);
    expect(verdict(config())).to.match(/^waiting: the controller has taken .*no condition/);
  });

  it("fails with the controller's message, but not for a failure that was there before", () => {
    const failed = config(["Failure", "Error: cgroupDriver is not allowed"]);
    expect(verdict(failed)).to.equal("failed: KubeletConfig cpus: Error: cgroupDriver is not allowed");
    expect(verdict(failed, [], [], before({}, failed))).to.match(/^waiting/);
    expect(verdict(config(["Failure", ""]))).to.equal("failed: KubeletConfig cpus: no reason given");
  });

  it("is not fooled by Success before the MachineConfig is there, rendered and new", () => {
    expect(verdict(success, [labelled([])])).to.match(/^waiting: the controller has made a MachineConfig/);
    expect(verdict(success, [labelled([])], [generated()])).to.match(/^waiting: pool worker has rendered/);
    const all = (source: string): KubernetesObject[] => [template, generated(), rendered(source)];
    expect(verdict(success, [labelled([made])], all("data:,old"))).to.match(
      /^waiting: rendered-worker-a1 has the present/,
    );
    expect(verdict(success, [labelled([made])], all("data:,new"))).to.equal("ready");
    expect(verdict(success, [labelled([made])], [generated()])).to.equal("ready");
  });

  it("takes what another MachineConfig wins for the present content", () => {
    const winner = machineConfig("99-worker-last", file("data:,winner"));
    const configs = [template, generated(), winner, rendered("data:,winner")];
    expect(verdict(success, [labelled([made, "99-worker-last"])], configs)).to.equal("ready");
  });

  it("fails when the pool cannot be rendered, and looks at selected pools only", () => {
    const broken = labelled([made], { RenderDegraded: "True:cannot" });
    expect(verdict(success, [broken], [generated()])).to.equal("failed: cannot");
    expect(verdict(success, [pool()], [])).to.equal("ready");
    expect(selectedPools(success, [pool(), labelled([])])).to.have.length(1);
  });

  it("waits after its deletion until no pool has what was made of it", () => {
    const [step] = kubeletConfig.deletion?.after?.(success) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(said(step.verdict({ pools: [labelled([made])] }, {}))).to.match(/^waiting: pool worker is rendered without/);
    expect(said(step.verdict({ pools: [labelled([])] }, {}))).to.equal("ready");
    expect(said(step.verdict({ pools: [labelled([made], { RenderDegraded: "True:no" })] }, {}))).to.equal("failed: no");
    expect(kubeletConfig.deletion?.after?.(object(api, "KubeletConfig", {}))).to.deep.equal([]);
  });

  it("costs a reboot of the pool whatever changes, and is never taken over", () => {
    for (const kind of [kubeletConfig, containerRuntimeConfig]) {
      expect(kind.adopt({ name: "x" })).to.equal(false);
      expect(kind.ready.watches(success).map(({ id }) => id)).to.deep.equal(["pools", "machineConfigs"]);
      for (const change of ["create", "update", "delete"] as const) {
        const rows = disruptionsOf(kind.disruptions, { change, paths: [["spec", "logLevel"]] });
        expect(rows.map(({ cost, reach }) => [cost, reach])).to.deep.equal([["reboot", "pool"]]);
      }
      expect(disruptionsOf(kind.disruptions, { change: "update", paths: [["metadata", "labels"]] })).to.deep.equal([]);
    }
  });
});

describe("label selectors", () => {
  const fits = (matchExpressions: JsonObject[]): boolean => labelSelects({ matchExpressions }, { a: "b" });
  const expression = (operator: string, key: string, values: string[] = []): JsonObject => ({ operator, key, values });

  it("select nothing when they say nothing", () => expect(labelSelects({}, { a: "b" })).to.equal(false));
  it("want every label and every expression", () => {
    expect(labelSelects({ matchLabels: { a: "b" } }, { a: "b", c: "d" })).to.equal(true);
    expect(labelSelects({ matchLabels: { a: "b" } }, { a: "c" })).to.equal(false);
    expect(fits([expression("In", "a", ["b"]), expression("Exists", "a")])).to.equal(true);
    expect(fits([expression("In", "c", ["b"])])).to.equal(false);
    expect(fits([expression("NotIn", "a", ["c"]), expression("NotIn", "x", ["c"])])).to.equal(true);
    expect(fits([expression("NotIn", "a", ["b"])])).to.equal(false);
    expect([fits([expression("DoesNotExist", "a")]), fits([expression("DoesNotExist", "x")])]).to.deep.equal([
      false,
      true,
    ]);
    expect(fits([{ operator: "Exists" }])).to.equal(false);
  });
});

describe("readiness of a node disruption policy", () => {
  const none = [{ type: "None" }];
  const drain = [{ type: "Drain" }];
  const policy = (wanted: JsonObject, clusterPolicies: JsonObject, observedGeneration?: number): string =>
    said(
      disruptionPolicyReady(
        object("operator.openshift.io/v1", "MachineConfiguration", {
          metadata: { name: "cluster", generation: 2 },
          spec: { nodeDisruptionPolicy: wanted },
          status: {
            nodeDisruptionPolicyStatus: { clusterPolicies },
            ...(observedGeneration === undefined ? {} : { observedGeneration }),
          },
        }),
      ),
    );

  it("waits until the operator has seen it and shows it as in force", () => {
    const files = { files: [{ path: "/a", actions: none }] };
    expect(policy(files, files, 1)).to.match(/^waiting: the operator has seen/);
    expect(policy(files, {})).to.match(/^waiting: the policy for \/a/);
    expect(policy(files, { files: [{ path: "/a", actions: drain }] }, 2)).to.match(/^waiting: the policy for \/a/);
    expect(policy(files, files, 2)).to.equal("ready");
    const units = { units: [{ name: "a.service", actions: none }, {}] };
    expect(policy(units, {})).to.match(/a\.service/);
    expect(policy({ units: [{ actions: none }] }, {})).to.match(/for units/);
    expect(policy({ sshkey: { actions: drain } }, { sshkey: { actions: none } })).to.match(/for sshkey/);
    expect(policy({ sshkey: { actions: [] } }, {})).to.equal("ready");
  });

  it("is taken over, costs nothing and has nothing else to look at", () => {
    expect([nodeDisruptionPolicy.adopt({ name: "cluster" }), nodeDisruptionPolicy.adopt({ name: "x" })]).to.deep.equal([
      true,
      false,
    ]);
    expect(nodeDisruptionPolicy.disruptions).to.deep.equal([]);
    expect(nodeDisruptionPolicy.ready.watches(object("", "", {}))).to.deep.equal([]);
  });
});
