import { expect } from "chai";
import { Environment } from "../../model/environment";
import { planPlatform, topologicalOrder } from "../../planning";
import { doubts } from "./checked";
import { full } from "./environments";
import { arrows, properties, waitsFor } from "./plans";

type Input = typeof full;
type Networks = NonNullable<Input["networks"]>;

const plan = (input: Input) => planPlatform(Environment.parse(input));

const bare: Input = {
  name: full.name,
  cluster: full.cluster,
  cilium: {},
  namespaces: [{ name: "web" }, { name: "db" }],
};

const web = { namespace: "web" } as const;
const lan = { ...web, name: "lan", type: "cnv-bridge", uplink: "ens192", vlan: 100 } as const;
const data = { ...web, name: "data", type: "ovs", bridge: "br-data", vlan: 200 } as const;
const group = { name: "workers", nodePool: "worker" } as const;

const host: Input = {
  ...full,
  networks: [...(full.networks ?? []), lan, data],
  hostNetwork: {
    groups: [
      {
        ...group,
        bridges: [{ name: "br-tenant", ports: ["ens1f0"] }],
        ovsBridges: [{ name: "br-data", ports: ["ens3"] }],
      },
    ],
  },
};

describe("host network of an environment", () => {
  it("is one policy for each group, with what attachments need on their uplinks", () => {
    const planned = plan(host);
    expect(planned.findings).to.deep.equal([]);
    expect(topologicalOrder(planned)).to.have.length(planned.objects.length);
    expect(doubts(planned).filter((each) => each.includes("error"))).to.deep.equal([]);
    const ids = planned.objects.map(({ id }) => id).filter((id) => id.startsWith("hostnetwork/"));
    expect(ids).to.deep.equal(["hostnetwork/nmstate", "hostnetwork/policy/workers"]);
    const spec = properties(planned)["hostnetwork/policy/workers"]?.spec as {
      desiredState: { interfaces: { name: string }[] };
    };
    expect(spec.desiredState.interfaces.map(({ name }) => name)).to.deep.equal([
      "br-data",
      "ens192.100",
      "br-ens192.100",
      "br-tenant",
    ]);
  });

  it("waits for the rollouts of its nodes, and attachments and virtual functions wait for it", () => {
    const planned = plan(host);
    const policy = "hostnetwork/policy/workers";
    const cross = arrows(planned).filter((arrow) => arrow.includes(policy));
    expect(cross).to.have.members([
      `${policy} -> hostnetwork/nmstate`,
      // Nodes of custom pools are workers too; that pool's rollout comes after the workers'.
      `${policy} -> nodes/dpdk/release`,
      `networks/web/tenant -> ${policy}`,
      `networks/db/tenant -> ${policy}`,
      `networks/web/lan -> ${policy}`,
      `networks/web/data -> ${policy}`,
      // Its card, ens1f0, is a port of a bridge.
      `sriov/policy/fast -> ${policy}`,
    ]);
    expect(waitsFor(planned, "machines/web/frontend/vm")).to.include(policy);
  });

  it("enables Open vSwitch in the pool's own rollout", () => {
    const objects = properties(plan(host));
    const units = (id: string) => {
      const spec = objects[id]?.spec as { config: { systemd: { units: unknown } } } | undefined;
      return spec?.config.systemd.units;
    };
    expect(units("nodes/worker/60-worker-files")).to.deep.equal([{ name: "openvswitch.service", enabled: true }]);
    expect(objects["nodes/worker/release"]?.configs).to.include("60-worker-files");
    expect(objects).to.not.have.property("nodes/dpdk/60-dpdk-files");
    const before = waitsFor(plan(host), "networks/web/data");
    expect(before).to.include("nodes/worker/60-worker-files");
  });

  it("leaves a unit of that name to the pool", () => {
    const unit = { name: "openvswitch.service", dropins: [{ name: "a.conf", content: "[Service]\nNice=1\n" }] };
    const nodePools = [{ name: "worker", machineCount: 3, units: [unit] }];
    const ovs = { ...group, ovsBridges: [{ name: "br-data" }] };
    const planned = plan({ ...bare, nodePools, hostNetwork: { groups: [ovs] } });
    const spec = properties(planned)["nodes/worker/60-worker-files"]?.spec as {
      config: { systemd: { units: unknown[] } };
    };
    expect(spec.config.systemd.units).to.have.length(1);
    expect(spec.config.systemd.units[0]).to.include({ name: "openvswitch.service", enabled: true });
  });

  it("is not planned where nothing needs it", () => {
    expect(plan(full).components.map(({ id }) => id)).to.not.include("hostnetwork");
  });

  it("asks for the daemon of network policies where there is one", () => {
    const networks: Networks = [{ ...web, name: "a", type: "macvlan", master: "ens3" }];
    const policies: Input["policies"] = [
      { ...web, name: "p", attachment: "a", ingress: [{ from: [{ namespaces: ["db"] }] }] },
    ];
    const planned = plan({ ...bare, networks, policies });
    expect(properties(planned)["networks/operator"]?.spec).to.deep.equal({ useMultiNetworkPolicy: true });
  });
});
