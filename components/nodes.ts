import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { NodePoolArgs as Schema, planNodePool, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";
import { withPasswordHash } from "./password-hash";

/** Arguments of `NodePool`. */
export interface NodePoolArgs extends Omit<z.input<typeof Schema>, "passwordHash"> {
  /** Hash of the password of the user `core`; may be a secret or an output of another resource. */
  passwordHash?: pulumi.Input<string>;
}

/** The arguments as they can be checked and planned: a hash that is not known yet joins when the plan is registered. */
function plannable({ passwordHash, ...args }: NodePoolArgs): z.input<typeof Schema> {
  if (passwordHash === undefined || typeof passwordHash === "string") return { ...args, passwordHash };
  return { passwordHashFrom: "passwordHash", ...args };
}

/** A machine config pool and what its nodes boot with, applied in one rollout: each node reboots once. */
export class NodePool extends PlannedComponent {
  /** Name of the machine config pool. */
  readonly pool: string;
  /** Names of the MachineConfigs. */
  readonly machineConfigs: string[];

  constructor(name: string, args: NodePoolArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, plannable(args), tokens.nodePool, name);
    const plan = planNodePool(checked);
    const complete = withPasswordHash(plan, checked, args.passwordHash);
    super(tokens.nodePool, name, `nodes/${checked.name}`, complete, options);
    this.pool = checked.name;
    this.machineConfigs = plan.objects
      .filter((object) => object.token === tokens.machineConfig)
      .map((object) => object.id.slice(`nodes/${checked.name}/`.length));
    this.finish({ pool: this.pool, machineConfigs: this.machineConfigs });
  }
}
