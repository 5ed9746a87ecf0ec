import type { JsonObject, Plan } from "../model";
import type { TenantArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { dnsEntry, endpoints, entriesFor, toPorts } from "./policies";
import { tokens } from "./tokens";

export { TenantArgs } from "../model/arguments";

/** The label by which namespaces of a tenant are told. */
export const TENANT_LABEL = "pulumi-ove/tenant";

const MONITORING = ["openshift-monitoring", "openshift-user-workload-monitoring"];

/** The label of all pods that CDI runs in the namespaces of volumes: importers, upload servers, sources of clones. */
const CDI_PODS = { app: "containerized-data-importer" };

/** Where CDI's pods listen, and where its proxy and the sources of clones connect to. */
const CDI_PORT = toPorts([{ port: 8443, protocol: "TCP" }]);

/** CDI's pods in any namespace: clones go from one to the other. */
const CDI_ANYWHERE: JsonObject = {
  matchLabels: CDI_PODS,
  matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }],
};

/** All subjects of a namespace, or those with labels. */
function policy(subjects: JsonObject, ingress: JsonObject[], egress: JsonObject[]): JsonObject {
  return {
    endpointSelector: subjects,
    ingress: ingress.length > 0 ? ingress : undefined,
    egress: egress.length > 0 ? egress : undefined,
  };
}

function routerEntries(tenant: TenantArgs): JsonObject[] {
  const entities = openEntities(tenant);
  return [
    ...(entities.length > 0 ? [{ fromEntities: entities }] : []),
    ...(tenant.baseline.router === "pods" ? [{ fromEndpoints: [endpoints(["openshift-ingress"])] }] : []),
  ];
}

/** Namespaces whose pods and machines the baseline lets reach those of a namespace, and be reached, at all ports. */
export function reached({ baseline, namespaces }: TenantArgs, namespace: string): string[] {
  if (baseline.reach === "none") return [];
  return baseline.reach === "tenant" ? namespaces.map(({ name }) => name) : [namespace];
}

/** Entities that the baseline lets reach everything in the tenant, at all ports. */
export function openEntities({ baseline: { router, gateway } }: TenantArgs): string[] {
  return [...(router === "host" ? ["host", "remote-node"] : []), ...(gateway ? ["ingress"] : [])];
}

/**
 * The policies of one namespace by what they are for. They add up: the first closes the namespace, each other one opens
 * it for one thing. Live migration needs none of them: it goes from virt-handler to virt-handler, which use the
 * node's network or one of their own.
 */
function baselinePolicies(tenant: TenantArgs, namespace: string): [what: string, spec: JsonObject][] {
  const { baseline } = tenant;
  const members = reached(tenant, namespace);
  // A side needs an element to be there, and an empty one opens nothing.
  const isolation =
    members.length > 0
      ? policy({}, [{ fromEndpoints: [endpoints(members)] }], [{ toEndpoints: [endpoints(members)] }])
      : { ...policy({}, [{}], [{}]), enableDefaultDeny: { ingress: true, egress: true } };
  const specs: [string, JsonObject][] = [
    ["isolation", isolation],
    ["dns", policy({}, [], [dnsEntry()])],
    [
      "images",
      policy(
        { matchLabels: CDI_PODS },
        [{ fromEndpoints: [endpoints(["openshift-cnv"]), CDI_ANYWHERE], toPorts: CDI_PORT }],
        [
          { toEndpoints: [CDI_ANYWHERE], toPorts: CDI_PORT },
          ...entriesFor("to", baseline.imageSources, undefined, namespace),
          // Beside that of the namespace, so that names in this policy are learnt whatever becomes of the other.
          dnsEntry(),
        ],
      ),
    ],
  ];
  const ifAny = (what: string, ingress: JsonObject[], egress: JsonObject[]): void => {
    if (ingress.length + egress.length > 0) specs.push([what, policy({}, ingress, egress)]);
  };
  const api = toPorts([{ port: 6443, protocol: "TCP" }]);
  ifAny("api", [], baseline.apiServer ? [{ toEntities: ["kube-apiserver"], toPorts: api }] : []);
  const metrics = toPorts(baseline.monitoring);
  ifAny("monitoring", metrics ? [{ fromEndpoints: [endpoints(MONITORING)], toPorts: metrics }] : [], []);
  ifAny("logging", [], baseline.logging ? [{ toEndpoints: [endpoints(["openshift-logging"])] }] : []);
  ifAny("router", routerEntries(tenant), []);
  return specs;
}

/** Id of a tenant's component in a plan. */
export function tenantComponent({ name }: { name: string }): string {
  return `tenants/${name}`;
}

/** Id of the object of a tenant's namespace. */
export function tenantNamespace(tenant: { name: string }, namespace: string): string {
  return `${tenantComponent(tenant)}/namespace/${namespace}`;
}

/** The namespaces of a tenant and the policies that close them to all others. */
export function planTenant(tenant: TenantArgs): Plan {
  const plan = new PlanBuilder(tenantComponent(tenant), tokens.tenant);
  for (const { name, labels, annotations } of tenant.namespaces) {
    const namespace = plan.add(`namespace/${name}`, tokens.namespace, {
      metadata: {
        name,
        labels: { ...labels, [TENANT_LABEL]: tenant.name },
        annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
      },
    });
    for (const [what, spec] of baselinePolicies(tenant, name)) {
      const id = plan.add(`${name}/${what}`, tokens.ciliumNetworkPolicy, {
        metadata: { name: `baseline-${what}`, namespace: name },
        spec,
      });
      plan.after(id, namespace, "the namespace must exist");
    }
  }
  return plan.build();
}
