import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Plan } from "../model";
import { attachmentNames, namespacedName } from "../model/arguments";
import { Environment } from "../model/environment";
import { planPlatform, PLATFORM, tokens } from "../planning";
import { withIpsecKeys } from "./cilium-keys";
import { checkedArgs, PlannedComponent } from "./component";
import { withPasswordHash } from "./password-hash";
import { withUserData } from "./user-data";

/** Arguments of `Platform`: an environment, as `stacks/common.yaml` and a stack's `ove:environment` make it. */
export type PlatformArgs = z.input<typeof Environment>;

/** The plan with what nodes and machines take from Pulumi's configuration, where it is kept as secrets. */
function withSecrets(plan: Plan, { cilium, machines, nodePools }: z.output<typeof Environment>): Plan {
  const config = new pulumi.Config("ove");
  const withKeys = withIpsecKeys(plan, cilium?.encryption?.ipsecKeysFrom);
  const withHashes = nodePools.reduce((complete, pool) => withPasswordHash(complete, pool), withKeys);
  return machines.reduce((complete, machine) => {
    const key = machine.cloudInit.userDataFrom;
    return key === undefined ? complete : withUserData(complete, machine, config.requireSecret(key));
  }, withHashes);
}

/** A whole environment: nodes, network, devices and machines in one graph. */
export class Platform extends PlannedComponent {
  /** Networks that machines can join, as `namespace/name`. */
  readonly networks: string[];
  /** Virtual machines as `namespace/name`. */
  readonly machines: string[];

  constructor(name: string, args: PlatformArgs, options?: pulumi.ComponentResourceOptions) {
    const environment = checkedArgs(Environment, args, tokens.platform, name);
    super(tokens.platform, name, PLATFORM, withSecrets(planPlatform(environment), environment), options);
    const functions = (environment.fabric?.networks ?? []).map(namespacedName);
    this.networks = [...environment.networks.flatMap(attachmentNames), ...functions].sort();
    this.machines = environment.machines.map(namespacedName).sort();
    this.finish({ networks: this.networks, machines: this.machines });
  }
}
