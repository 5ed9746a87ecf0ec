import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { MachineArgs as Schema, macAddress, machineComponent, planMachine, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";
import { withUserData } from "./user-data";

/** First configuration of the guest. */
export interface CloudInitArgs {
  /** User data, at least `#cloud-config`; may be a secret or an output of another resource. */
  userData?: pulumi.Input<string>;
}

/** Arguments of `Machine`. */
export interface MachineArgs extends Omit<z.input<typeof Schema>, "cloudInit"> {
  cloudInit?: CloudInitArgs;
}

/** A virtual machine with its networks and first configuration. */
export class Machine extends PlannedComponent {
  /** Hardware addresses by interface. */
  readonly macAddresses: Record<string, string>;

  constructor(name: string, args: MachineArgs, options?: pulumi.ComponentResourceOptions) {
    const { userData, ...cloudInit } = args.cloudInit ?? {};
    // Text is checked here; what is not known yet is left to the guest.
    const known = typeof userData === "string" ? { ...cloudInit, userData } : cloudInit;
    const checked = checkedArgs(Schema, { ...args, cloudInit: known }, tokens.machine, name);
    const plan = planMachine(checked);
    const complete = userData === undefined ? plan : withUserData(plan, checked, userData);
    super(tokens.machine, name, machineComponent(checked), complete, options);
    this.macAddresses = Object.fromEntries(
      checked.nics.map((nic) => [nic.name, nic.macAddress ?? macAddress(checked, nic.name)]),
    );
    this.finish({ macAddresses: this.macAddresses });
  }
}
