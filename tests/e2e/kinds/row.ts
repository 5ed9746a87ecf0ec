import type { JsonObject, KubernetesObject } from "../../../model";

/**
 * One kind's life in the sandbox, through the real engine: created and waited for, changed, edited by somebody else,
 * shown as drift and taken back, imported, deleted.
 */
export interface KindRow {
  token: string;
  /** For an action: the object that it acts on, which is there before and after it. */
  on?: { apiVersion: string; kind: string; metadata: { name: string } };
  /** What is created; it must become ready in the sandbox. Its namespace is made by the test. */
  inputs: JsonObject;
  /** The inputs after the program's change; it must become ready as well. */
  changed: JsonObject;
  /** What somebody else changes in the live object, as a JSON merge patch. */
  edit: JsonObject;
  /** Property path that the refresh must name for this edit, for example `spec.blocks[1]`. */
  drift: string;
  /** Objects that must be there before it is created, in order; made by the test with kubectl and removed at its end. */
  needs?: KubernetesObject[];
  /** Tokens of rows that must be ready before this one is created. */
  after?: string[];
}
