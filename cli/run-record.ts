import type { EngineEvent } from "@pulumi/pulumi/automation";
import { componentSchemas } from "../planning";

/** What happened to one component's objects in one run of the engine. */
export interface ComponentRow {
  component: string;
  /** `2 MachineConfig, MachineConfigPool, …`. */
  objects: string;
  state: "created" | "changed" | "deleted" | "unchanged" | "failed";
  /** From the first object's start to the last one's end. */
  seconds: number;
}

/** From when on an object's waiting is worth a line. */
const LONG_MS = 10_000;

interface ResourceRecord {
  urn: string;
  parent: string;
  op: string;
  start: number;
  end?: number;
  failed: boolean;
}

/** Keeps what an engine's events say of each resource, and sums it up by component. */
export class RunRecord {
  private readonly resources = new Map<string, ResourceRecord>();
  /** What each resource last said it waits for. */
  private readonly waits = new Map<string, string>();

  /** @param tell is told a line whenever an object is done */
  constructor(private readonly tell: (line: string) => void = () => undefined) {}

  /** Takes one event; `now` in milliseconds since 1970. */
  add(event: EngineEvent, now: number): void {
    const said = event.diagnosticEvent;
    if (said?.ephemeral && said.urn) this.waits.set(said.urn, plain(said.message));
    const started = event.resourcePreEvent?.metadata;
    if (started) {
      const parent = started.new?.parent ?? started.old?.parent ?? "";
      this.resources.set(started.urn, { urn: started.urn, parent, op: started.op, start: now, failed: false });
    }
    const done = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    const record = done && this.resources.get(done.urn);
    if (!done || !record) return;
    record.end = now;
    record.failed = event.resOpFailedEvent !== undefined;
    if (record.op === "same" || isComponent(record.urn)) return;
    const verb = record.failed ? "failed" : record.op;
    this.tell(`${verb.padEnd(8)} ${nameOf(record.urn)} (${seconds(record.start, now)} s)`);
  }

  /** One line for each object that has been waiting for a while. */
  waiting(now: number): string[] {
    return [...this.resources.values()]
      .filter((record) => record.end === undefined && now - record.start > LONG_MS && this.waits.has(record.urn))
      .map((record) => `${nameOf(record.urn)} (${seconds(record.start, now)} s): ${this.waits.get(record.urn)}`);
  }

  /** One row a component, in the order in which they started. */
  rows(): ComponentRow[] {
    const byComponent = new Map<string, ResourceRecord[]>();
    for (const record of this.resources.values()) {
      if (isComponent(record.urn) || typeOf(record.urn).startsWith("pulumi:")) continue;
      const component = this.componentOf(record.parent);
      byComponent.set(component, [...(byComponent.get(component) ?? []), record]);
    }
    return [...byComponent].map(([component, records]) => ({
      component,
      objects: countKinds(records.map((record) => typeOf(record.urn).split(":").pop() ?? "")),
      state: stateOf(records),
      seconds: Number(
        seconds(Math.min(...records.map((r) => r.start)), Math.max(...records.map((r) => r.end ?? r.start))),
      ),
    }));
  }

  /** True when every resource was left as it is. */
  get isUnchanged(): boolean {
    return [...this.resources.values()].every((record) => ["same", "read", "refresh"].includes(record.op));
  }

  private componentOf(urn: string): string {
    return isComponent(urn) ? nameOf(urn).split(" ").slice(1).join(" ") : "(program)";
  }
}

/** The engine marks colours as `<{%reset%}>`. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").pop() ?? "";
}

function isComponent(urn: string): boolean {
  return COMPONENTS.has(typeOf(urn));
}

const COMPONENTS: ReadonlySet<string> = new Set(componentSchemas.map(({ token }) => token));

function nameOf(urn: string): string {
  return `${typeOf(urn).split(":").pop()} ${urn.split("::").slice(3).join("::")}`;
}

function countKinds(kinds: string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count > 1 ? `${count} ${kind}` : kind)).join(", ");
}

function stateOf(records: ResourceRecord[]): ComponentRow["state"] {
  const ops = new Set(records.map((record) => record.op));
  if (records.some((record) => record.failed)) return "failed";
  if ([...ops].every((op) => op === "same" || op === "read")) return "unchanged";
  if ([...ops].every((op) => op.startsWith("delete"))) return "deleted";
  return ops.has("update") || ops.has("replace") || ops.has("same") ? "changed" : "created";
}

function seconds(from: number, to: number): string {
  return ((to - from) / 1000).toFixed(1);
}
