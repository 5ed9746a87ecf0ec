import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { planTenant, TenantArgs as Schema, tenantComponent, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `Tenant`. */
export type TenantArgs = z.input<typeof Schema>;

/** Namespaces that belong together, closed to all others. */
export class Tenant extends PlannedComponent {
  /** Names of the namespaces. */
  readonly namespaces: string[];

  constructor(name: string, args: TenantArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.tenant, name);
    super(tokens.tenant, name, tenantComponent(checked), planTenant(checked), options);
    this.namespaces = checked.namespaces.map((namespace) => namespace.name).sort();
    this.finish({ namespaces: this.namespaces });
  }
}
