import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { conditionsAfter, nextReleaseStep } from "../../sandbox/agents/cilium-operator";
import { ciliumObjects } from "../../sandbox/agents/cilium-release";
import { configMapData, renderFailure } from "../../sandbox/agents/cilium-values";

const FINALIZER = "helm.sdk.operatorframework.io/uninstall-release";

describe("what Cilium's chart writes into cilium-config", () => {
  it("has the chart's defaults", () => {
    expect(configMapData({})).to.include({
      "kube-proxy-replacement": "false",
      "routing-mode": "tunnel",
      "tunnel-protocol": "vxlan",
      "cni-exclusive": "true",
      "enable-hubble": "true",
      "enable-policy": "default",
      "cluster-pool-ipv4-cidr": "10.0.0.0/8",
    });
    expect(configMapData({})).to.not.have.any.keys(
      "mtu",
      "enable-wireguard",
      "encrypt-node",
      "bpf-lb-sock-hostns-only",
    );
  });

  it("turns encryption on only for an exactly spelt type", () => {
    const type = (name: string): JsonObject => ({ encryption: { enabled: true, type: name, nodeEncryption: true } });
    expect(configMapData(type("wireguard"))).to.include({ "enable-wireguard": "true", "encrypt-node": "true" });
    expect(configMapData(type("WireGuard"))).to.not.have.any.keys("enable-wireguard", "enable-ipsec");
    expect(configMapData({ encryption: { enabled: false, type: "wireguard" } })).to.not.have.any.keys(
      "enable-wireguard",
    );
  });

  it("forces socket load balancing into the host for the Gateway API", () => {
    const values = { socketLB: { hostNamespaceOnly: false }, gatewayAPI: { enabled: true } };
    expect(configMapData(values)["bpf-lb-sock-hostns-only"]).to.equal("true");
    expect(configMapData({ socketLB: { hostNamespaceOnly: false } })["bpf-lb-sock-hostns-only"]).to.equal("false");
  });

  it("writes lists with blanks and numbers as text", () => {
    const data = configMapData({
      devices: ["br-ex", "ens1"],
      MTU: 1355,
      ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.1.0.0/16", "10.2.0.0/16"] } },
      hubble: { metrics: { enabled: ["dns", "drop"] } },
      extraConfig: { "node-encryption-opt-out-labels": "x" },
    });
    expect(data).to.include({
      devices: "br-ex ens1",
      mtu: "1355",
      "cluster-pool-ipv4-cidr": "10.1.0.0/16 10.2.0.0/16",
      "hubble-metrics": "dns drop",
      "node-encryption-opt-out-labels": "x",
    });
  });

  it("fails where the chart fails", () => {
    expect(renderFailure({ kubeProxyReplacement: "strict" })).to.contain("kubeProxyReplacement");
    expect(renderFailure({ kubeProxyReplacement: true })).to.equal(undefined);
    expect(renderFailure({ hubble: { ui: { enabled: true } } })).to.contain("relay");
    expect(renderFailure({ routingMode: "native", enableIPv4Masquerade: true })).to.contain("ipv4NativeRoutingCIDR");
  });
});

describe("what Cilium's chart installs", () => {
  const names = (values: JsonObject) => ciliumObjects("cilium", values).map((entry) => entry.object.metadata.name);

  it("is agents, proxies and the operator, and Hubble's parts on request", () => {
    expect(names({})).to.deep.equal(["cilium-config", "cilium", "cilium-operator", "cilium-envoy"]);
    expect(names({ envoy: { enabled: false } })).to.not.include("cilium-envoy");
    expect(names({ hubble: { relay: { enabled: true }, ui: { enabled: true } } })).to.include.members([
      "hubble-relay",
      "hubble-ui",
    ]);
  });

  it("restarts agents for a changed configuration only when told to", () => {
    const template = (values: JsonObject) =>
      ciliumObjects("cilium", values).find((entry) => entry.object.metadata.name === "cilium")?.object.spec?.template;
    expect(template({ MTU: 1400 })).to.deep.equal(template({ MTU: 1500 }));
    expect(template({ MTU: 1400, rollOutCiliumPods: true })).to.not.deep.equal(
      template({ MTU: 1500, rollOutCiliumPods: true }),
    );
    expect(template({ k8sServiceHost: "a" })).to.not.deep.equal(template({ k8sServiceHost: "b" }));
  });
});

describe("the simulated helm-operator", () => {
  function config(
    spec: JsonObject,
    changes: Partial<KubernetesObject["metadata"]> = {},
    conditions: JsonObject[] = [],
  ): KubernetesObject {
    return {
      apiVersion: "cilium.io/v1alpha1",
      kind: "CiliumConfig",
      metadata: { name: "ciliumconfig", namespace: "cilium", finalizers: [FINALIZER], ...changes },
      spec,
      status: { conditions },
    };
  }

  it("puts its finalizer on first", () => {
    expect(nextReleaseStep(config({}, { finalizers: [] }), false)).to.deep.equal({ kind: "finalizer" });
  });

  it("keeps Deployed True from before while new values wait", () => {
    const now = "2026-01-01T00:00:00Z";
    const first = conditionsAfter(config({}), { kind: "deploy", upgrade: false }, now);
    expect(first.map((entry) => [entry.type, entry.reason])).to.deep.equal([
      ["Initialized", undefined],
      ["Deployed", "InstallSuccessful"],
    ]);
    const failed = conditionsAfter(config({}, {}, first), { kind: "fail", message: "no" }, now);
    expect(failed.map((entry) => [entry.type, entry.status])).to.deep.equal([
      ["Initialized", "True"],
      ["Deployed", "True"],
      ["ReleaseFailed", "True"],
    ]);
    const repaired = conditionsAfter(config({}, {}, failed), { kind: "deploy", upgrade: true }, now);
    expect(repaired.map((entry) => entry.type)).to.deep.equal(["Initialized", "Deployed"]);
  });

  it("reports a failure once, and tries again with other values", () => {
    const bad = { kubeProxyReplacement: "strict" };
    const step = nextReleaseStep(config(bad), false);
    expect(step?.kind).to.equal("fail");
    const message = step?.kind === "fail" ? step.message : "";
    const told = [{ type: "ReleaseFailed", status: "True", message }];
    expect(nextReleaseStep(config(bad, {}, told), false)).to.equal(undefined);
    expect(nextReleaseStep(config({}, {}, told), false)).to.deep.equal({ kind: "deploy", upgrade: false });
  });

  it("uninstalls before the object goes", () => {
    const gone = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(nextReleaseStep(config({}, gone), false)).to.deep.equal({ kind: "uninstall" });
    expect(nextReleaseStep(config({}, { ...gone, finalizers: [] }), false)).to.equal(undefined);
  });
});
