import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { JsonObject, KubernetesObject, ObjectChange } from "../../../model";
import type { ObjectKind } from "../../../provider/kind";
import { sriovNetworkNodePolicy } from "../../../provider/kinds/sriov";
import { ovsNetwork, sriovIBNetwork, sriovNetwork } from "../../../provider/kinds/sriov-networks";
import { before, object, said } from "./objects";

const api = "sriovnetwork.openshift.io/v1";
const namespace = "openshift-sriov-network-operator";

describe("readiness of a SriovNetwork", () => {
  const network = (spec: JsonObject): KubernetesObject =>
    object(api, "SriovNetwork", {
      metadata: { name: "storage", namespace },
      spec: { resourceName: "fast", networkNamespace: "web", ...spec },
    });
  const attachment = (config: JsonObject, resource = "openshift.io/fast"): KubernetesObject =>
    object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", {
      metadata: { name: "storage", namespace: "web", annotations: { "k8s.v1.cni.cncf.io/resourceName": resource } },
      spec: {
        config: JSON.stringify({ cniVersion: "1.0.0", type: "sriov", vlan: 0, vlanQoS: 0, ipam: {}, ...config }),
      },
    });
  const verdict = (spec: JsonObject, found?: KubernetesObject, namespaces: KubernetesObject[] = []): string =>
    said(
      sriovNetwork.ready.verdict(network(spec), { attachment: found ? [found] : [], namespace: namespaces }, before()),
    );

  it("waits for the attachment and says when its namespace is not there", () => {
    expect(verdict({})).to.match(/web\/storage exists \(Namespace web is not there/);
    expect(verdict({}, undefined, [object("v1", "Namespace", { name: "web" })])).to.match(/exists \(not there/);
    expect(sriovNetwork.ready.watches(network({}))[0]).to.include({ namespace: "web", name: "storage" });
    expect(sriovNetwork.ready.watches(network({ networkNamespace: "" }))[0]).to.include({ namespace });
  });

  it("waits while the attachment is of the previous form", () => {
    expect(verdict({}, attachment({}, "openshift.io/old"))).to.match(/resourceName is fast \(openshift.io\/old/);
    expect(verdict({ vlan: 7 }, attachment({}))).to.match(/present vlan/);
    expect(verdict({}, attachment({ vlan: 7 }))).to.match(/present vlan/);
    expect(verdict({ spoofChk: "off" }, attachment({}))).to.match(/present spoofChk/);
    expect(verdict({ ipam: '{"type": "static"}' }, attachment({}))).to.match(/present ipam/);
    expect(verdict({ capabilities: '{"mac": true}' }, attachment({}))).to.match(/present capabilities/);
    const empty = object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", { name: "storage" });
    expect(verdict({}, empty)).to.match(/resourceName is fast \(none/);
    const { metadata } = attachment({});
    expect(verdict({}, { ...empty, metadata })).to.match(/present vlan \(none/);
    expect(verdict({}, { ...empty, metadata, spec: { config: "{" } })).to.match(/present vlan \(\{\)/);
    const { ipam: _ipam, ...plugin } = { type: "sriov", vlan: 0, vlanQoS: 0, ipam: 1 };
    expect(verdict({}, { ...empty, metadata, spec: { config: JSON.stringify(plugin) } })).to.equal("ready");
  });

  it("is ready when it has the present form, also in a list of plugins", () => {
    expect(verdict({}, attachment({}))).to.equal("ready");
    const spec = { vlan: 7, trust: "on", maxTxRate: 100, ipam: '{ "type": "static" }', capabilities: '{"mac": true}' };
    const plugin = {
      type: "sriov",
      vlan: 7,
      vlanQoS: 0,
      trust: "on",
      max_tx_rate: 100,
      ipam: { type: "static" },
      capabilities: { mac: true },
    };
    expect(verdict(spec, attachment(plugin))).to.equal("ready");
    expect(
      verdict({ ...spec, metaPlugins: '{"type":"tuning"}' }, attachment({ plugins: [plugin, { type: "tuning" }] })),
    ).to.equal("ready");
  });

  it("waits after its deletion until the attachment is gone", () => {
    const [step] = sriovNetwork.deletion?.after?.(network({})) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(said(step.verdict({ attachment: [attachment({})] }, {}))).to.match(/^waiting/);
    expect(said(step.verdict({ attachment: [] }, {}))).to.equal("ready");
  });
});

describe("readiness of a SriovIBNetwork and an OVSNetwork", () => {
  const verdict = (kind: ObjectKind, spec: JsonObject, config: JsonObject): string => {
    const metadata = { name: "n", namespace };
    const live = object(api, kind.kind, { metadata, spec: { resourceName: "fast", networkNamespace: "web", ...spec } });
    const attachment = object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", {
      metadata: {
        name: "n",
        namespace: "web",
        annotations: { "k8s.v1.cni.cncf.io/resourceName": "openshift.io/fast" },
      },
      spec: { config: JSON.stringify({ cniVersion: "1.0.0", ipam: {}, ...config }) },
    });
    return said(kind.ready.verdict(live, { attachment: [attachment] }, before()));
  };

  it("an IB network is compared by what its plugin has", () => {
    expect(verdict(sriovIBNetwork, {}, { type: "ib-sriov" })).to.equal("ready");
    expect(verdict(sriovIBNetwork, { linkState: "auto" }, { link_state: "auto" })).to.equal("ready");
    expect(verdict(sriovIBNetwork, { linkState: "auto" }, {})).to.match(/present linkState/);
  });

  it("an OVS network is written without zeros and empty lists", () => {
    expect(verdict(ovsNetwork, { vlan: 0, mtu: 0, trunk: [], bridge: "" }, { type: "ovs" })).to.equal("ready");
    const spec = { vlan: 5, mtu: 9000, trunk: [{ minID: 1, maxID: 3 }], bridge: "br0", interfaceType: "dpdk" };
    const { interfaceType, ...same } = spec;
    expect(verdict(ovsNetwork, spec, { ...same, interface_type: interfaceType })).to.equal("ready");
    expect(verdict(ovsNetwork, spec, { ...same, trunk: [{ id: 1 }], interface_type: "dpdk" })).to.match(
      /present trunk/,
    );
  });
});

describe("what a change of a SriovNetworkNodePolicy costs", () => {
  const make = (spec: JsonObject): KubernetesObject =>
    object(api, "SriovNetworkNodePolicy", {
      metadata: { name: "p", namespace },
      spec: { nicSelector: { pfNames: ["ens1f0"] }, ...spec },
    });
  const costs = (change: ObjectChange): string[] =>
    disruptionsOf(sriovNetworkNodePolicy.disruptions, change).map((row) => row.cost);
  const update = (path: string, was: JsonObject, is: JsonObject): string[] =>
    costs({ change: "update", paths: [["spec", path]], before: make(was), after: make(is) });

  it("nothing when the first policy comes to a card", () => {
    expect(costs({ change: "create", paths: [], after: make({}) })).to.deep.equal([]);
    expect(costs({ change: "create", paths: [], after: make({ deviceType: "netdevice" }) })).to.deep.equal([]);
  });

  it("a drain when a card has functions that change or go", () => {
    const part = { nicSelector: { pfNames: ["ens1f0#0-3"] } };
    expect(costs({ change: "create", paths: [], after: make(part) })).to.deep.equal(["drain"]);
    for (const path of ["numVfs", "mtu", "eSwitchMode", "nicSelector", "nodeSelector", "priority"])
      expect(update(path, {}, {}), path).to.deep.equal(["drain"]);
    expect(update("deviceType", { deviceType: "vfio-pci" }, { deviceType: "netdevice" })).to.deep.equal(["drain"]);
    expect(costs({ change: "delete", paths: [], before: make({ deviceType: "vfio-pci" }) })).to.deep.equal(["drain"]);
  });

  it("a reboot for kernel arguments and firmware", () => {
    expect(costs({ change: "create", paths: [], after: make({ deviceType: "vfio-pci" }) })).to.deep.equal(["reboot"]);
    expect(update("deviceType", {}, { deviceType: "vfio-pci" })).to.deep.equal(["reboot"]);
    expect(update("linkType", {}, { nicSelector: { vendor: "15b3" } })).to.deep.equal(["reboot"]);
    expect(update("linkType", {}, { nicSelector: { vendor: "8086" } })).to.deep.equal(["drain"]);
  });

  it("nothing for names", () => {
    for (const path of ["resourceName", "excludeTopology", "needVhostNet"])
      expect(update(path, {}, {}), path).to.deep.equal([]);
  });
});
