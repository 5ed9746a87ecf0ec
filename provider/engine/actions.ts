import type { JsonObject } from "../../model";
import type { ActionDrift, ActionKind } from "../kind";
import { Operation, run } from "./operation";
import { snapshot } from "./wait";

/** Acts as the kind says and returns the resource's outputs: its inputs and what there is to see. */
export async function act(
  operation: Operation,
  kind: ActionKind,
  inputs: JsonObject,
  olds?: { inputs: JsonObject; outputs: JsonObject },
): Promise<JsonObject> {
  await run(operation, olds ? kind.update(inputs, olds.inputs, olds.outputs) : kind.create(inputs));
  return (await look(operation, kind, inputs))?.outputs ?? inputs;
}

/** The outputs as the cluster is now, and where it differs from the inputs; undefined when what it acts on is gone. */
export async function look(
  operation: Pick<Operation, "cluster">,
  kind: ActionKind,
  inputs: JsonObject,
): Promise<{ outputs: JsonObject; drift: ActionDrift[] } | undefined> {
  const related = await snapshot(operation.cluster, kind.observe(inputs));
  const observed = kind.observed(inputs, related);
  return observed && { outputs: { ...inputs, ...observed }, drift: kind.drift?.(inputs, related) ?? [] };
}
