import { defaultFacts, type Facts, type Finding, findingText, type JsonObject, type Plan } from "../../model";
import { toObject } from "../../provider/engine/objects";
import { kindOf } from "../../provider/kinds";
import { checkInputs } from "../../provider/server/checks";
import { evaluate, setRules } from "../../rules";

/** What the kinds say of a plan's objects, each alone and all together, as `id: severity text`. Hints are left out. */
export function doubts(plan: Plan, facts: Facts = defaultFacts): string[] {
  const told = (id: string, findings: readonly Finding[]): string[] =>
    findings
      .filter(({ severity }) => severity !== "info")
      .map((finding) => `${id}: ${finding.severity} ${findingText(finding)}`);
  const known = plan.objects.flatMap((object) => {
    const kind = kindOf(object.token);
    return kind ? [{ ...object, kind }] : [];
  });
  const alone = known.flatMap(({ id, kind, properties }) =>
    told(id, checkInputs(kind, properties as JsonObject, facts)),
  );
  const objects = known.flatMap(({ kind, properties }) =>
    kind.is === "object" ? [toObject(kind, properties as JsonObject)] : [],
  );
  return [...alone, ...told("all", evaluate(setRules, objects, facts))];
}
