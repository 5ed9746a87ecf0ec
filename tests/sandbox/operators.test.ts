import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { pathOf } from "../../sandbox/agents/api";
import { faultIn } from "../../sandbox/agents/faults";
import { kibibytes } from "../../sandbox/agents/reboot";
import { isHeldBack } from "../../sandbox/operators";
import { webhookConfigurations } from "../../sandbox/operators/kubevirt-webhooks";
import { missingOf } from "../../sandbox/operators/machine-config";

describe("when a machine config pool is ready", () => {
  function pool(status: JsonObject, spec: JsonObject = { configuration: { name: "r1" } }): KubernetesObject {
    return {
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfigPool",
      metadata: { name: "worker", generation: 2 },
      spec,
      status: {
        observedGeneration: 2,
        machineCount: 3,
        configuration: { name: "r1" },
        conditions: [{ type: "Updated", status: "True" }],
        ...status,
      },
    };
  }

  it("has rolled the present configuration out on all machines", () => {
    expect(missingOf(pool({}), 3)).to.equal(undefined);
  });

  const missing: [string, KubernetesObject][] = [
    ["nothing is rendered yet", pool({}, {})],
    ["the status is stale", pool({ observedGeneration: 1 })],
    ["it is rolling out", pool({ configuration: { name: "r0" } })],
    ["it has 2 machines", pool({ machineCount: 2 })],
    ["it is not Updated", pool({ conditions: [{ type: "Updated", status: "False" }] })],
  ];
  for (const [why, object] of missing) {
    it(`is not ready when ${why}`, () => expect(missingOf(object, 3)).to.equal(why));
  }

  it("names the reason for which rendering fails", () => {
    const conditions = [{ type: "RenderDegraded", status: "True", message: "no such extension" }];
    expect(missingOf(pool({ conditions }), 3)).to.contain("no such extension");
  });
});

describe("faults", () => {
  const switched = (data: Record<string, string>): KubernetesObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "sandbox-faults", namespace: "sandbox" },
    data,
  });

  it("hit the named targets only", () => {
    const faults = switched({ "degrade-node": "worker-0, worker-2" });
    expect(["worker-0", "worker-1", "worker-2"].map((node) => faultIn(faults, "degrade-node", node))).to.deep.equal([
      true,
      false,
      true,
    ]);
    expect(faultIn(faults, "sriov-sync-fails", "worker-0")).to.equal(false);
    expect(faultIn(undefined, "degrade-node", "worker-0")).to.equal(false);
  });

  it("hit everything with *", () => {
    expect(faultIn(switched({ "device-plugin-late": "*" }), "device-plugin-late", "worker-1")).to.equal(true);
  });
});

describe("KubeVirt's webhooks", () => {
  const [validating, mutating] = webhookConfigurations("https://127.0.0.1:1234", "Q0E=");
  const hooks = (configuration: typeof validating) =>
    configuration?.object.webhooks as { name: string; clientConfig: { url: string; caBundle: string } }[];

  it("are called at the program's own address with its own authority", () => {
    for (const hook of [...hooks(validating), ...hooks(mutating)]) {
      expect(hook.clientConfig.url).to.match(/^https:\/\/127\.0\.0\.1:1234\/[a-z-]+$/);
      expect(hook.clientConfig.caBundle).to.equal("Q0E=");
    }
  });

  it("have names of their own, as the API server demands", () => {
    for (const configuration of [validating, mutating]) {
      const names = hooks(configuration).map((hook) => hook.name);
      expect(new Set(names).size).to.equal(names.length);
    }
  });
});

describe("Cilium's late CRDs", () => {
  it("are all of its group but the operator's own configuration", () => {
    const names = [
      "ciliumnetworkpolicies.cilium.io",
      "ciliumnodes.cilium.io",
      "ciliumconfigs.cilium.io",
      "nodes.config.openshift.io",
    ];
    expect(names.filter(isHeldBack)).to.deep.equal(["ciliumnetworkpolicies.cilium.io", "ciliumnodes.cilium.io"]);
  });
});

describe("API paths", () => {
  it("are those of the core group and of named groups", () => {
    expect(pathOf("v1", "nodes", { name: "n", subresource: "status" })).to.equal("/api/v1/nodes/n/status");
    expect(pathOf("apps/v1", "daemonsets", { namespace: "x" })).to.equal("/apis/apps/v1/namespaces/x/daemonsets");
  });
});

describe("memory quantities", () => {
  it("are read with binary suffixes", () => {
    expect(["1Gi", "512Mi", "4Ki", "2048"].map(kibibytes)).to.deep.equal([1024 ** 2, 512 * 1024, 4, 2]);
    expect(() => kibibytes("1G")).to.throw("1G");
  });
});
