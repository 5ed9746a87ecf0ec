import type { Inventory, InventoryNode, JsonObject } from "../../model";
import { mapAt, textAt } from "../../rules";
import { inventoryNodes } from "./node-states";

const nameOf = (object: JsonObject): string => textAt(object, "metadata", "name") ?? "";

/** What a node offers of huge pages, by the size of the page. */
function hugepagesOf(node: JsonObject): InventoryNode["hugepages"] {
  const offered = mapAt(node, "status", "allocatable");
  const pages = Object.entries(offered ?? {}).flatMap(([resource, memory]) => {
    const size = /^hugepages-(2Mi|1Gi)$/.exec(resource)?.[1];
    return size && typeof memory === "string" && memory !== "0" ? [[size, memory] as const] : [];
  });
  return pages.length > 0 ? Object.fromEntries(pages) : undefined;
}

/**
 * The inventory of a live cluster, out of all its Nodes and SriovNetworkNodeStates. Nodes without a state have no known
 * cards. Cards that no driver of the host serves have no name by which anything could ask for them, and are left out.
 */
export function liveInventory(nodes: readonly JsonObject[], states: readonly JsonObject[]): Inventory {
  const byName = new Map(states.map((state) => [nameOf(state), state]));
  const found = nodes.map((node): InventoryNode[] => {
    const name = nameOf(node);
    const state = byName.get(name) ?? { metadata: { name } };
    const hugepages = hugepagesOf(node);
    return inventoryNodes([
      { ...state, kind: "SriovNetworkNodeState" },
      { ...node, kind: "Node" },
    ]).map((known) => ({
      ...known,
      ...(hugepages && { hugepages }),
      nics: known.nics.filter((nic) => nic.name && nic.driver && nic.mac),
    }));
  });
  return { nodes: found.flat().sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
