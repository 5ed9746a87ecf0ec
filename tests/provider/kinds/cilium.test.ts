import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { ciliumConfig, ciliumConfigReady } from "../../../provider/kinds/cilium";
import { expectedKeys } from "../../../provider/kinds/cilium-config-map";
import { before, node, object, said } from "./objects";

const established = (name: string, status = "True"): KubernetesObject =>
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
    name,
    status: { conditions: [{ type: "Established", status }] },
  });

function config(spec: JsonObject = {}, conditions: Record<string, string> = { Deployed: "True" }): KubernetesObject {
  return object("cilium.io/v1alpha1", "CiliumConfig", {
    metadata: { name: "ciliumconfig", namespace: "cilium" },
    spec,
    status: {
      conditions: Object.entries(conditions).map(([type, text]) => ({
        type,
        status: text.split(":")[0] ?? "",
        message: text.split(":")[1],
      })),
    },
  });
}

const agents = (desired: number, updated = desired, ready = desired, observed = 2): KubernetesObject =>
  object("apps/v1", "DaemonSet", {
    metadata: { name: "cilium", generation: 2 },
    status: {
      observedGeneration: observed,
      desiredNumberScheduled: desired,
      updatedNumberScheduled: updated,
      numberReady: ready,
    },
  });

const configMap = (data: Record<string, string>): KubernetesObject =>
  object("v1", "ConfigMap", { name: "cilium-config", data });

const running: Record<string, KubernetesObject[]> = {
  "cilium-config": [configMap({})],
  cilium: [agents(2)],
  "ciliumnetworkpolicies.cilium.io": [established("ciliumnetworkpolicies.cilium.io")],
  "ciliumclusterwidenetworkpolicies.cilium.io": [established("ciliumclusterwidenetworkpolicies.cilium.io")],
  nodes: [node("n1"), node("n2")],
  ciliumNodes: [
    object("cilium.io/v2", "CiliumNode", { name: "n1" }),
    object("cilium.io/v2", "CiliumNode", { name: "n2" }),
  ],
};

