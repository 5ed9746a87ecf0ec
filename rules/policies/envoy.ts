import type { JsonObject, KubernetesObject } from "../../model";
import { indexedAt, listAt, missing, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const prefix = "type.googleapis.com/";
const listenerType = `${prefix}envoy.config.listener.v3.Listener`;

/** The types that Cilium takes, with the field that names the resource. */
const nameFields: Readonly<Record<string, string>> = {
  [listenerType]: "name",
  [`${prefix}envoy.config.route.v3.RouteConfiguration`]: "name",
  [`${prefix}envoy.config.cluster.v3.Cluster`]: "name",
  [`${prefix}envoy.config.endpoint.v3.ClusterLoadAssignment`]: "cluster_name",
  [`${prefix}envoy.extensions.transport_sockets.tls.v3.Secret`]: "name",
};
const source = "Cilium pkg/ciliumenvoyconfig, ParseResources";

const resources = (object: KubernetesObject): [number, JsonObject][] => indexedAt(object, "spec", "resources");

const resourceType: Rule<KubernetesObject> = {
  id: "policies/envoy-type",
  severity: "error",
  source,
  check: (object) =>
    resources(object).flatMap(([index, each]): Violation[] => {
      const path = ["spec", "resources", index, "@type"];
      const type = textAt(each, "@type");
      if (missing(each, "@type")) return [{ path, message: "The resource does not say of which type it is." }];
      if (type === undefined || type in nameFields) return [];
      const fix = `Known: ${Object.keys(nameFields).join(", ")}.`;
      return [{ path, message: `"${type}" is no type of resources that Cilium takes.`, fix }];
    }),
};

const resourceName: Rule<KubernetesObject> = {
  id: "policies/envoy-name",
  severity: "error",
  source,
  check: (object) => {
    const seen = new Set<string>();
    return resources(object).flatMap(([index, each]): Violation[] => {
      const type = textAt(each, "@type") ?? "";
      const snake = nameFields[type];
      if (snake === undefined) return [];
      // Both forms of a field's name are read, as JSON of protobuf allows.
      const field = snake === "cluster_name" && !missing(each, "clusterName") ? "clusterName" : snake;
      const path = ["spec", "resources", index, field];
      if (missing(each, field) || each[field] === "") return [{ path, message: "The resource has no name." }];
      const name = textAt(each, field);
      if (name === undefined) return [];
      const id = `${type} ${name}`;
      if (seen.has(id)) return [{ path, message: `A resource of this type is called "${name}" already.` }];
      seen.add(id);
      return [];
    });
  },
};

/** The names of the listeners; undefined when some are not known. */
function listeners(object: KubernetesObject): string[] | undefined {
  const all = listAt(object, "spec", "resources");
  const found = resources(object);
  if (found.length < all.length || found.some(([, each]) => "@type" in each && each["@type"] === undefined)) {
    return undefined;
  }
  const names = found.filter(([, each]) => each["@type"] === listenerType).map(([, each]) => textAt(each, "name"));
  return names.every((name) => name !== undefined) ? names : undefined;
}

const serviceListener: Rule<KubernetesObject> = {
  id: "policies/envoy-listener",
  severity: "error",
  source: "Cilium pkg/ciliumenvoyconfig: a service is redirected to a listener of the same object",
  check: (object) => {
    const names =
      object.spec && "resources" in object.spec && object.spec.resources === undefined ? undefined : listeners(object);
    if (!names) return [];
    return indexedAt(object, "spec", "services").flatMap(([index, each]): Violation[] => {
      const path = ["spec", "services", index, "listener"];
      const wanted = textAt(each, "listener");
      if ("listener" in each && wanted === undefined) return [];
      if (!wanted && names.length > 0) return [];
      if (wanted && names.includes(wanted)) return [];
      const message = wanted ? `There is no listener "${wanted}".` : "There is no listener to send its traffic to.";
      return [{ path, message, fix: `Listeners here: ${names.join(", ") || "none"}.` }];
    });
  },
};

const serviceNamespace: Rule<KubernetesObject> = {
  id: "policies/envoy-namespace",
  severity: "warning",
  source: "Cilium CRD of CiliumEnvoyConfig: the namespace of services is overridden by the object's own",
  check: ({ spec, metadata: { namespace } }) =>
    indexedAt(spec, "services").flatMap(([index, each]): Violation[] => {
      const other = textAt(each, "namespace");
      if (namespace === undefined || !other || other === namespace) return [];
      const message = `Services are looked for in ${namespace}, whatever is written here.`;
      return [{ path: ["spec", "services", index, "namespace"], message, fix: `Write the object into ${other}.` }];
    }),
};

/** What is to know of a CiliumEnvoyConfig. */
export const envoyConfigRules: readonly Rule<KubernetesObject>[] = [
  resourceType,
  resourceName,
  serviceListener,
  serviceNamespace,
];
