import { expect } from "chai";
import type { z } from "zod";
import type { JsonObject } from "../../model";
import { CiliumNetworkArgs, ciliumValues, planCilium } from "../../planning";
import { arrows, properties } from "./plans";

const base = {
  clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  apiServer: { host: "api-int.cluster.example" },
};
const parse = (args: Partial<z.input<typeof CiliumNetworkArgs>>) => CiliumNetworkArgs.parse({ ...base, ...args });
const values = (args: Partial<z.input<typeof CiliumNetworkArgs>>) =>
  JSON.parse(JSON.stringify(ciliumValues(parse(args)))) as JsonObject;

describe("planning of Cilium", () => {
  it("writes the values that OpenShift and virtual machines need", () => {
    expect(values({})).to.deep.equal({
      cni: { binPath: "/var/lib/cni/bin", confPath: "/var/run/multus/cni/net.d", exclusive: false },
      securityContext: { privileged: true },
      ipam: {
        mode: "cluster-pool",
        operator: { clusterPoolIPv4PodCIDRList: ["10.128.0.0/14"], clusterPoolIPv4MaskSize: 23 },
      },
      kubeProxyReplacement: true,
      k8sServiceHost: "api-int.cluster.example",
      k8sServicePort: 6443,
      routingMode: "tunnel",
      tunnelProtocol: "vxlan",
      tunnelPort: 4789,
      clusterHealthPort: 9940,
      MTU: 1450,
      encryption: { enabled: false },
      rollOutCiliumPods: true,
      socketLB: { hostNamespaceOnly: true },
      bpf: { datapathMode: "veth", masquerade: false, hostLegacyRouting: true },
      loadBalancer: { mode: "snat", algorithm: "random", acceleration: "disabled" },
      l7Proxy: true,
      envoy: { enabled: true },
      policyEnforcementMode: "default",
      labels:
        "!kubevirt\\.io/created-by !kubevirt\\.io/nodeName !kubevirt\\.io/migrationJobUID !vmi\\.kubevirt\\.io/id",
      hubble: {
        enabled: true,
        relay: { enabled: true },
        ui: { enabled: false },
        metrics: {},
        tls: { enabled: true, auto: { enabled: true, method: "cronJob" } },
      },
    });
  });

  it("puts strict mode where each version reads it, and takes WireGuard's size off the MTU", () => {
    const encrypted = (version: "1.18" | "1.19" | "1.20") => {
      const { encryption, MTU } = values({ version, encryption: { nodeEncryption: true, strictEgress: true } });
      return { encryption, MTU };
    };
    const strict = { enabled: true, cidr: "10.128.0.0/14", allowRemoteNodeIdentities: true };
    const common = { enabled: true, type: "wireguard", nodeEncryption: true };
    expect(encrypted("1.18")).to.deep.equal({ encryption: { ...common, strictMode: strict }, MTU: 1370 });
    // 1.19 reads both places. In the one of 1.20 strict mode stays on while Cilium is upgraded.
    expect(encrypted("1.19")).to.deep.equal({ encryption: { ...common, strictMode: { egress: strict } }, MTU: 1355 });
    expect(encrypted("1.20")).to.deep.equal({ encryption: { ...common, strictMode: { egress: strict } }, MTU: 1355 });
    expect(values({ encryption: {} }).encryption).to.deep.equal({ ...common, nodeEncryption: false });
  });

  it("merges further values last, maps deep", () => {
    const merged = values({
      values: { hubble: { ui: { enabled: true } }, MTU: 1300, bandwidthManager: { enabled: true } },
    });
    expect(merged.MTU).to.equal(1300);
    expect(merged.bandwidthManager).to.deep.equal({ enabled: true });
    expect(merged.hubble).to.deep.include({ ui: { enabled: true }, relay: { enabled: true } });
  });

  it("pins devices and metrics where they are named", () => {
    const named = values({ devices: ["ens2f0", "br-ex"], hubble: { metrics: ["drop", "tcp"] } });
    expect(named.devices).to.deep.equal(["br-ex", "ens2f0"]);
    expect((named.hubble as JsonObject).metrics).to.deep.equal({ enabled: ["drop", "tcp"] });
    expect(values({})).not.to.have.property("devices");
  });

  it("makes the namespace only if asked, with what OpenShift wants of it", () => {
    expect(planCilium(parse({})).objects.map((object) => object.id)).to.deep.equal(["cilium/config"]);
    const planned = planCilium(parse({ createNamespace: true }));
    expect(properties(planned)["cilium/namespace"]).to.deep.equal({
      metadata: {
        name: "cilium",
        labels: {
          "openshift.io/run-level": "0",
          "openshift.io/cluster-monitoring": "true",
          "openshift.io/cluster-logging": "true",
          "pod-security.kubernetes.io/enforce": "privileged",
          "security.openshift.io/scc.podSecurityLabelSync": "false",
        },
        annotations: { "openshift.io/node-selector": "" },
      },
    });
    expect(properties(planned)["cilium/config"]).to.deep.include({
      metadata: { name: "ciliumconfig", namespace: "cilium", labels: { "app.kubernetes.io/name": "clife" } },
    });
    expect(arrows(planned)).to.deep.equal(["cilium/config -> cilium/namespace"]);
    expect(planned.components).to.deep.equal([
      { id: "cilium", token: "ove:cilium:CiliumNetwork", gate: "cilium/config" },
    ]);
  });
});
