import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { OperatorArgs, operatorComponent, planOperator, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `OperatorSubscription`. */
export type OperatorSubscriptionArgs = z.input<typeof OperatorArgs>;

/** An operator that the Operator Lifecycle Manager installs, in a declared version. */
export class OperatorSubscription extends PlannedComponent {
  /** Namespace that the operator runs in. */
  readonly namespace: string;

  constructor(name: string, args: OperatorSubscriptionArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(OperatorArgs, args, tokens.operatorSubscription, name);
    super(tokens.operatorSubscription, name, operatorComponent(checked), planOperator(checked), options);
    this.namespace = checked.namespace;
    this.finish({ namespace: this.namespace });
  }
}
