import { expect } from "chai";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { RunRecord } from "../../cli/run-record";

const STACK = "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s";
const POOL = "urn:pulumi:s::p::ove:platform:Platform$ove:nodes:NodePool::nodes/worker";
const urn = (kind: string, name: string): string =>
  `urn:pulumi:s::p::ove:platform:Platform$ove:nodes:NodePool$ove:nodes:${kind}::${name}`;

function started(resource: string, op: string, parent: string): EngineEvent {
  return { resourcePreEvent: { metadata: { urn: resource, op, new: { parent } } } } as unknown as EngineEvent;
}

function ended(resource: string, failed = false): EngineEvent {
  const metadata = { metadata: { urn: resource } };
  return (failed ? { resOpFailedEvent: metadata } : { resOutputsEvent: metadata }) as unknown as EngineEvent;
}

describe("record of a run", () => {
  it("sums up by component what the engine's events say of each resource", () => {
    const lines: string[] = [];
    const record = new RunRecord((line) => lines.push(line));
    record.add(started(POOL, "create", STACK), 0);
    record.add(started(urn("MachineConfig", "a"), "create", POOL), 1000);
    record.add(started(urn("MachineConfig", "b"), "create", POOL), 2000);
    record.add(ended(urn("MachineConfig", "a")), 3000);
    record.add(ended(urn("MachineConfig", "b")), 5500);
    record.add(ended(POOL), 6000);
    expect(record.rows()).to.deep.equal([
      { component: "nodes/worker", objects: "2 MachineConfig", state: "created", seconds: 4.5 },
    ]);
    expect(lines).to.deep.equal(["create   MachineConfig a (2.0 s)", "create   MachineConfig b (3.5 s)"]);
    expect(record.isUnchanged).to.equal(false);
  });

  it("counts the objects of each component, of whatever domain", () => {
    const tenant = "urn:pulumi:s::p::ove:platform:Platform$ove:policies:Tenant::tenants/shop";
    const policy = `${tenant.slice(0, tenant.lastIndexOf("::"))}$ove:policies:CiliumNetworkPolicy::a`;
    const record = new RunRecord();
    record.add(started(tenant, "create", STACK), 0);
    record.add(started(policy, "create", tenant), 0);
    record.add(ended(policy), 1000);
    expect(record.rows().map(({ component, objects }) => [component, objects])).to.deep.equal([
      ["tenants/shop", "CiliumNetworkPolicy"],
    ]);
  });

  it("knows a run without changes and one that failed", () => {
    const same = new RunRecord();
    same.add(started(urn("MachineConfig", "a"), "same", POOL), 0);
    same.add(ended(urn("MachineConfig", "a")), 1);
    expect(same.isUnchanged).to.equal(true);
    expect(same.rows()[0]?.state).to.equal("unchanged");
    const failed = new RunRecord();
    failed.add(started(urn("MachineConfig", "a"), "create", POOL), 0);
    failed.add(ended(urn("MachineConfig", "a"), true), 1);
    expect(failed.rows()[0]?.state).to.equal("failed");
  });

  it("tells what an object has been waiting for, without the engine's colours", () => {
    const record = new RunRecord();
    const release = urn("RolloutRelease", "release");
    record.add(started(release, "create", POOL), 0);
    const message = "<{%reset%}>waiting: 1 of 3<{%reset%}>\n";
    record.add({ diagnosticEvent: { urn: release, message, ephemeral: true } } as unknown as EngineEvent, 1000);
    expect(record.waiting(5_000)).to.deep.equal([]);
    expect(record.waiting(20_000)).to.deep.equal(["RolloutRelease release (20.0 s): waiting: 1 of 3"]);
    record.add(ended(release), 21_000);
    expect(record.waiting(30_000)).to.deep.equal([]);
  });
});
