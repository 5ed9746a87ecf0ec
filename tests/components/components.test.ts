import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import {
  Attachments,
  CiliumNetwork,
  Gateways,
  HostNetwork,
  Images,
  LoadBalancers,
  Machine,
  NetworkPolicies,
  NodePool,
  Observability,
  type NodePoolArgs,
  OperatorSubscription,
  Platform,
  type PlatformArgs,
  SriovFabric,
  Tenant,
  Virtualization,
} from "../../components";
import { constructors } from "../../components/constructors";
import { Environment } from "../../model/environment";
import { componentSchemas, planNodePool, planPlatform, NodePoolArgs as Schema } from "../../planning";
import { full } from "../planning/environments";
import { type Registration, run, valueOf } from "./registrations";

const poolArgs: NodePoolArgs = { name: "worker", machineCount: 3, iommu: "intel" };
const machineArgs = {
  environment: "test",
  name: "db",
  namespace: "web",
  memory: "1Gi",
  rootDisk: { source: "containerDisk" as const, image: "image" },
  nics: [{ binding: "masquerade" as const }],
};

/** Edges as the registrations have them. */
function edges(registered: Registration[]): string[] {
  return registered.flatMap(({ name, dependsOn }) => dependsOn.map((to) => `${name} -> ${to}`));
}

describe("components", () => {
  it("register what planning decided, as children, with its edges", async () => {
    const { registered, result } = await run(() => new NodePool("workers", poolArgs));
    const plan = planNodePool(Schema.parse(poolArgs));
    const children = registered.filter((resource) => resource.parent === "workers");
    expect(children.map(({ name, type }) => [name, type])).to.have.deep.members(
      plan.objects.map(({ id, token }) => [id, token]),
    );
    expect(edges(registered)).to.have.members(plan.edges.map(({ from, to }) => `${from} -> ${to}`));
    expect(children.find((child) => child.name === "nodes/worker/release")?.props).to.deep.include({
      pool: "worker",
      configs: ["60-worker-iommu"],
      machineCount: 3,
    });
    expect(result.machineConfigs).to.deep.equal(["60-worker-iommu"]);
    expect(await valueOf(result.ready)).to.equal(true);
  });

  it("register a whole environment under one component, with the same edges as its plan", async () => {
    const { registered } = await run(() => new Platform("platform", full));
    const plan = planPlatform(Environment.parse(full));
    const byName = new Map(registered.map((resource) => [resource.name, resource]));
    for (const { id, token, component } of plan.objects) {
      expect(byName.get(id), id).to.include({ type: token, parent: component });
    }
    for (const { id, token } of plan.components.filter((component) => component.id !== "platform")) {
      expect(byName.get(id), id).to.include({ type: token, parent: "platform" });
    }
    expect(edges(registered)).to.have.members(plan.edges.map(({ from, to }) => `${from} -> ${to}`));
  });

  it("are not said to be ready in a preview that would create them", async () => {
    const { result } = await run(() => new NodePool("workers", poolArgs), true);
    const known = await (result.ready as unknown as { isKnown: Promise<boolean> }).isKnown;
    expect(known).to.equal(false);
  });

  it("put out what their schemas say", async () => {
    const bridge = { name: "a", namespace: "web", type: "bridge" as const, bridge: "br" };
    const { result } = await run(() => ({
      "ove:nodes:NodePool": new NodePool("a", poolArgs),
      "ove:cilium:CiliumNetwork": new CiliumNetwork("b", {
        clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
        apiServer: { host: "api-int" },
      }),
      "ove:hostnetwork:HostNetwork": new HostNetwork("i", {}),
      "ove:sriov:SriovFabric": new SriovFabric("c", {}),
      "ove:networks:Attachments": new Attachments("d", { attachments: [bridge] }),
      "ove:policies:Tenant": new Tenant("g", { name: "shop", namespaces: [{ name: "shop" }] }),
      "ove:policies:NetworkPolicies": new NetworkPolicies("h", {
        policies: [{ name: "a", namespace: "web", ingress: [{ from: [{ entity: "cluster" }] }] }],
      }),
      "ove:loadbalancing:LoadBalancers": new LoadBalancers("j", {
        pools: [{ name: "edge", blocks: [{ cidr: "10.100.0.0/24" }] }],
      }),
      "ove:operators:OperatorSubscription": new OperatorSubscription("k", {
        name: "a",
        package: "a",
        namespace: "a",
        version: "a.v1.0.0",
      }),
      "ove:virtualization:Virtualization": new Virtualization("l", {}),
      "ove:machines:Images": new Images("m", {
        images: [{ name: "a", namespace: "web", source: { from: "blank" }, size: "1Gi" }],
      }),
      "ove:gateway:Gateways": new Gateways("n", {}),
      "ove:observability:Observability": new Observability("o", {}),
      "ove:machines:Machine": new Machine("e", machineArgs),
      "ove:platform:Platform": new Platform("f", { name: full.name, cluster: full.cluster }),
    }));
    for (const { token, outputs } of componentSchemas) {
      const component = result[token as keyof typeof result];
      expect(Object.keys(component.outputs), token).to.have.members(Object.keys(outputs.properties as object));
    }
    expect(Object.keys(constructors)).to.have.members(componentSchemas.map((schema) => schema.token));
  });

  it("are made from the inputs of a Construct call", async () => {
    const { registered } = await run(() => constructors["ove:nodes:NodePool"]?.("workers", poolArgs, {}));
    expect(registered.map((resource) => resource.name)).to.include("nodes/worker/release");
  });

  it("report everything that is wrong with their arguments in one error, with property paths", async () => {
    const wrong = { machineCount: 0, name: "Worker", paused: true } as unknown as NodePoolArgs;
    const { result, registered } = await run(() => {
      try {
        return new NodePool("workers", wrong);
      } catch (error) {
        return error;
      }
    });
    expect(pulumi.InputPropertiesError.isInstance(result)).to.equal(true);
    const { errors, message } = result as pulumi.InputPropertiesError;
    expect(errors.map((error) => error.propertyPath)).to.have.members(["name", "machineCount", "paused"]);
    expect(message).to.include("  - paused: Is not a known property.");
    expect(registered.filter((resource) => resource.type.startsWith("ove:"))).to.deep.equal([]);
  });

  it("register nothing of an environment that refers to what it does not have", async () => {
    const broken: PlatformArgs = { ...full, networks: [] };
    const { result, registered } = await run(() => {
      try {
        return new Platform("platform", broken);
      } catch (error) {
        return error;
      }
    });
    expect((result as pulumi.InputPropertiesError).errors.map((error) => error.propertyPath)).to.deep.equal([
      "machines[0].nics[1].network",
    ]);
    expect(registered.filter((resource) => resource.type.startsWith("kubernetes:"))).to.deep.equal([]);
  });
});

