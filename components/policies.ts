import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { namespacedName } from "../model/arguments";
import { NetworkPoliciesArgs as Schema, planNetworkPolicies, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `NetworkPolicies`. */
export type NetworkPoliciesArgs = z.input<typeof Schema>;

/** What pods and machines of namespaces may do on the network. */
export class NetworkPolicies extends PlannedComponent {
  /** The policies as `namespace/name`. */
  readonly policies: string[];

  constructor(name: string, args: NetworkPoliciesArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.networkPolicies, name);
    super(tokens.networkPolicies, name, "policies", planNetworkPolicies(checked), options);
    this.policies = checked.policies.map(namespacedName).sort();
    this.finish({ policies: this.policies });
  }
}
