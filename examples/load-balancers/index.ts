import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const edge = new ove.LoadBalancers(
  "edge",
  {
    pools: [{ name: "edge", blocks: [{ cidr: "10.100.0.0/24" }] }],
    l2: [{ name: "edge", pools: ["edge"], interfaces: ["^br-ex$"] }],
    services: [
      {
        name: "web",
        namespace: "shop-web",
        pool: "edge",
        addresses: ["10.100.0.10"],
        // Labels of the machines' templates.
        selector: { app: "web" },
        ports: [{ port: 80, targetPort: 8080 }],
      },
    ],
  },
  { provider },
);

export const { pools, services, ready } = edge;