describe("readiness of a CiliumConfig", () => {
  const verdict = (related: Record<string, KubernetesObject[]>, live = config(), was = before()): string =>
    said(ciliumConfigReady(live, { ...running, ...related }, was));

  it("is ready when agents run everywhere with the configuration", () => expect(verdict({})).to.equal("ready"));

  it("waits for the release and fails with its message", () => {
    expect(verdict({}, config({}, {}))).to.match(/Deployed is True/);
    expect(verdict({}, config({}, { Deployed: "True", ReleaseFailed: "True:chart failed" }))).to.equal(
      "failed: ReleaseFailed: chart failed",
    );
    expect(verdict({}, config({}, { Irreconcilable: "True:bad value" }))).to.equal("failed: Irreconcilable: bad value");
    const failing = (more: JsonObject): string =>
      verdict({}, { ...config(), status: { conditions: [{ type: "ReleaseFailed", status: "True", ...more }] } });
    expect(failing({ reason: "InstallError", message: "" })).to.equal("failed: ReleaseFailed: InstallError");
    expect(failing({})).to.equal("failed: ReleaseFailed: no reason given");
    const old = config({}, { ReleaseFailed: "True:old" });
    expect(verdict({}, old, before({}, old))).to.match(/^waiting: .*old/);
  });

  it("is not fooled by Deployed, which stays True while a change is carried out", () => {
    const live = config({ encryption: { enabled: true, type: "wireguard" } });
    expect(verdict({}, live)).to.match(/cilium-config has enable-wireguard true \(not set/);
    expect(verdict({ "cilium-config": [configMap({ "enable-wireguard": "true" })] }, live)).to.equal("ready");
    expect(verdict({ "cilium-config": [] })).to.match(/ConfigMap cilium-config exists/);
  });

  it("waits for every agent to run the present template", () => {
    expect(verdict({ cilium: [] })).to.match(/DaemonSet cilium exists/);
    expect(verdict({ cilium: [agents(2, 2, 2, 1)] })).to.match(/has not seen it yet/);
    expect(verdict({ cilium: [agents(2, 1)] })).to.match(/1 updated and 2 ready of 2/);
    expect(verdict({ cilium: [agents(2, 2, 1)] })).to.match(/2 updated and 1 ready of 2/);
    expect(verdict({ cilium: [agents(0)] })).to.match(/runs on all its nodes/);
  });

  it("waits for the CRDs that the operator registers late, and for an agent's node on each node", () => {
    expect(verdict({ "ciliumnetworkpolicies.cilium.io": [] })).to.match(/CRD ciliumnetworkpolicies.cilium.io exists/);
    expect(verdict({ "ciliumnetworkpolicies.cilium.io": [established("x", "False")] })).to.match(/Established is True/);
    expect(verdict({ ciliumNodes: [] })).to.match(/none for n1, n2/);
  });

  it("is taken over and never deleted, and looks in its own namespace", () => {
    expect(ciliumConfig.adopt({ name: "ciliumconfig", namespace: "cilium" })).to.equal(true);
    const watches = ciliumConfig.ready.watches(object("a", "b", { metadata: { name: "c", namespace: "other" } }));
    expect(watches.find((watch) => watch.id === "cilium")).to.include({ namespace: "other", plural: "daemonsets" });
  });
});

describe("keys of cilium-config that Helm values determine", () => {
  const keys = (spec: JsonObject): JsonObject => Object.fromEntries(expectedKeys(spec));

  it("are those of the values that are set", () => {
    expect(keys({})).to.deep.equal({});
    expect(keys({ kubeProxyReplacement: true, routingMode: "tunnel", tunnelPort: 4789, MTU: 1355 })).to.deep.equal({
      "kube-proxy-replacement": "true",
      "routing-mode": "tunnel",
      "tunnel-port": "4789",
      mtu: "1355",
    });
    expect(keys({ ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.0.0.0/8", "11.0.0.0/8"] } } })).to.deep.equal({
      "cluster-pool-ipv4-cidr": "10.0.0.0/8 11.0.0.0/8",
    });
    expect(keys({ devices: ["eth0", "eth1"] })).to.deep.equal({ devices: "eth0 eth1" });
  });

  it("leave out what the chart does not write", () => {
    expect(keys({ encryption: { enabled: true, type: "WireGuard", nodeEncryption: true } })).to.deep.equal({});
    expect(keys({ encryption: { enabled: false, nodeEncryption: true } })).to.deep.equal({
      "enable-wireguard": "",
      "encrypt-node": "",
    });
    expect(keys({ encryption: { enabled: true, type: "wireguard", nodeEncryption: true } })).to.deep.equal({
      "enable-wireguard": "true",
      "encrypt-node": "true",
    });
    expect(keys({ cni: { exclusive: false } })).to.deep.equal({ "cni-exclusive": "false" });
    expect(keys({ socketLB: { hostNamespaceOnly: true } })).to.deep.equal({ "bpf-lb-sock-hostns-only": "true" });
    expect(keys({ cni: { exclusive: false, customConf: true } })).to.deep.equal({});
    expect(keys({ socketLB: { hostNamespaceOnly: false }, gatewayAPI: { enabled: true } })).to.deep.equal({});
    expect(keys({ bandwidthManager: { enabled: false }, MTU: 0 })).to.deep.equal({
      "enable-bandwidth-manager": "",
      mtu: "",
    });
  });

  it("agree with a switched off value whether the key is absent or false", () => {
    const live = config({ encryption: { enabled: false } });
    const off: Record<string, string>[] = [{}, { "enable-wireguard": "false" }];
    for (const data of off) {
      expect(said(ciliumConfigReady(live, { ...running, "cilium-config": [configMap(data)] }, before()))).to.equal(
        "ready",
      );
    }
    const on = { ...running, "cilium-config": [configMap({ "enable-wireguard": "true" })] };
    expect(said(ciliumConfigReady(live, on, before()))).to.match(/enable-wireguard off \(true/);
    const empty = { ...running, "cilium-config": [object("v1", "ConfigMap", { name: "cilium-config" })] };
    expect(said(ciliumConfigReady(live, empty, before())), "a ConfigMap without data").to.equal("ready");
    const { spec: _spec, ...bare } = live;
    expect(said(ciliumConfigReady(bare, empty, before())), "no values").to.equal("ready");
  });
});
