import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Plan } from "../model";
import { validate } from "../planning";
import { registerPlan, throwErrors } from "./register";

/** Checks the arguments of a component, all at once, and throws one error that names every problem's property path. */
export function checkedArgs<T extends z.ZodType>(schema: T, args: unknown, token: string, name: string): z.output<T> {
  const { value, findings } = validate(schema, args, `${token.split(":")[1]}/arguments`);
  throwErrors(name, findings);
  return value as z.output<T>;
}

/** What all components have in common: they register a plan and are ready when its gate is. */
export abstract class PlannedComponent extends pulumi.ComponentResource {
  /** True once the component really works; unknown in a preview that would create it. */
  readonly ready: pulumi.Output<boolean>;
  /** The resource to depend on instead of the component itself. */
  readonly gate: pulumi.CustomResource;
  /** Everything that the component puts out, as its schema says. */
  outputs: pulumi.Inputs = {};

  /** `id` is the id in the plan of the component that this is. */
  protected constructor(
    token: string,
    name: string,
    id: string,
    plan: Plan,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super(token, name, {}, options);
    const { gate, ready } = registerPlan(plan, this, id);
    this.gate = gate;
    this.ready = ready;
  }

  /** Closes the component with its outputs beside `ready`. */
  protected finish(outputs: pulumi.Inputs): void {
    this.outputs = { ready: this.ready, ...outputs };
    this.registerOutputs(this.outputs);
  }
}
