import type { PathStep } from "../../model";
import type { Environment } from "../../model/environment";
import { CILIUM_NAMESPACE } from "../cilium";
import { SRIOV_NAMESPACE } from "../sriov";
import type { Report } from "./domain";

/** Namespaces that every OpenShift cluster with the operators has. */
const GIVEN_NAMESPACES = ["default", "openshift-multus", "openshift-cnv", SRIOV_NAMESPACE, CILIUM_NAMESPACE];

/** Reports users of namespaces that the environment does not have. `path` is that of the users' list. */
export function checkNamespaces(
  { namespaces, tenants }: Environment,
  path: PathStep[],
  users: readonly { namespace: string }[],
  report: Report,
): void {
  const own = [...namespaces, ...tenants.flatMap((tenant) => tenant.namespaces)].map(({ name }) => name);
  const known = new Set([...GIVEN_NAMESPACES, ...own]);
  users.forEach(({ namespace }, index) => {
    if (known.has(namespace)) return;
    const where = [...path, index, "namespace"];
    report(where, `The environment has no namespace "${namespace}".`, "Add it to a tenant or to `namespaces`.");
  });
}
