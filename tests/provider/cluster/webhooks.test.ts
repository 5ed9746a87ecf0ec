import { expect } from "chai";
import { defaultFacts } from "../../../model";
import type { Finding, JsonObject } from "../../../model";
import { virtualMachine } from "../../../provider/kinds/machines";
import { checkInputs } from "../../../provider/server/checks";
import { kubevirt } from "../../../sandbox/operators/kubevirt";
import { testCluster } from "../../support/cluster";
import { edited, type Edit } from "./machines/base";
import { featureEdits } from "./machines/feature-edits";
import { hardwareEdits } from "./machines/hardware-edits";
import { networkEdits } from "./machines/network-edits";
import { podEdits } from "./machines/pod-edits";
import { storageEdits } from "./machines/storage-edits";
import { Webhooks, meant, type Answer } from "./machines/webhook";

const parts = [networkEdits, storageEdits, hardwareEdits, featureEdits, podEdits];
const families: readonly (readonly Edit[])[] = parts.flatMap((part) => Object.values(part));

/** The version that the sandbox runs. */
const facts = { versions: { ...defaultFacts.versions, kubevirt: "1.8" } };

/** Numbers below a bound, the same ones in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Machines with two to four edits of any families. */
function mixtures(count: number, seed: number): JsonObject[] {
  const next = numbers(seed);
  const one = (): Edit => {
    const family = families[next(families.length)] ?? [];
    return family[next(family.length)] ?? {};
  };
  return Array.from({ length: count }, () => edited(...Array.from({ length: 2 + next(3) }, one)));
}

/**
 * Findings without a refusal: the mutating webhook fills in required fields with empty values, and what CDI refuses
 * comes after the machine was accepted.
 */
const laterRefused = (finding: Finding): boolean =>
  finding.rule === "schema/required" || finding.rule === "machines/data-volume-refused";

/** An instance of the machine, as KubeVirt's controller makes it when the machine starts. */
function instance({ spec }: JsonObject): JsonObject {
  const template = ((spec as JsonObject).template ?? {}) as JsonObject;
  const metadata = { ...(template.metadata as JsonObject), name: "generated", namespace: "default" };
  return { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", metadata, spec: template.spec ?? {} };
}

/** Whether one of our paths is the field that the webhook names, or is inside of it. */
const covers = (paths: readonly string[], field: string): boolean =>
  paths.some((path) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));

/** Fields that the webhook names beside those of the object: those that defaults were copied to. */
const copied = (field: string): boolean =>
  field === "<nil>" || field.endsWith("resources.requests.cpu") || /disks\[[2-9]\]\.disk$/.test(field);

const findingsOf = ({ metadata, spec }: JsonObject): Finding[] =>
  checkInputs(virtualMachine, { metadata: metadata ?? null, spec: spec ?? null }, facts);

const isFine = (machine: JsonObject): boolean => !findingsOf(machine).some((finding) => finding.severity === "error");

/** What the webhooks and our rules disagree about, undefined when they agree. */
function disagreement(answer: Answer, findings: Finding[]): string | undefined {
  const errors = findings.filter((finding) => finding.severity === "error");
  const gated = findings.some((finding) => finding.rule === "machines/feature-gate");
  if (!answer.accepted && errors.length === 0 && !gated) return `refused, and we say nothing: ${answer.message}`;
  if (answer.accepted || gated || errors.some((error) => error.rule.startsWith("schema/"))) return undefined;
  const paths = errors.map((error) => error.path);
  const missed = answer.fields.map(meant).filter((field) => !copied(field) && !covers(paths, field));
  return missed.length > 0 ? `we do not name ${missed.join(", ")}, but ${paths.join(", ")}` : undefined;
}

describe("rules of a VirtualMachine and KubeVirt's own webhooks", function () {
  this.timeout(300_000);
  let webhooks: Webhooks;

  before(async () => {
    const cluster = await testCluster();
    await cluster.start(kubevirt);
    webhooks = await Webhooks.of(cluster.kubeconfigFile);
  });

  after(() => webhooks?.close());

  /** Says yes to what the webhook refuses when a machine starts only. */
  async function refusedLater(machine: JsonObject): Promise<boolean> {
    return !(await webhooks.ask("virtualmachineinstances", instance(machine))).accepted;
  }

  async function compare(machine: JsonObject): Promise<string[]> {
    const { spec } = machine;
    const findings = findingsOf(machine);
    const errors = findings.filter((finding) => finding.severity === "error" && !laterRefused(finding));
    const answer = await webhooks.ask("virtualmachines", machine);
    const extra = answer.accepted && errors.length > 0 && !(await refusedLater(machine));
    const said = errors.map((error) => `${error.rule} ${error.path}`).join(", ");
    const problem = extra ? `accepted, and we say ${said}` : disagreement(answer, findings);
    return problem ? [`${JSON.stringify(spec)}\n  ${problem}`] : [];
  }

  async function compareAll(machines: JsonObject[]): Promise<string[]> {
    const problems: string[] = [];
    const rest = machines.values();
    const work = async (): Promise<void> => {
      for (const machine of rest) problems.push(...(await compare(machine)));
    };
    await Promise.all(Array.from({ length: 8 }, work));
    return problems.sort();
  }

  it("say the same of every edit that we refuse", async () => {
    const machines = families.flat().map((edit) => edited(edit));
    expect(await compareAll(machines.filter((machine) => !isFine(machine)))).to.deep.equal([]);
  });

  it("say the same of every edit that we accept, asked one of each part at a time", async () => {
    const quiet = parts.map((part): Edit[] =>
      Object.values(part).flatMap((edits) => edits.filter((edit) => isFine(edited(edit)))),
    );
    const rows = Math.max(...quiet.map((edits) => edits.length));
    const together = Array.from({ length: rows }, (_, row) => quiet.flatMap((edits) => edits.slice(row, row + 1)));
    expect(await compareAll(together.map((edits) => edited(...edits)))).to.deep.equal([]);
  });

  it("say the same of several edits at once", async () => {
    expect(await compareAll(mixtures(60, 20260801))).to.deep.equal([]);
  });
});
