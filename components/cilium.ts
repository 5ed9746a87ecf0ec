import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { CiliumNetworkArgs as Schema, ciliumValues, planCilium, tokens } from "../planning";
import { withIpsecKeys } from "./cilium-keys";
import { checkedArgs, PlannedComponent } from "./component";

type SchemaArgs = z.input<typeof Schema>;

/** Encryption between nodes. */
export interface CiliumEncryptionArgs extends Omit<NonNullable<SchemaArgs["encryption"]>, "ipsecKeys"> {
  /** The IPsec key; kept as a secret, may be an output of another resource. */
  ipsecKeys?: pulumi.Input<string>;
}

/** Arguments of `CiliumNetwork`. */
export interface CiliumNetworkArgs extends Omit<SchemaArgs, "encryption"> {
  encryption?: CiliumEncryptionArgs;
}

/** The arguments as they can be checked and planned: a key that is not known yet joins when the plan is registered. */
function plannable(args: CiliumNetworkArgs): SchemaArgs {
  if (args.encryption === undefined) return { ...args, encryption: undefined };
  const { ipsecKeys, ...encryption } = args.encryption;
  if (ipsecKeys === undefined || typeof ipsecKeys === "string")
    return { ...args, encryption: { ...encryption, ipsecKeys } };
  return { ...args, encryption: { ...encryption, ipsecKeysFrom: encryption.ipsecKeysFrom ?? "ipsecKeys" } };
}

/** Cilium's configuration for OpenShift with virtual machines. */
export class CiliumNetwork extends PlannedComponent {
  /** MTU of pods in bytes. */
  readonly mtu: number;

  constructor(name: string, args: CiliumNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, plannable(args), tokens.ciliumNetwork, name);
    const plan = withIpsecKeys(planCilium(checked), checked.encryption?.ipsecKeysFrom, args.encryption?.ipsecKeys);
    super(tokens.ciliumNetwork, name, "cilium", plan, options);
    this.mtu = Number(ciliumValues(checked).MTU);
    this.finish({ mtu: this.mtu });
  }
}
