import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../model";
import { machineComponent } from "../planning";

/**
 * The plan with a machine's user data put into its Secret. Plans hold plain values only, so user data that is a
 * secret or an output of another resource joins when the plan is registered.
 */
export function withUserData(
  plan: Plan,
  machine: { namespace: string; name: string },
  userData: pulumi.Input<string>,
): Plan {
  const secret = `${machineComponent(machine)}/cloud-init`;
  const objects = plan.objects.map((object) => {
    if (object.id !== secret) return object;
    const stringData = {
      ...(object.properties.stringData as Record<string, string>),
      userdata: pulumi.secret(userData),
    };
    return { ...object, properties: { ...object.properties, stringData } };
  });
  return { ...plan, objects };
}
