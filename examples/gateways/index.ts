import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const edge = new ove.Gateways(
  "web",
  {
    gateways: [{ name: "web", namespace: "shop-web", pool: "edge", listeners: [{ name: "http", port: 80 }] }],
    // Labels of the machines' templates.
    backends: [
      { name: "web", namespace: "shop-web", selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
    ],
    routes: [
      {
        name: "web",
        namespace: "shop-web",
        gateway: "web",
        hostnames: ["www.shop.example"],
        rules: [{ path: "/api/v1", service: "web", port: 80 }],
      },
    ],
  },
  { provider },
);

export const { gateways, routes, ready } = edge;
