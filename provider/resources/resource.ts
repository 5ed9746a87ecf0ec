import * as pulumi from "@pulumi/pulumi";
import type { JsonObject } from "../../model";
import { packageVersion } from "../package";

/** Any JSON value or an output of it, at every level. */
export type JsonInput = pulumi.Input<null | boolean | number | string | JsonInput[] | JsonObjectInput>;

/** A JSON object with outputs at any place. */
export interface JsonObjectInput {
  [key: string]: JsonInput | undefined;
}

/** A value or an output of it, at every level: what a resource takes. */
export type Inputs<T> = [T] extends [readonly (infer Item)[]]
  ? pulumi.Input<Inputs<Item>[]>
  : [JsonObject] extends [T]
    ? pulumi.Input<JsonObjectInput>
    : [T] extends [object]
      ? pulumi.Input<{ [Key in keyof T]: Inputs<NonNullable<T[Key]>> }>
      : pulumi.Input<T>;

/** Metadata that a program may declare for an object without namespace. */
export interface ClusterMetadata {
  /** Name of the object; names are never made up, because other objects refer to them. */
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Metadata that a program may declare for an object in a namespace. */
export interface NamespacedMetadata extends ClusterMetadata {
  namespace: string;
}

/** Metadata of an object in the cluster; labels and annotations are those that were declared. */
export interface ObjectMeta extends ClusterMetadata {
  namespace?: string;
  uid?: string;
}

/** Arguments of a resource that is only read: the provider fills everything in. */
export const unread: object = {};

/** Resource options with the version of the plugin that knows this version of the classes. */
export function withVersion(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions({ version: packageVersion }, opts);
}

/** Whether a value is a resource with that type token. */
export function hasToken(value: unknown, token: string): boolean {
  return pulumi.Resource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === token;
}
