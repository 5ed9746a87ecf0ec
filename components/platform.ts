import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Plan } from "../model";
import { namespacedName } from "../model/arguments";
import { Environment } from "../model/environment";
import { planPlatform, PLATFORM, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";
import { withUserData } from "./user-data";

/** Arguments of `Platform`: an environment, as `stacks/common.yaml` and a stack's `ove:environment` make it. */
export type PlatformArgs = z.input<typeof Environment>;

/** The plan with the user data that machines take from Pulumi's configuration, where it is kept as secrets. */
function withSecrets(plan: Plan, { machines }: z.output<typeof Environment>): Plan {
  const config = new pulumi.Config("ove");
  return machines.reduce((complete, machine) => {
    const key = machine.cloudInit.userDataFrom;
    return key === undefined ? complete : withUserData(complete, machine, config.requireSecret(key));
  }, plan);
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
    this.networks = [...environment.networks, ...(environment.fabric?.networks ?? [])].map(namespacedName).sort();
    this.machines = environment.machines.map(namespacedName).sort();
    this.finish({ networks: this.networks, machines: this.machines });
  }
}
