import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const attachments = new ove.Attachments(
  "networks",
  {
    attachments: [
      {
        name: "vlan-100",
        namespace: "vm-production",
        namespaces: ["vm-infrastructure"],
        type: "cnv-bridge",
        uplink: "ens192",
        vlan: 100,
      },
      {
        name: "storage",
        namespace: "vm-infrastructure",
        type: "macvlan",
        master: "ens224",
        ipam: { type: "whereabouts", range: "10.0.200.0/24", exclude: ["10.0.200.0/28"] },
      },
    ],
  },
  { provider },
);

export const { networks, ready } = attachments;
