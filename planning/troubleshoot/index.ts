import { distance } from "fastest-levenshtein";
import type { Plan, TroubleshootingGuide, TroubleshootingKind, TroubleshootingStep } from "../../model";
import { namespacedName } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { machineSteps } from "./machine";
import { networkSteps, networkTargets } from "./network";
import { tenantSteps } from "./tenant";

/** How many names are listed when there is none of the given one. */
const SHOWN = 5;

/** A name that an environment does not have, or has several times. */
export class NoSuchTarget extends Error {}

type Steps = (environment: Environment, plan: Plan) => TroubleshootingStep[];

/** What of a kind there is, by its full name. */
function targetsOf(kind: TroubleshootingKind, environment: Environment): Map<string, Steps> {
  switch (kind) {
    case "machine":
      return new Map(
        environment.machines.map((machine) => [
          namespacedName(machine),
          (whole, plan) => machineSteps(whole, plan, machine),
        ]),
      );
    case "tenant":
      return new Map(
        environment.tenants.map((tenant) => [tenant.name, (whole, plan) => tenantSteps(whole, plan, tenant)]),
      );
    case "network":
      return new Map(
        networkTargets(environment).map((target) => [
          namespacedName(target),
          (whole, plan) => networkSteps(whole, plan, target),
        ]),
      );
  }
}

function missing(kind: string, name: string, { name: environment }: Environment, known: string[]): NoSuchTarget {
  const own = (full: string): string => full.split("/").pop() ?? full;
  const far = (full: string): number => Math.min(distance(full, name), distance(own(full), own(name)));
  const near = [...known].sort((a, b) => far(a) - far(b) || (a < b ? -1 : 1)).slice(0, SHOWN);
  const more = known.length > near.length ? ", …" : "";
  const there = near.length > 0 ? `There is: ${near.join(", ")}${more}.` : `It has no ${kind}s at all.`;
  return new NoSuchTarget(`The environment ${environment} has no ${kind} "${name}". ${there}`);
}

/**
 * How to find out what is wrong with a machine, a tenant or a network. The name goes with its namespace, or alone where
 * only one namespace has it.
 * @throws NoSuchTarget when there is none or several
 */
export function troubleshoot(
  environment: Environment,
  plan: Plan,
  kind: TroubleshootingKind,
  name: string,
): TroubleshootingGuide {
  const targets = targetsOf(kind, environment);
  const known = [...targets.keys()];
  const found = targets.has(name) ? [name] : known.filter((full) => full.endsWith(`/${name}`));
  const [full, ...others] = found;
  const steps = full === undefined ? undefined : targets.get(full);
  if (full === undefined || steps === undefined) throw missing(kind, name, environment, known);
  if (others.length > 0) {
    throw new NoSuchTarget(`Several namespaces have a ${kind} "${name}". Say which: ${found.join(", ")}.`);
  }
  return { environment: environment.name, kind, name: full, steps: steps(environment, plan) };
}
