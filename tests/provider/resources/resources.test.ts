import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import {
  CiliumConfig,
  Gate,
  MachineConfig,
  NodeAllocatable,
  Provider,
  VirtualMachine,
} from "../../../provider/resources";

/** The value of an output, once it is known. */
const value = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply((each) => resolve(each)));

describe("resource classes", () => {
  const registered: MockResourceArgs[] = [];

  before(() =>
    pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.push(args);
        return { id: args.id ?? `${args.name}-id`, state: { ...(args.inputs as object), status: { seen: true } } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    }),
  );

  const named = (name: string): MockResourceArgs => {
    const found = registered.find((each) => each.name === name);
    if (!found) throw new Error(`${name} is not registered`);
    return found;
  };

  it("register under their token, with outputs at any depth resolved", async () => {
    const config = new MachineConfig("kargs", {
      metadata: { name: pulumi.output("60-kargs"), labels: { role: "worker" } },
      spec: {
        kernelArguments: [pulumi.output("iommu=pt")],
        config: { ignition: { version: "3.2.0" }, storage: { files: [{ path: "/etc/a", mode: pulumi.output(420) }] } },
      },
    });
    expect(await value(config.metadata)).to.deep.include({ name: "60-kargs" });
    expect(await value(config.status)).to.deep.equal({ seen: true });
    expect(named("kargs")).to.deep.include({ type: "ove:nodes:MachineConfig" });
    expect((named("kargs").inputs as { spec: unknown }).spec).to.deep.equal({
      kernelArguments: ["iommu=pt"],
      config: { ignition: { version: "3.2.0" }, storage: { files: [{ path: "/etc/a", mode: 420 }] } },
    });
  });

  it("take free values with outputs inside", async () => {
    const cilium = new CiliumConfig("cilium", {
      metadata: { name: "ciliumconfig", namespace: "cilium" },
      spec: { k8sServiceHost: pulumi.output("api-int"), ipam: { operator: { pools: [pulumi.output("10.0.0.0/8")] } } },
    });
    await value(cilium.urn);
    expect((named("cilium").inputs as { spec: unknown }).spec).to.deep.equal({
      k8sServiceHost: "api-int",
      ipam: { operator: { pools: ["10.0.0.0/8"] } },
    });
  });

  it("have typed outputs of waits", async () => {
    const wait = new NodeAllocatable("wait", {
      nodeSelector: { a: "b" },
      resource: "openshift.io/fast",
      minimum: 4,
      nodes: 1,
    });
    expect(await value(wait.minimum)).to.equal(4);
    expect(await value(new Gate("gate", { of: wait.resource }).of)).to.equal("openshift.io/fast");
  });

  it("read what is there by its id", async () => {
    const machine = VirtualMachine.get("machine", "web/vm");
    expect(await value(machine.id)).to.equal("web/vm");
    expect(named("machine")).to.deep.include({ type: "ove:machines:VirtualMachine", id: "web/vm" });
  });

  it("know their own", () => {
    const gate = new Gate("own", { of: "x" });
    expect(Gate.isInstance(gate)).to.equal(true);
    expect(MachineConfig.isInstance(gate)).to.equal(false);
    expect(Gate.isInstance(undefined)).to.equal(false);
  });

  it("keep the provider's kubeconfig secret", async () => {
    const provider = new Provider("cluster", { kubeconfig: "content", context: "admin" });
    await value(provider.urn);
    expect(Provider.isInstance(provider)).to.equal(true);
    expect(named("cluster").type).to.equal("pulumi:providers:ove");
  });
});
