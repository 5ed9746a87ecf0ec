import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import {
  machineConfig as kind,
  machineConfigPool,
  machineConfigPoolReady,
  machineConfigReady,
} from "../../../provider/kinds/nodes";
import { before, machineConfig, node, object, pool, said } from "./objects";

const file = (path: string, source: string, mode?: number): JsonObject => ({
  config: {
    ignition: { version: "3.2.0" },
    storage: { files: [{ path, contents: { source }, ...(mode === undefined ? {} : { mode }) }] },
  },
});

describe("readiness of a MachineConfig", () => {
  const name = "60-worker-kargs";
  const config = machineConfig(name, { kernelArguments: ["iommu=pt"] });
  const stale = pool();
  const fresh = pool({ spec: "rendered-worker-b2", sources: ["00-worker", name] });
  const renderedOld = machineConfig("rendered-worker-a1", { kernelArguments: [] });
  const renderedNew = machineConfig("rendered-worker-b2", { kernelArguments: ["quiet", "iommu=pt"] });

  const verdict = (related: Record<string, KubernetesObject[]>, was = before({ pool: [stale] }), of = config): string =>
    said(machineConfigReady(of, related, was));

  it("waits for the pool that its role names", () => {
    expect(kind.ready.watches(machineConfig(name, {}, "dpdk"))[0]).to.include({ name: "dpdk" });
    expect(verdict({ pool: [] }, before())).to.match(/^waiting: MachineConfigPool worker exists/);
  });

  it("is not fooled by a pool that is Updated of the previous configuration", () => {
    expect(verdict({ pool: [stale], machineConfigs: [renderedOld, config] })).to.match(
      /^waiting: pool worker has rendered/,
    );
  });

  it("is ready once the pool is rendered with it, whatever the nodes do", () => {
    const rolling = pool({
      spec: "rendered-worker-b2",
      status: "rendered-worker-a1",
      sources: ["00-worker", name],
      conditions: { Updated: "False", Updating: "True" },
    });
    expect(verdict({ pool: [rolling], machineConfigs: [renderedNew, config] })).to.equal("ready");
  });

  it("fails with the controller's message when the pool cannot be rendered", () => {
    const broken = pool({ conditions: { RenderDegraded: "True:parsing Ignition config failed" } });
    expect(verdict({ pool: [broken], machineConfigs: [] })).to.equal("failed: parsing Ignition config failed");
  });

  it("waits for a render failure from before the change to go away", () => {
    const broken = pool({ conditions: { RenderDegraded: "True:old mistake" } });
    expect(verdict({ pool: [broken] }, before({ pool: [broken] }))).to.match(/^waiting: .*old mistake/);
    const other = pool({ conditions: { RenderDegraded: "True:new mistake" } });
    expect(verdict({ pool: [other] }, before({ pool: [broken] }))).to.equal("failed: new mistake");
  });

  describe("when its content changes, so that its name is in the sources already", () => {
    const old = machineConfig("50-files", file("/etc/a", "data:,old", 420));
    const changed = machineConfig("50-files", file("/etc/a", "data:,new", 420));
    const was = pool({ spec: "rendered-worker-a1", sources: ["00-worker", "50-files"] });
    const now = pool({ spec: "rendered-worker-b2", sources: ["00-worker", "50-files"] });
    const change = before({ pool: [was] }, old);
    const rendered = (of: string, source: string): KubernetesObject => machineConfig(of, file("/etc/a", source, 420));

    it("waits while the rendered configuration has the old content", () => {
      const related = { pool: [was], machineConfigs: [rendered("rendered-worker-a1", "data:,old"), changed] };
      expect(verdict(related, change, changed)).to.match(
        /^waiting: rendered-worker-a1 has the new content .*file \/etc\/a/,
      );
    });

    it("waits also when another change made a new rendered configuration in between", () => {
      const related = { pool: [now], machineConfigs: [rendered("rendered-worker-b2", "data:,old"), changed] };
      expect(verdict(related, change, changed)).to.match(/^waiting:/);
    });

    it("is ready when the rendered configuration has the new content", () => {
      const related = { pool: [now], machineConfigs: [rendered("rendered-worker-b2", "data:,new"), changed] };
      expect(verdict(related, change, changed)).to.equal("ready");
    });

    it("is ready at once when the rendered configuration is the same, since another one wins", () => {
      const winner = machineConfig("99-files", file("/etc/a", "data:,winner"));
      const both = pool({ sources: ["00-worker", "50-files", "99-files"] });
      const related = {
        pool: [both],
        machineConfigs: [rendered("rendered-worker-a1", "data:,winner"), changed, winner],
      };
      expect(verdict(related, before({ pool: [both] }, old), changed)).to.equal("ready");
    });

    it("waits until what was taken away is gone", () => {
      const empty = machineConfig("50-files", { kernelArguments: [] });
      const related = { pool: [was], machineConfigs: [rendered("rendered-worker-a1", "data:,old"), empty] };
      expect(verdict(related, change, empty)).to.match(/file \/etc\/a/);
      const gone = { pool: [now], machineConfigs: [machineConfig("rendered-worker-b2", {}), empty] };
      expect(verdict(gone, change, empty)).to.equal("ready");
    });

    it("takes the change of the rendered name where rendered configurations cannot be seen", () => {
      expect(verdict({ pool: [was], machineConfigs: [] }, change, changed)).to.match(
        /^waiting: pool worker has a new rendered/,
      );
      expect(verdict({ pool: [now], machineConfigs: [] }, change, changed)).to.equal("ready");
      expect(verdict({ pool: [was], machineConfigs: [] }, before({ pool: [was] }, changed), changed)).to.equal("ready");
    });

    it("accepts defaults that rendering fills in", () => {
      const bare = machineConfig("50-files", file("/etc/a", "data:,new"));
      const related = { pool: [now], machineConfigs: [rendered("rendered-worker-b2", "data:,new"), bare] };
      expect(verdict(related, change, bare)).to.equal("ready");
    });
  });

  it("compares units, drop-ins, extensions, keys and the kernel type", () => {
    const spec: JsonObject = {
      kernelType: "realtime",
      extensions: ["usbguard"],
      config: {
        systemd: { units: [{ name: "a.service", enabled: true, dropins: [{ name: "b.conf", contents: "x" }] }] },
        passwd: { users: [{ name: "core", sshAuthorizedKeys: ["key"], passwordHash: "$6$a" }] },
      },
    };
    const all = machineConfig(name, spec);
    const related = (content: JsonObject): Record<string, KubernetesObject[]> => ({
      pool: [fresh],
      machineConfigs: [machineConfig("rendered-worker-b2", content), all],
    });
    expect(verdict(related(spec), before({ pool: [stale] }), all)).to.equal("ready");
    const without = (key: string): JsonObject => ({ ...spec, [key]: key === "config" ? {} : undefined });
    for (const key of ["kernelType", "extensions", "config"]) {
      expect(verdict(related(without(key)), before({ pool: [stale] }), all), key).to.match(/^waiting/);
    }
    const passwd = { users: [{ name: "core", sshAuthorizedKeys: ["key"], passwordHash: "$6$b" }] };
    const rotated = { ...spec, config: { ...(spec.config as JsonObject), passwd } };
    expect(verdict(related(rotated), before({ pool: [stale] }), all), "another password").to.match(/^waiting/);
  });

  it("waits after its deletion until the pool is rendered without it", () => {
    const [step] = kind.deletion?.after?.(config) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    const was = { pool: [fresh] };
    expect(said(step.verdict({ pool: [fresh] }, was))).to.match(/^waiting/);
    expect(said(step.verdict({ pool: [pool({ spec: "rendered-worker-c3" })] }, was))).to.equal("ready");
    expect(said(step.verdict({ pool: [] }, was))).to.equal("ready");
    const broken = pool({ sources: ["00-worker", name], conditions: { RenderDegraded: "True:cannot" } });
    expect(said(step.verdict({ pool: [broken] }, was))).to.equal("failed: cannot");
  });
});

