import type { JsonObject } from "../../../../model";
import type { KindRow } from "../row";

const metadata = { name: "life", namespace: "life" };
const listeners = (...ports: number[]): JsonObject => ({
  gatewayClassName: "cilium",
  listeners: ports.map((port) => ({ name: `http-${port}`, protocol: "HTTP", port })),
});
const route = (...hostnames: string[]): JsonObject => ({
  parentRefs: [{ name: "life" }],
  hostnames,
  rules: [{ backendRefs: [{ name: "life", port: 80 }] }],
});

export const gatewayRows: KindRow[] = [
  {
    token: "ove:gateway:Gateway",
    // Its address comes out of the pool.
    after: ["ove:loadbalancing:CiliumLoadBalancerIPPool"],
    needs: [
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name: "cilium" },
        spec: { controllerName: "io.cilium/gateway-controller" },
      },
    ],
    inputs: { metadata, spec: listeners(80) },
    changed: { metadata, spec: listeners(80, 8080) },
    edit: { spec: listeners(80, 8081) },
    drift: "spec.listeners[1] added",
  },
  {
    token: "ove:gateway:HTTPRoute",
    after: ["ove:gateway:Gateway"],
    needs: [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "life", namespace: "life" },
        spec: { selector: { app: "life" }, ports: [{ port: 80 }] },
      },
    ],
    inputs: { metadata, spec: route("a.example") },
    changed: { metadata, spec: route("a.example", "b.example") },
    edit: { spec: { rules: [{ backendRefs: [{ name: "life", port: 80, weight: 5 }] }] } },
    drift: "spec.rules[0].backendRefs[0].weight",
  },
];
