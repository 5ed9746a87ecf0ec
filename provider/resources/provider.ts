import * as pulumi from "@pulumi/pulumi";
import type { InventoryNode, Versions } from "../../model";
import { hasToken, withVersion } from "./resource";

/** Which cluster the provider works on, and under which name. */
export interface ProviderArgs {
  /** Path of a kubeconfig file, or its content. Default: the files that KUBECONFIG names, then ~/.kube/config. */
  kubeconfig?: pulumi.Input<string>;
  /** Context of the kubeconfig. Default: its current context. */
  context?: pulumi.Input<string>;
  /** Name under which fields are applied and owned. Default: `pulumi-ove`. */
  fieldManager?: pulumi.Input<string>;
  /** Minor versions of what the cluster runs, such as `{ openshift: "4.20" }`; checks depend on them. Default: the newest supported. */
  versions?: pulumi.Input<Partial<Versions>>;
  /** All nodes and their hardware, as `ove inventory` prints them; checks of devices need them. */
  nodes?: pulumi.Input<InventoryNode[]>;
}

/** A connection to one cluster. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const { kubeconfig, context, fieldManager, versions, nodes } = args;
    const secret = kubeconfig === undefined ? undefined : pulumi.secret(kubeconfig);
    super("ove", name, { kubeconfig: secret, context, fieldManager, versions, nodes }, withVersion(opts));
  }

  /** Whether a value is a provider of this package. */
  static override isInstance(value: unknown): value is Provider {
    return hasToken(value, "pulumi:providers:ove");
  }
}
