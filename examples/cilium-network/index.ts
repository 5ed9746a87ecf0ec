import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const cilium = new ove.CiliumNetwork(
  "cilium",
  {
    preset: "secure",
    clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
    apiServer: { host: "api-int.lab.example" },
    devices: ["bond0"],
    encryption: { nodeEncryption: true },
    loadBalancer: { l2Announcements: true, localRedirectPolicies: true },
    mesh: { gatewayApi: true },
    hubble: {
      ui: true,
      metrics: ["dns:query;ignoreAAAA", "drop", "tcp", "flow", "icmp", "port-distribution", "httpV2"],
    },
    agent: { resources: { requests: { cpu: "100m", memory: "512Mi" } } },
  },
  { provider },
);

export const { mtu, ready } = cilium;
