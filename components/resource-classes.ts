import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { resourceClasses } from "../provider/resources";

/** A resource class as the registration of a plan sees it: properties come from planning, which knows their types. */
type ResourceClass = new (
  name: string,
  properties: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const classes: Readonly<Record<string, ResourceClass>> = {
  ...(resourceClasses as unknown as Record<string, ResourceClass>),
  // Built-in kinds go through the Kubernetes provider.
  "kubernetes:core/v1:Namespace": k8s.core.v1.Namespace,
  "kubernetes:core/v1:ConfigMap": k8s.core.v1.ConfigMap,
  "kubernetes:core/v1:Secret": k8s.core.v1.Secret,
  "kubernetes:core/v1:Service": k8s.core.v1.Service,
  "kubernetes:rbac.authorization.k8s.io/v1:Role": k8s.rbac.v1.Role,
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": k8s.rbac.v1.RoleBinding as unknown as ResourceClass,
  "kubernetes:helm.sh/v3:Release": k8s.helm.v3.Release as unknown as ResourceClass,
};

/** Registers a resource of a plan under its type token. */
export function createResource(
  token: string,
  name: string,
  properties: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const Class = classes[token];
  if (!Class) throw new Error(`No resource class is known for ${token}.`);
  return new Class(name, properties, options);
}
