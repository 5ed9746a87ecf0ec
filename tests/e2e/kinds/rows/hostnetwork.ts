import type { KindRow } from "../row";

const bridge = (mtu: number, port: string) => ({
  nodeSelector: { "node-role.kubernetes.io/worker": "" },
  desiredState: {
    interfaces: [
      {
        name: "br-life",
        type: "linux-bridge",
        state: "up",
        mtu,
        ipv4: { enabled: false },
        bridge: { options: { stp: { enabled: false } }, port: [{ name: port }] },
      },
    ],
  },
});

export const hostnetworkRows: KindRow[] = [
  {
    token: "ove:hostnetwork:NMState",
    inputs: { metadata: { name: "nmstate" }, spec: { logLevel: "info" } },
    changed: { metadata: { name: "nmstate" }, spec: { logLevel: "debug" } },
    edit: { spec: { logLevel: "info" } },
    drift: "spec.logLevel",
  },
  {
    token: "ove:hostnetwork:NodeNetworkConfigurationPolicy",
    after: ["ove:hostnetwork:NMState"],
    inputs: { metadata: { name: "life" }, spec: bridge(1500, "ens1f1") },
    changed: { metadata: { name: "life" }, spec: bridge(9000, "ens1f1") },
    edit: { spec: { desiredState: bridge(1400, "ens1f1").desiredState } },
    drift: "spec.desiredState.interfaces[0].mtu",
  },
];
