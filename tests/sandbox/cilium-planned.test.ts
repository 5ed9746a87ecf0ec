import { expect } from "chai";
import type { z } from "zod";
import { CiliumNetworkArgs, ciliumValues } from "../../planning/cilium";
import type { JsonObject } from "../../model";
import { configMapAgrees } from "../../provider/kinds/cilium-config-map";
import { configMapData, renderFailure } from "../../sandbox/agents/cilium-values";

type Input = Partial<z.input<typeof CiliumNetworkArgs>>;

const base = {
  clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  apiServer: { host: "api-int.cluster.example" },
};

const cases: Record<string, Input> = {
  "vm-compatible": {},
  secure: { preset: "secure", encryption: { nodeEncryption: true, strictIngress: true } },
  throughput: { preset: "throughput" },
  ipsec: { encryption: { type: "ipsec" } },
  "direct server return": { loadBalancer: { mode: "hybrid" } },
  "everything else": {
    devices: ["br-ex"],
    loadBalancer: { algorithm: "maglev", l2Announcements: true, bgpControlPlane: true, egressGateway: true },
    mesh: { gatewayApi: true, envoyConfig: true },
    policyEnforcement: "always",
  },
};

describe("planned values in the simulated chart", () => {
  for (const [name, args] of Object.entries(cases)) {
    it(`${name}: are rendered, and open the gate of the configuration`, () => {
      const spec = JSON.parse(
        JSON.stringify(ciliumValues(CiliumNetworkArgs.parse({ ...base, ...args }))),
      ) as JsonObject;
      expect(renderFailure(spec)).to.equal(undefined);
      const config = { apiVersion: "cilium.io/v1alpha1", kind: "CiliumConfig", metadata: { name: "c" }, spec };
      const configMap = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "cilium-config" },
        data: configMapData(spec),
      };
      expect(configMapAgrees(config, configMap)).to.deep.equal({ state: "ready" });
    });
  }
});
