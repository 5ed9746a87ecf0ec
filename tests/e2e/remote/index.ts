import * as pulumi from "@pulumi/pulumi";
import { Provider } from "../../../provider/resources";

/** Any component of the package, built by the plugin and not by this process. */
class Remote extends pulumi.ComponentResource {
  declare readonly ready: pulumi.Output<boolean>;

  constructor(token: string, name: string, args: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
    super(token, name, { ready: undefined, ...args }, options, true);
  }
}

const ove = new Provider("ove", {});
const attachments = JSON.parse(process.env.REMOTE_ATTACHMENTS ?? "[]") as pulumi.Inputs[];
const remote = new Remote("ove:networks:Attachments", "remote", { attachments }, { providers: { ove } });

export const ready = remote.ready;
