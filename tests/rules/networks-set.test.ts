import { expect } from "chai";
import { evaluate, networkSetRules } from "../../rules";
import type { JsonObject, KubernetesObject } from "../../model";

const attachment = (name: string, namespace: string): KubernetesObject => ({
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name, namespace },
});
const annotations = (text: string): JsonObject => ({ annotations: { "k8s.v1.cni.cncf.io/networks": text } });
const pod = (text: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "web", ...annotations(text) },
});
const deployment = (text: string): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "web" },
  spec: { template: { metadata: annotations(text) } },
});
const machine = (networkName: string, kind = "VirtualMachine"): KubernetesObject => {
  const networks = {
    networks: [
      { name: "x", pod: {} },
      { name: "y", multus: { networkName } },
    ],
  };
  const spec = kind === "VirtualMachine" ? { template: { spec: networks } } : networks;
  return { apiVersion: "kubevirt.io/v1", kind, metadata: { name: "m", namespace: "web" }, spec };
};
const found = (...objects: KubernetesObject[]): [string, string][] =>
  evaluate(networkSetRules, objects).map((each) => [each.rule, each.path]);

const podPath = '[0].metadata.annotations["k8s.v1.cni.cncf.io/networks"]';

describe("attachments and those that use them", () => {
  it("are in the same namespace", () => {
    const isolated = [["networks/namespace-isolation", podPath]];
    expect(found(pod("infra/storage"))).to.deep.equal(isolated);
    expect(found(pod("storage, infra/storage@net1"))).to.deep.equal(isolated);
    expect(found(pod('[{"name":"storage","namespace":"infra"}]'))).to.deep.equal(isolated);
    expect(found(deployment("infra/storage")).map(([rule]) => rule)).to.deep.equal(["networks/namespace-isolation"]);
    for (const fine of ["storage", "web/storage", "default/storage", "openshift-cnv/storage", "", "[]", "[1,{}]"])
      expect(found(pod(fine)), fine).to.deep.equal([]);
  });

  it("are looked up in the user's namespace", () => {
    const infra = attachment("storage", "infra");
    expect(found(pod("storage"), infra)).to.deep.equal([["networks/attachment-elsewhere", podPath]]);
    expect(found(pod("storage"), infra, attachment("storage", "web"))).to.deep.equal([]);
    expect(found(machine("storage"), infra)).to.deep.equal([
      ["networks/attachment-elsewhere", "[0].spec.template.spec.networks[1].multus.networkName"],
    ]);
    expect(found(machine("storage", "VirtualMachineInstance"), infra)).to.deep.equal([
      ["networks/attachment-elsewhere", "[0].spec.networks[1].multus.networkName"],
    ]);
    expect(found(machine("web/storage"), infra)).to.deep.equal([]);
    expect(found(machine("other"), infra)).to.deep.equal([]);
  });

  it("are made by SR-IOV networks as well", () => {
    const network = (networkNamespace: string): KubernetesObject => ({
      apiVersion: "sriovnetwork.openshift.io/v1",
      kind: "SriovNetwork",
      metadata: { name: "storage", namespace: "openshift-sriov-network-operator" },
      spec: { networkNamespace },
    });
    expect(found(machine("storage"), network("web"))).to.deep.equal([]);
    expect(found(machine("storage"), network("shop"))).to.have.length(1);
    expect(found(machine("storage"), network(""))).to.have.length(1);
  });

  it("of objects without a namespace are not judged", () => {
    const { metadata, ...rest } = pod("infra/storage");
    expect(found({ ...rest, metadata: { ...metadata, namespace: undefined } })).to.deep.equal([]);
  });
});
