import type { InventoryNode } from "./inventory";
import { defaultVersions } from "./versions";
import type { Versions } from "./versions";

/** What a rule may know beside its subject: what the object will run on. */
export interface Facts {
  versions: Versions;
  /** The nodes and their hardware; rules that need them say nothing when absent. */
  nodes?: readonly InventoryNode[];
}

/** The newest supported version of each product, and no hardware known. */
export const defaultFacts: Facts = { versions: defaultVersions };
