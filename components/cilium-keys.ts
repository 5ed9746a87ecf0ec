import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../model";
import { IPSEC_SECRET } from "../planning/cilium";

/**
 * The plan with the IPsec key in its Secret: the one given, or the one that Pulumi's configuration holds. Plans hold
 * no secrets, so the key joins when the plan is registered.
 */
export function withIpsecKeys(plan: Plan, from: string | undefined, given?: pulumi.Input<string>): Plan {
  if (!plan.objects.some((object) => object.id === IPSEC_SECRET)) return plan;
  const keys = given ?? (from === undefined ? undefined : new pulumi.Config("ove").requireSecret(from));
  if (keys === undefined) return plan;
  const stringData = { keys: pulumi.secret(keys) };
  const objects = plan.objects.map((object) =>
    object.id === IPSEC_SECRET ? { ...object, properties: { ...object.properties, stringData } } : object,
  );
  return { ...plan, objects };
}
