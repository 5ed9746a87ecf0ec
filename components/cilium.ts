import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { CiliumNetworkArgs as Schema, ciliumValues, planCilium, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `CiliumNetwork`. */
export type CiliumNetworkArgs = z.input<typeof Schema>;

/** Cilium's configuration for OpenShift with virtual machines. */
export class CiliumNetwork extends PlannedComponent {
  /** MTU of pods in bytes. */
  readonly mtu: number;

  constructor(name: string, args: CiliumNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.ciliumNetwork, name);
    super(tokens.ciliumNetwork, name, "cilium", planCilium(checked), options);
    this.mtu = Number(ciliumValues(checked).MTU);
    this.finish({ mtu: this.mtu });
  }
}
