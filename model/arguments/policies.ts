import { z } from "zod";
import { contains, isNetwork } from "../addresses";
import { distinct, DnsLabel, namespacedName, NetworkCidr, StringMap } from "./common";

const peerFields = {
  labels: StringMap.refine((labels) => Object.keys(labels).length > 0, { error: "Must not be empty." })
    .optional()
    .describe("Pods by their labels; machines by those of their template."),
  serviceAccount: DnsLabel.optional().describe("Pods by the service account that they run as."),
  namespaces: z
    .array(DnsLabel)
    .min(1)
    .optional()
    .describe("Namespaces of the pods, or of the Service; the policy's own unless given. Alone: everything in them."),
  cidr: NetworkCidr.optional().describe("Addresses outside of the cluster."),
  except: z.array(NetworkCidr).default([]).describe("Parts of `cidr` that are not meant."),
  entity: z
    .enum(["world", "cluster", "host", "remote-node", "kube-apiserver", "ingress"])
    .optional()
    .describe("`world` is all outside, `host` the own node, `ingress` the nodes' Envoy (Gateway API)."),
};

const outerFields = {
  fqdn: z
    .string()
    .max(255)
    .regex(/^[-a-zA-Z0-9_.*]+$/, "Must be a name such as mirror.example.com, where * stands for any part of it.")
    .optional()
    .describe("Something outside by its DNS name; `*` stands for any part of it."),
  service: DnsLabel.optional().describe("Those behind a Service."),
};

/** Somebody at the other end of a connection. */
export interface Peer {
  labels?: Record<string, string> | undefined;
  serviceAccount?: string | undefined;
  namespaces?: string[] | undefined;
  cidr?: string | undefined;
  except: string[];
  entity?: string | undefined;
  fqdn?: string | undefined;
  service?: string | undefined;
}

/** In what way a peer is named; undefined unless it is exactly one. Cilium combines no two of them in an entry. */
export function peerForm(peer: Peer): "endpoints" | "cidr" | "entity" | "fqdn" | "service" | undefined {
  const forms = (["cidr", "entity", "fqdn", "service"] as const).filter((form) => peer[form] !== undefined);
  const endpoints = peer.labels !== undefined || peer.serviceAccount !== undefined;
  if (endpoints) return forms.length === 0 ? "endpoints" : undefined;
  if (forms.length === 0) return peer.namespaces === undefined ? undefined : "endpoints";
  return forms.length === 1 ? forms[0] : undefined;
}

function peerProblem(peer: Peer): { path: (string | number)[]; message: string } | undefined {
  const form = peerForm(peer);
  if (form === undefined) {
    const message = "Must name one thing: pods (labels, serviceAccount, namespaces), cidr, entity, fqdn or service.";
    return { path: [], message };
  }
  if (peer.namespaces !== undefined && form !== "endpoints" && form !== "service") {
    return { path: ["namespaces"], message: `Does not go with ${form}.` };
  }
  if (form === "service" && (peer.namespaces?.length ?? 1) > 1) {
    return { path: ["namespaces"], message: "Must be one namespace: a Service is in one." };
  }
  const outside = peer.except.findIndex((part) => !isNetwork(part) || !contains(peer.cidr ?? "", part));
  return outside < 0 ? undefined : { path: ["except", outside], message: "Must lie in `cidr`." };
}

function checkedPeer<T extends z.ZodType<Peer>>(fields: T): T {
  return fields.superRefine((peer, context) => {
    const problem = peerProblem(peer);
    if (problem) context.addIssue({ code: "custom", ...problem });
  });
}

/** Somebody who may open connections to the subjects of a policy. */
export const IngressPeer = checkedPeer(z.strictObject(peerFields));

/** Somebody to whom the subjects of a policy may open connections. */
export const EgressPeer = checkedPeer(z.strictObject({ ...peerFields, ...outerFields }));

