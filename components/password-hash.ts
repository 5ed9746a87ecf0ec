import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../model";
import { userConfigName } from "../planning/nodes";

type Properties = Record<string, unknown>;

/** The properties of the MachineConfig of the user `core` with that hash, as a secret. */
function withHash(properties: Properties, hash: pulumi.Input<string>): Properties {
  const { config } = properties.spec as { config: { passwd: { users: Properties[] } } };
  const users = config.passwd.users.map((user) => ({ ...user, passwordHash: pulumi.secret(hash) }));
  return { ...properties, spec: { config: { ...config, passwd: { users } } } };
}

/**
 * The plan with the password's hash of a pool's user `core` as a secret: the one given, or the one that Pulumi's
 * configuration holds. Plans hold plain values only, so a secret joins when the plan is registered.
 */
export function withPasswordHash(
  plan: Plan,
  pool: { name: string; passwordHash?: string; passwordHashFrom?: string },
  given?: pulumi.Input<string>,
): Plan {
  const key = pool.passwordHashFrom;
  const hash =
    given ?? pool.passwordHash ?? (key === undefined ? undefined : new pulumi.Config("ove").requireSecret(key));
  if (hash === undefined) return plan;
  const id = `nodes/${pool.name}/${userConfigName(pool.name)}`;
  const objects = plan.objects.map((object) =>
    object.id === id ? { ...object, properties: withHash(object.properties, hash) } : object,
  );
  return { ...plan, objects };
}
