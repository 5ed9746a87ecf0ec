import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { attachmentNames } from "../model/arguments";
import { AttachmentsArgs as Schema, planAttachments, tokens } from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `Attachments`. */
export type AttachmentsArgs = z.input<typeof Schema>;

/** Secondary networks that pods and virtual machines join. */
export class Attachments extends PlannedComponent {
  /** Networks that members can join, as `namespace/name`. */
  readonly networks: string[];

  constructor(name: string, args: AttachmentsArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(Schema, args, tokens.attachments, name);
    super(tokens.attachments, name, "networks", planAttachments(checked), options);
    this.networks = checked.attachments.flatMap(attachmentNames).sort();
    this.finish({ networks: this.networks });
  }
}
