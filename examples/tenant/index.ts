import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const shop = new ove.Tenant(
  "shop",
  {
    name: "shop",
    namespaces: [{ name: "shop-web" }, { name: "shop-data" }],
    baseline: {
      // The router of a bare-metal cluster uses the node's network.
      router: "host",
      monitoring: [{ port: 9100 }],
      // Importers of disk images run in the tenant's namespaces.
      imageSources: [{ fqdn: "quay.io" }, { fqdn: "*.quay.io" }],
    },
  },
  { provider },
);

export const { namespaces, ready } = shop;