/** Ports of the subjects (ingress) or of the peers (egress), behind any translation by a Service. */
export const PolicyPort = z
  .strictObject({
    port: z.int().min(1).max(65535).describe("Number of the port: the pod's, not the Service's."),
    endPort: z.int().min(1).max(65535).optional().describe("Last number of a range that begins with `port`."),
    protocol: z.enum(["TCP", "UDP", "SCTP"]).default("TCP").describe("Protocol; TCP unless given."),
  })
  .refine(({ port, endPort }) => endPort === undefined || endPort > port, {
    path: ["endPort"],
    error: "Must be above `port`: Cilium opens the first port only otherwise.",
  });
export type PolicyPort = z.infer<typeof PolicyPort>;

/** A request that an HTTP policy allows. */
export const HttpRequest = z.strictObject({
  method: z.string().min(1).optional().describe("Regular expression for the whole method, such as `GET`."),
  path: z.string().min(1).optional().describe("Regular expression for the whole path, such as `/api/v1/.*`."),
  host: z.string().min(1).optional().describe("Regular expression for the whole host name."),
});

const traffic = {
  ports: z.array(PolicyPort).max(40).default([]).describe("Ports; all unless given."),
  http: z
    .array(HttpRequest)
    .default([])
    .describe("Allowed requests, read by the nodes' Envoy. Plain HTTP over TCP only; anything unless given."),
};

type Traffic = { ports: PolicyPort[]; http: z.infer<typeof HttpRequest>[] };

function checkedTraffic<T extends z.ZodType<Traffic>>(fields: T): T {
  return fields.superRefine(({ ports, http }, context) => {
    if (http.length === 0) return;
    const report = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (ports.length === 0) report(["ports"], "Must not be empty where `http` is given.");
    ports.forEach(({ protocol }, index) => {
      if (protocol !== "TCP") report(["ports", index, "protocol"], "Must be TCP where `http` is given.");
    });
  });
}

/** Connections to the subjects of a policy. */
export const IngressRule = checkedTraffic(
  z.strictObject({ from: z.array(IngressPeer).min(1).describe("Who may open them."), ...traffic }),
);

/** Connections from the subjects of a policy. */
export const EgressRule = checkedTraffic(
  z.strictObject({ to: z.array(EgressPeer).min(1).describe("To whom they may be opened."), ...traffic }),
);

/** What pods and machines of a namespace may do on the network. */
export const NetworkPolicy = z
  .strictObject({
    name: DnsLabel.describe("Name of the policy."),
    namespace: DnsLabel.describe("Namespace of the policy and its subjects."),
    subjects: StringMap.default({}).describe("Labels of the subjects; everything in the namespace unless given."),
    attachment: DnsLabel.optional().describe(
      "A secondary network of the namespace that the policy is for, pods on macvlan, ipvlan, bond or SR-IOV netdevice " +
        "only; the pod network unless given. Cilium sees the pod network alone.",
    ),
    ingress: z.array(IngressRule).default([]).describe("Connections to the subjects; no others are allowed then."),
    egress: z
      .array(EgressRule)
      .default([])
      .describe("Connections from the subjects; no others are allowed then, but name look-ups always are."),
  })
  .superRefine((policy, context) => {
    const { attachment, ingress, egress } = policy;
    const report = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (ingress.length + egress.length === 0) report(["ingress"], "Must not be empty unless `egress` is given.");
    if (attachment === undefined) return;
    const check = (side: "ingress" | "egress", peers: "from" | "to", rules: readonly (Traffic & object)[]) =>
      rules.forEach((rule, index) => {
        if (rule.http.length > 0) report([side, index, "http"], "Cannot be checked on a secondary network.");
        const list = (rule as unknown as Record<string, Peer[]>)[peers] ?? [];
        list.forEach((peer, position) => {
          const form = peerForm(peer);
          if (form === undefined || form === "cidr" || (form === "endpoints" && peer.serviceAccount === undefined))
            return;
          const message = "A policy of a secondary network knows labels, namespaces and cidr only.";
          report([side, index, peers, position], message);
        });
      });
    check("ingress", "from", ingress);
    check("egress", "to", egress);
  });
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;

/** Policies of namespaces. */
export const NetworkPoliciesArgs = z.strictObject({
  policies: distinct(NetworkPolicy, namespacedName).min(1).describe("The policies."),
});
export type NetworkPoliciesArgs = z.infer<typeof NetworkPoliciesArgs>;
