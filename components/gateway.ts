import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { namespacedName } from "../model/arguments";
import { GATEWAYS, GatewaysArgs as Schema, planGateways, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `Gateways`. */
export type GatewaysArgs = z.input<typeof Schema>;

/** Ways into the cluster for HTTP, served by Cilium on its nodes. */
export class Gateways extends PlannedComponent {
  /** The gateways as `namespace/name`. */
  readonly gateways: string[];
  /** The routes as `namespace/name`. */
  readonly routes: string[];

  constructor(name: string, args: GatewaysArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.gateways, name);
    super(tokens.gateways, name, GATEWAYS, planGateways(checked), options);
    this.gateways = checked.gateways.map(namespacedName).sort();
    this.routes = checked.routes.map(namespacedName).sort();
    this.finish({ gateways: this.gateways, routes: this.routes });
  }
}
