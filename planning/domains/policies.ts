import { attachmentNames, namespacedName } from "../../model/arguments";
import { machineComponent } from "../machines";
import { planNetworkPolicies, policyObject } from "../policies";
import type { Domain } from "./domain";
import { checkNamespaces } from "./namespaces";

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
