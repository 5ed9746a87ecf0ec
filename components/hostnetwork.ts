import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { HostNetworkArgs as Schema, planHostNetwork, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `HostNetwork`. */
export type HostNetworkArgs = z.input<typeof Schema>;

/** Bonds, VLANs, bridges, addresses and routes of the nodes, as one policy for each group of nodes. */
export class HostNetwork extends PlannedComponent {
  /** Names of the NodeNetworkConfigurationPolicies. */
  readonly policies: string[];

  constructor(name: string, args: HostNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.hostNetwork, name);
    super(tokens.hostNetwork, name, "hostnetwork", planHostNetwork(checked), options);
    this.policies = checked.groups.map((group) => group.name).sort();
    this.finish({ policies: this.policies });
  }
}
