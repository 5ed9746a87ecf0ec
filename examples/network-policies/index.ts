import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const rules = new ove.NetworkPolicies(
  "web",
  {
    policies: [
      {
        name: "web",
        namespace: "shop-web",
        // Labels of the machines' templates: those of a VirtualMachine itself never reach its pod.
        subjects: { app: "web" },
        ingress: [
          {
            from: [{ labels: { app: "api-gateway" } }],
            ports: [{ port: 8080 }],
            http: [
              { method: "GET", path: "/api/v1/.*" },
              { method: "POST", path: "/api/v1/users" },
            ],
          },
        ],
        egress: [{ to: [{ labels: { app: "database" }, namespaces: ["shop-data"] }], ports: [{ port: 5432 }] }],
      },
    ],
  },
  { provider },
);

export const { policies, ready } = rules;