describe("readiness of a MachineConfigPool", () => {
  const verdict = (live: KubernetesObject, was = before()): string => said(machineConfigPoolReady(live, {}, was));

  it("waits until its present form is seen and rendered", () => {
    expect(verdict(pool({ generation: 2, observed: 1 }))).to.match(/^waiting: the pool has been seen/);
    expect(verdict(pool({ spec: "" }))).to.match(/^waiting: spec.configuration.name is set/);
    expect(verdict(pool({ conditions: { RenderDegraded: "Unknown" } }))).to.match(/^waiting: RenderDegraded is False/);
    expect(verdict({ ...pool(), status: {} })).to.match(/seen in its present form \(generation none/);
    expect(verdict(pool({ machines: 0 }))).to.equal("ready");
  });

  it("is ready while its nodes are being updated or it is held", () => {
    expect(verdict(pool({ status: "rendered-worker-0", paused: true, conditions: { Updated: "False" } }))).to.equal(
      "ready",
    );
  });

  it("fails when nothing can be rendered", () => {
    const live = pool({ conditions: { RenderDegraded: "True:no MachineConfigs found matching selector" } });
    expect(verdict(live)).to.equal("failed: no MachineConfigs found matching selector");
    expect(verdict(live, before({}, live))).to.match(/^waiting/);
    expect(verdict(pool({ conditions: { RenderDegraded: "True" } }))).to.equal("failed: RenderDegraded is True");
  });

  it("takes over the pools that OpenShift makes, and makes the others", () => {
    expect(["master", "worker", "arbiter"].every((name) => machineConfigPool.adopt({ name }))).to.equal(true);
    expect(machineConfigPool.adopt({ name: "dpdk" })).to.equal(false);
  });

  it("waits after its deletion until its nodes have the worker pool's configuration", () => {
    const custom = pool({ name: "dpdk" });
    custom.spec = { ...custom.spec, nodeSelector: { matchLabels: { "node-role.kubernetes.io/dpdk": "" } } };
    const [step] = machineConfigPool.deletion?.after?.(custom) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(step.watches[1]?.labelSelector).to.equal("node-role.kubernetes.io/dpdk=,node-role.kubernetes.io/worker=");
    const at = (config: string, state: string): KubernetesObject =>
      node("n1", {
        annotations: {
          "machineconfiguration.openshift.io/currentConfig": config,
          "machineconfiguration.openshift.io/state": state,
        },
      });
    const worker = pool();
    expect(said(step.verdict({ pool: [worker], nodes: [at("rendered-dpdk-a1", "Done")] }, {}))).to.match(
      /^waiting: node n1/,
    );
    expect(said(step.verdict({ pool: [worker], nodes: [at("rendered-worker-a1", "Working")] }, {}))).to.match(
      /^waiting/,
    );
    expect(said(step.verdict({ pool: [worker], nodes: [at("rendered-worker-a1", "Done")] }, {}))).to.equal("ready");
    const joining = object("v1", "Node", { name: "n1" });
    expect(said(step.verdict({ pool: [worker], nodes: [joining] }, {}))).to.match(/pool's configuration \(none/);
    expect(said(step.verdict({ pool: [], nodes: [joining] }, {})), "no worker pool to fall back to").to.equal("ready");
    expect(machineConfigPool.deletion?.after?.(pool())).to.deep.equal([]);
  });
});
