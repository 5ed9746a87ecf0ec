import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { NodePoolArgs as Schema, planNodePool, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `NodePool`. */
export type NodePoolArgs = z.input<typeof Schema>;

/** A machine config pool and what its nodes boot with, applied in one rollout: each node reboots once. */
export class NodePool extends PlannedComponent {
  /** Name of the machine config pool. */
  readonly pool: string;
  /** Names of the MachineConfigs. */
  readonly machineConfigs: string[];

  constructor(name: string, args: NodePoolArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.nodePool, name);
    const plan = planNodePool(checked);
    super(tokens.nodePool, name, `nodes/${checked.name}`, plan, options);
    this.pool = checked.name;
    this.machineConfigs = plan.objects
      .filter((object) => object.token === tokens.machineConfig)
      .map((object) => object.id.slice(`nodes/${checked.name}/`.length));
    this.finish({ pool: this.pool, machineConfigs: this.machineConfigs });
  }
}
