import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { namespacedName } from "../model/arguments";
import { LOAD_BALANCERS, LoadBalancersArgs as Schema, planLoadBalancers, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `LoadBalancers`. */
export type LoadBalancersArgs = z.input<typeof Schema>;

/** Addresses for Services of type LoadBalancer, who announces them, and the Services. */
export class LoadBalancers extends PlannedComponent {
  /** Names of the pools. */
  readonly pools: string[];
  /** The Services as `namespace/name`. */
  readonly services: string[];

  constructor(name: string, args: LoadBalancersArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.loadBalancers, name);
    super(tokens.loadBalancers, name, LOAD_BALANCERS, planLoadBalancers(checked), options);
    this.pools = checked.pools.map((pool) => pool.name).sort();
    this.services = checked.services.map(namespacedName).sort();
    this.finish({ pools: this.pools, services: this.services });
  }
}
