import { expect } from "chai";
import type { JsonObject } from "../../../model";
import type { Row } from "./row";

/** Cilium as the cluster's network, encrypted, and Hubble. */
export const ciliumRow: Row = (read) => {
  it("Cilium: WireGuard in strict mode, no kube-proxy, beside Multus", async () => {
    const spec = (await read("cilium.io/v1alpha1", "CiliumConfig", "ciliumconfig", "cilium")).spec ?? {};
    expect(spec).to.deep.include({ kubeProxyReplacement: true, k8sServiceHost: "api-int.sandbox.example" });
    expect(spec.cni).to.deep.include({ exclusive: false });
    expect(spec.encryption).to.deep.include({ enabled: true, type: "wireguard" });
    const egress = ((spec.encryption as JsonObject).strictMode as JsonObject).egress;
    expect(egress).to.deep.include({ enabled: true, cidr: "10.128.0.0/14" });
    const { data } = await read("v1", "ConfigMap", "cilium-config", "cilium");
    expect(data).to.include({ "enable-wireguard": "true" });
    const agents = await read("apps/v1", "DaemonSet", "cilium", "cilium");
    expect(agents.status?.numberReady).to.equal(agents.status?.desiredNumberScheduled);
  });

  it("Hubble: relay, web interface and metrics", async () => {
    for (const name of ["hubble-relay", "hubble-ui"]) {
      expect((await read("apps/v1", "Deployment", name, "cilium")).status?.readyReplicas, name).to.equal(1);
    }
    const { spec } = await read("cilium.io/v1alpha1", "CiliumConfig", "ciliumconfig", "cilium");
    const { metrics } = spec?.hubble as { metrics: { enabled: string[] } };
    expect(metrics.enabled).to.include.members(["dns:query;ignoreAAAA", "drop", "tcp", "flow"]);
  });
};
