import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkInventory, defaultInventoryFile, readInventory } from "../../sandbox/control-plane/inventory";
import { PlainError } from "../../sandbox/plain-error";

const nic = {
  name: "ens1f0",
  pciAddress: "0000:3b:00.0",
  vendor: "15b3",
  deviceID: "1017",
  driver: "mlx5_core",
  mac: "04:3f:72:00:00:00",
  totalVfs: 8,
};
const node = { name: "worker-0", role: "worker", cpus: 4, memory: "16Gi", nics: [nic] };

function problems(value: unknown): string[] {
  try {
    checkInventory(value, "test.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return error.message.split("\n").slice(1);
  }
}

describe("inventory", () => {
  it("comes with one control-plane node and three workers with plain and SR-IOV ports", () => {
    const { nodes } = readInventory(defaultInventoryFile());
    expect(nodes.map(({ name, role }) => [name, role])).to.deep.equal([
      ["master-0", "master"],
      ["worker-0", "worker"],
      ["worker-1", "worker"],
      ["worker-2", "worker"],
    ]);
    for (const { cpus, memory, bridges, nics } of nodes) {
      expect([cpus, memory, bridges]).to.deep.equal([32, "128Gi", ["br-tenant"]]);
      expect(
        nics.map(({ name, vendor, deviceID, driver, totalVfs }) => [name, vendor, deviceID, driver, totalVfs]),
      ).to.deep.equal([
        ...["ens192", "ens224", "ens256"].map((name) => [name, "15ad", "07b0", "vmxnet3", 0]),
        ["ens1f0", "15b3", "1017", "mlx5_core", 8],
        ["ens1f1", "15b3", "1017", "mlx5_core", 8],
      ]);
    }
    const macs = nodes.flatMap(({ nics }) => nics.map(({ mac }) => mac));
    expect(new Set(macs).size).to.equal(macs.length);
  });

  it("is taken when it is right", () => {
    expect(problems({ nodes: [node] })).to.deep.equal([]);
  });

  it("names all that is wrong at once, with paths", () => {
    const wrong = {
      nodes: [
        { ...node, role: "infra", cpus: 0, memory: "16G", nics: [{ ...nic, vendor: "0x15B3", mac: "04-3f", vfs: 8 }] },
        { ...node, name: "Worker_1" },
      ],
    };
    const found = problems(wrong).join("\n");
    for (const path of [
      "nodes[0].role:",
      "nodes[0].cpus:",
      "nodes[0].memory:",
      "nodes[0].nics[0].vendor:",
      "nodes[0].nics[0].mac:",
      "nodes[0].nics[0]:",
      "nodes[1].name:",
    ]) {
      expect(found).to.include(`  ${path}`);
    }
    expect(found).to.include('"vfs"');
  });

  it("refuses names, PCI addresses and MACs that are there twice", () => {
    const other = { ...nic, name: "ens1f1" };
    expect(problems({ nodes: [node, { ...node, nics: [nic, other] }] })).to.deep.equal([
      '  nodes[1].nics[1].pciAddress: "0000:3b:00.0" is already that of element 0',
      '  nodes[1].nics[1].mac: "04:3f:72:00:00:00" is already that of element 0',
      '  nodes[1].name: "worker-0" is already that of element 0',
    ]);
  });

  it("refuses a cluster without nodes and a file that is no map", () => {
    expect(problems({ nodes: [] })).to.have.length(1);
    expect(problems(null)[0]).to.match(/^ {2}the file: /);
  });

  it("says which file cannot be read", () => {
    const dir = mkdtempSync(join(tmpdir(), "ove-inventory-"));
    try {
      const file = join(dir, "broken.yaml");
      writeFileSync(file, "nodes: [");
      expect(() => readInventory(file)).to.throw(PlainError, `The inventory ${file} cannot be read`);
      expect(() => readInventory(join(dir, "absent.yaml"))).to.throw(PlainError, "no such file");
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
