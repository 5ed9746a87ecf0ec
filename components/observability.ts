import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { OBSERVABILITY, ObservabilityArgs as Schema, planObservability, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `Observability`. */
export type ObservabilityArgs = z.input<typeof Schema>;

/** Scraping of Cilium, alert rules and a dashboard in OpenShift's console. */
export class Observability extends PlannedComponent {
  /** Namespace of monitors and rules. */
  readonly namespace: string;

  constructor(name: string, args: ObservabilityArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.observability, name);
    super(tokens.observability, name, OBSERVABILITY, planObservability(checked), options);
    this.namespace = checked.namespace;
    this.finish({ namespace: this.namespace });
  }
}
