import type { ObjectKind, Readiness } from "../../provider/kind";
import type { Shape } from "../../provider/shape";

/** Seconds; built-in kinds without a controller are there at once, a namespace goes when all in it has gone. */
const TIMEOUTS = { create: 60, update: 60, delete: 600 };

/** These kinds work as soon as they exist. */
const atOnce: Readiness = { watches: () => [], verdict: () => ({ state: "ready" }) };

const text: Shape = { type: "string" };
const textMap: Shape = { type: "object", values: text };

const texts: Shape = { type: "array", items: text };
const RBAC = "rbac.authorization.k8s.io/v1";
const policyRule = { apiGroups: texts, resources: texts, resourceNames: texts, nonResourceURLs: texts, verbs: texts };
const subject = { kind: text, name: text, namespace: text, apiGroup: text };

interface Row {
  kind: string;
  plural: string;
  scope?: "Cluster";
  doc: string;
  /** Group and version; the core group's v1 unless given. */
  apiVersion?: string;
  /** The content beside metadata. */
  properties?: Record<string, Shape>;
  immutable?: string[];
  serverWritten?: string[];
  ready?: Readiness;
}

function row({ kind, plural, scope, doc, apiVersion = "v1", properties = {}, ...rest }: Row): ObjectKind {
  const group = apiVersion === "v1" ? "core/v1" : apiVersion;
  return {
    is: "object",
    token: `kubernetes:${group}:${kind}`,
    doc,
    timeouts: TIMEOUTS,
    apiVersion,
    kind,
    plural,
    scope: scope ?? "Namespaced",
    // The official SDK's classes send apiVersion and kind as properties.
    shape: () => ({
      type: "object",
      properties: {
        apiVersion: { type: "string", enum: [apiVersion] },
        kind: { type: "string", enum: [kind] },
        ...properties,
      },
    }),
    listKeys: {},
    immutable: rest.immutable ?? [],
    serverWritten: rest.serverWritten ?? [],
    adopt: () => false,
    rules: [],
    disruptions: [],
    waits: "",
    deletes: "",
    example: {},
    admission: "static",
    ready: rest.ready ?? atOnce,
  };
}

/** A namespace takes objects once the API server says that it is active. */
const active: Readiness = {
  watches: () => [],
  verdict: (live) => {
    const phase = live.status?.phase;
    if (phase === "Active") return { state: "ready" };
    return { state: "waiting", condition: "phase Active", seen: typeof phase === "string" ? phase : "no phase" };
  },
};

/** A Service works at once, but one of type LoadBalancer when it has an address, as the official plugin has it. */
const addressed: Readiness = {
  watches: () => [],
  verdict: (live) => {
    const { ingress = [] } = (live.status?.loadBalancer ?? {}) as { ingress?: unknown[] };
    if (live.spec?.type !== "LoadBalancer" || ingress.length > 0) return { state: "ready" };
    return { state: "waiting", condition: "an address of the load balancer", seen: "none" };
  },
};

const servicePorts: Shape = {
  type: "array",
  items: {
    type: "object",
    properties: {
      name: text,
      port: { type: "integer" },
      targetPort: { intOrString: true },
      nodePort: { type: "integer" },
      protocol: text,
      appProtocol: text,
    },
  },
};

/** The built-in kinds that components use, for sandboxes where the official Kubernetes plugin cannot be had. */
export const kubernetesKinds: readonly ObjectKind[] = [
  row({
    kind: "Namespace",
    plural: "namespaces",
    scope: "Cluster",
    doc: "A namespace.",
    properties: { spec: { type: "object", properties: { finalizers: { type: "array", items: text } } } },
    serverWritten: ["spec.finalizers", "metadata.labels.kubernetes.io/metadata.name"],
    ready: active,
  }),
  row({
    kind: "Secret",
    plural: "secrets",
    doc: "Secret data.",
    properties: { type: text, data: textMap, stringData: textMap, immutable: { type: "boolean" } },
    immutable: ["type"],
    // The API server moves stringData, which it never shows, to data, and fills in the type.
    serverWritten: ["data", "stringData", "type"],
  }),
  row({
    kind: "ConfigMap",
    plural: "configmaps",
    doc: "Configuration data.",
    properties: { data: textMap, binaryData: textMap, immutable: { type: "boolean" } },
  }),
  row({
    kind: "Service",
    plural: "services",
    doc: "An address for pods.",
    properties: {
      spec: {
        type: "object",
        properties: {
          type: text,
          selector: textMap,
          ports: servicePorts,
          externalTrafficPolicy: text,
          clusterIP: text,
          clusterIPs: { type: "array", items: text },
        },
      },
    },
    // Handed out by the API server and by its controllers.
    serverWritten: ["spec.clusterIP", "spec.clusterIPs", "spec.ports.nodePort"],
    ready: addressed,
  }),
  row({
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    doc: "An identity for pods.",
    properties: { automountServiceAccountToken: { type: "boolean" } },
    serverWritten: ["secrets", "imagePullSecrets"],
  }),
  row({
    kind: "Role",
    plural: "roles",
    apiVersion: RBAC,
    doc: "What may be done in a namespace.",
    properties: { rules: { type: "array", items: { type: "object", properties: policyRule } } },
  }),
  row({
    kind: "RoleBinding",
    plural: "rolebindings",
    apiVersion: RBAC,
    doc: "Who has a role.",
    properties: {
      roleRef: { type: "object", properties: { apiGroup: text, kind: text, name: text } },
      subjects: { type: "array", items: { type: "object", properties: subject } },
    },
    immutable: ["roleRef"],
    // Filled in by the API server.
    serverWritten: ["subjects.apiGroup"],
  }),
];

/** Said once, when the plugin starts. */
export const STAND_IN =
  "This sandbox's pulumi-resource-kubernetes stands in for the official plugin. It knows only the kinds " +
  `${kubernetesKinds.map((kind) => kind.kind).join(", ")}. Do not use it outside the sandbox.`;
