import { attachmentNames, namespacedName, type Peer, peerForm } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { machineComponent } from "../machines";
import { planNetworkPolicies, policyObject } from "../policies";
import { openEntities, reached } from "../tenants";
import type { Domain, Report } from "./domain";
import { checkNamespaces } from "./namespaces";

/**
 * Rules that restrict nothing: policies add up, so what the tenant's baseline opens for a peer at all ports stays open,
 * whatever ports and requests a policy names. Source: Cilium pkg/policy, wildcardL3L4Rules.
 */
function checkBaselines({ policies, tenants }: Environment, report: Report): void {
  const owners = new Map(tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => [name, tenant] as const)));
  policies.forEach(({ namespace, attachment, ingress, egress }, index) => {
    const tenant = owners.get(namespace);
    if (!tenant || attachment !== undefined) return;
    const members = new Set(reached(tenant, namespace));
    const check = (path: (string | number)[], rule: { ports: unknown[] }, peers: readonly Peer[], entities: string[]) =>
      peers.forEach((peer, position) => {
        if (rule.ports.length === 0) return;
        const open =
          peerForm(peer) === "endpoints"
            ? (peer.namespaces ?? [namespace]).some((name) => members.has(name))
            : peer.entity !== undefined && entities.includes(peer.entity);
        if (!open) return;
        const message = `Restricts nothing: the baseline of tenant "${tenant.name}" opens all ports for this peer.`;
        const fix = peer.entity
          ? `Leave \`${peer.entity === "ingress" ? "gateway" : "router"}\` out of its baseline.`
          : "Narrow `reach` in its baseline: `none` leaves everything to policies.";
        report(["policies", index, ...path, position], message, fix, "warning");
      });
    ingress.forEach((rule, at) => check(["ingress", at, "from"], rule, rule.from, openEntities(tenant)));
    egress.forEach((rule, at) => check(["egress", at, "to"], rule, rule.to, []));
  });
}

/** What pods and machines may do on the network. */
export const policies: Domain = {
  plans: (environment) => (environment.policies.length > 0 ? [planNetworkPolicies(environment)] : []),
  edges: (environment, edges) => {
    for (const policy of environment.policies) {
      const id = policyObject(policy);
      edges.afterNamespace(id, policy.namespace);
      if (policy.attachment === undefined) {
        edges.afterComponent(id, "cilium", "Cilium's operator registers the kinds of policies when it runs");
      } else {
        edges.afterComponent(id, "networks", "the policy is for one of these networks");
      }
    }
    const policed = new Set(environment.policies.map(({ namespace }) => namespace));
    for (const machine of environment.machines) {
      if (!policed.has(machine.namespace)) continue;
      edges.afterComponent(`${machineComponent(machine)}/vm`, "policies", "the machine starts under its policies");
    }
  },
  references: (environment, report) => {
    checkBaselines(environment, report);
    checkNamespaces(environment, ["policies"], environment.policies, report);
    const networks = new Map(
      environment.networks.flatMap((network) => attachmentNames(network).map((name) => [name, network] as const)),
    );
    environment.policies.forEach(({ attachment, namespace }, index) => {
      if (attachment === undefined) return;
      const network = networks.get(namespacedName({ namespace, name: attachment }));
      const where = ["policies", index, "attachment"];
      if (network === undefined) {
        report(where, `The environment has no network "${namespace}/${attachment}".`, "Add it to `networks`.");
      } else if (!["macvlan", "ipvlan", "bond"].includes(network.type)) {
        const fix = "Use the port isolation, VLANs or MAC check of the bridge instead.";
        report(where, `Policies are not enforced on networks of type ${network.type}.`, fix);
      }
    });
  },
};
