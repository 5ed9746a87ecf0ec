import type { JsonObject } from "../../model";
import type { ActionKind } from "../kind";
import { Operation, run } from "./operation";
import { snapshot } from "./wait";

/** Acts as the kind says and returns the resource's outputs: its inputs and what there is to see. */
export async function act(
  operation: Operation,
  kind: ActionKind,
  inputs: JsonObject,
  olds?: JsonObject,
): Promise<JsonObject> {
  await run(operation, olds ? kind.update(inputs, olds) : kind.create(inputs));
  return (await look(operation, kind, inputs)) ?? inputs;
}

/** The outputs as the cluster is now; undefined when what it acts on is gone. */
export async function look(
  operation: Pick<Operation, "cluster">,
  kind: ActionKind,
  inputs: JsonObject,
): Promise<JsonObject | undefined> {
  const observed = kind.observed(inputs, await snapshot(operation.cluster, kind.observe(inputs)));
  return observed && { ...inputs, ...observed };
}
