import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const host = new ove.HostNetwork(
  "host",
  {
    groups: [
      {
        name: "workers",
        nodePool: "worker",
        bonds: [{ name: "bond0", mode: "802.3ad", ports: ["ens1f0", "ens1f1"], mtu: 9000 }],
        vlans: [{ name: "bond0.200", base: "bond0", id: 200, mtu: 9000, dhcp4: true }],
        bridges: [{ name: "br-tenant", ports: ["bond0"], vlans: ["100-199"] }],
        routes: [{ destination: "10.20.0.0/16", interface: "bond0.200", gateway: "10.0.200.1" }],
      },
    ],
  },
  { provider },
);

export const { policies, ready } = host;
