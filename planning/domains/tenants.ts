import { machineComponent } from "../machines";
import { planTenant, tenantComponent } from "../tenants";
import { tokens } from "../tokens";
import type { Domain } from "./domain";

/** Tenants: namespaces and what closes them. */
export const tenants: Domain = {
  plans: (environment) => environment.tenants.map(planTenant),
  edges: (environment, edges) => {
    const owners = new Map<string, string>();
    for (const tenant of environment.tenants) {
      for (const { id, token } of planTenant(tenant).objects) {
        if (token !== tokens.ciliumNetworkPolicy) continue;
        edges.afterComponent(id, "cilium", "Cilium's operator registers the kinds of policies when it runs");
      }
      for (const { name } of tenant.namespaces) owners.set(name, tenantComponent(tenant));
    }
    for (const machine of environment.machines) {
      const owner = owners.get(machine.namespace);
      if (owner === undefined) continue;
      edges.afterComponent(
        `${machineComponent(machine)}/vm`,
        owner,
        "the machine starts in a namespace that is closed",
      );
    }
  },
  references: (environment, report) => {
    const seen = new Set(environment.namespaces.map(({ name }) => name));
    environment.tenants.forEach(({ namespaces }, tenant) =>
      namespaces.forEach(({ name }, index) => {
        const where = ["tenants", tenant, "namespaces", index, "name"];
        if (seen.has(name)) report(where, `The environment has "${name}" twice.`, "Leave it in one place.");
        seen.add(name);
      }),
    );
  },
};
