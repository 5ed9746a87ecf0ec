import type { InventoryNode, JsonObject, Nic } from "../../model";
import { mapAt, numberAt, objectsAt, textAt } from "../../rules";

/** A network card as SriovNetworkNodeState reports it. Source: sriov-network-operator v1.6.0 api/v1 InterfaceExt. */
function nicOf(found: JsonObject): Nic {
  const linkType = textAt(found, "linkType")?.toUpperCase() === "IB" ? "IB" : "ETH";
  const mtu = numberAt(found, "mtu");
  const linkSpeed = textAt(found, "linkSpeed");
  return {
    name: textAt(found, "name") ?? "",
    pciAddress: textAt(found, "pciAddress") ?? "",
    vendor: textAt(found, "vendor") ?? "",
    deviceID: textAt(found, "deviceID") ?? "",
    driver: textAt(found, "driver") ?? "",
    mac: textAt(found, "mac") ?? "",
    totalVfs: numberAt(found, "totalvfs") ?? 0,
    numVfs: numberAt(found, "numVfs") ?? 0,
    linkType,
    ...(mtu === undefined ? {} : { mtu }),
    ...(linkSpeed ? { linkSpeed } : {}),
  };
}

const roleLabel = "node-role.kubernetes.io/";

function nodeOf(state: JsonObject, node: JsonObject | undefined): InventoryNode {
  const name = textAt(state, "metadata", "name") ?? "";
  const labels = node && mapAt(node, "metadata", "labels");
  const master = labels && `${roleLabel}master` in labels && !(`${roleLabel}worker` in labels);
  return {
    name,
    role: master ? "master" : "worker",
    cpus: Number(textAt(node, "status", "capacity", "cpu") ?? 0),
    memory: textAt(node, "status", "capacity", "memory") ?? "0",
    ...(labels ? { labels } : {}),
    nics: objectsAt(state, "status", "interfaces").map(nicOf),
  };
}

/**
 * The nodes of dumped SriovNetworkNodeState objects. Labels and sizes come from Node objects of the same dump; without
 * them a node has the labels that every worker has.
 */
export function inventoryNodes(objects: readonly JsonObject[]): InventoryNode[] {
  const name = (object: JsonObject): string | undefined => textAt(object, "metadata", "name");
  const nodes = objects.filter((object) => object.kind === "Node");
  return objects
    .filter((object) => object.kind === "SriovNetworkNodeState" && name(object))
    .map((state) =>
      nodeOf(
        state,
        nodes.find((node) => name(node) === name(state)),
      ),
    );
}
