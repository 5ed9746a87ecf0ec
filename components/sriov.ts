import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { namespacedName } from "../model/arguments";
import { planSriov, SriovFabricArgs as Schema, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `SriovFabric`. */
export type SriovFabricArgs = z.input<typeof Schema>;

/** The SR-IOV devices of a cluster: pools of virtual functions and networks on them. */
export class SriovFabric extends PlannedComponent {
  /** Resources that nodes offer, with their prefix. */
  readonly resources: string[];
  /** Networks that machines can join, as `namespace/name`. */
  readonly networks: string[];

  constructor(name: string, args: SriovFabricArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.sriovFabric, name);
    super(tokens.sriovFabric, name, "sriov", planSriov(checked), options);
    this.resources = [...new Set(checked.vfPools.map((pool) => `openshift.io/${pool.resourceName}`))].sort();
    this.networks = checked.networks.map(namespacedName).sort();
    this.finish({ resources: this.resources, networks: this.networks });
  }
}