describe("user data of machines", () => {
  /** The Secret's stringData as the engine would get it. */
  function stringData(registered: Registration[], name: string) {
    const secret = registered.find((resource) => resource.name === name);
    return secret?.props.stringData as pulumi.Output<{ userdata: string; networkdata: string }>;
  }

  it("may be an output of another resource and stays secret", async () => {
    const userData = pulumi.output("#cloud-config\nhostname: db\n");
    const { registered } = await run(() => new Machine("db", { ...machineArgs, cloudInit: { userData } }));
    const data = stringData(registered, "machines/web/db/cloud-init");
    expect(await pulumi.isSecret(data)).to.equal(true);
    const value = await valueOf(data);
    expect(value.userdata).to.equal("#cloud-config\nhostname: db\n");
    expect(value.networkdata).to.match(/^version: 2\n/);
  });

  it("comes from Pulumi's configuration where the environment says so", async () => {
    const [machine] = full.machines ?? [];
    const machines = machine ? [{ ...machine, cloudInit: { userDataFrom: "frontend" } }] : [];
    pulumi.runtime.setAllConfig({ "ove:frontend": "#cloud-config\npassword: x\n" }, ["ove:frontend"]);
    const { registered } = await run(() => new Platform("platform", { ...full, machines }));
    const value = await valueOf(stringData(registered, "machines/web/frontend/cloud-init"));
    expect(value.userdata).to.equal("#cloud-config\npassword: x\n");
  });
});
