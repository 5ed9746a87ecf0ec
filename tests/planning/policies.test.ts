import { expect } from "chai";
import type { z } from "zod";
import { NetworkPoliciesArgs, planNetworkPolicies, planPlatform, validate } from "../../planning";
import { Environment } from "../../model/environment";
import { findingText, type JsonObject } from "../../model";
import { doubts } from "./checked";
import { full } from "./environments";
import { properties } from "./plans";

type Input = z.input<typeof NetworkPoliciesArgs>["policies"][number];

const plan = (...policies: Input[]) => planNetworkPolicies(NetworkPoliciesArgs.parse({ policies }));

const spec = (policy: Omit<Input, "name" | "namespace">): JsonObject => {
  const planned = plan({ name: "p", namespace: "web", ...policy });
  expect(doubts(planned)).to.deep.equal([]);
  return planned.objects[0]?.properties.spec as JsonObject;
};

const wrong = (policy: Record<string, unknown>): string[] =>
  validate(NetworkPoliciesArgs, { policies: [{ name: "p", namespace: "web", ...policy }] }, "x").findings.map(
    findingText,
  );

const dns = {
  toEndpoints: [
    {
      matchLabels: {
        "dns.operator.openshift.io/daemonset-dns": "default",
        "k8s:io.kubernetes.pod.namespace": "openshift-dns",
      },
    },
  ],
  toPorts: [
    {
      ports: [
        { port: "5353", protocol: "UDP" },
        { port: "5353", protocol: "TCP" },
      ],
      rules: { dns: [{ matchPattern: "*" }] },
    },
  ],
};

describe("planning of network policies", () => {
  it("plans the web machines of the source document: who may come in, and out to the database, with name look-up", () => {
    const planned = spec({
      subjects: { app: "web-vm" },
      ingress: [{ from: [{ labels: { app: "api-gateway" } }], ports: [{ port: 80 }, { port: 443 }] }],
      egress: [
        { to: [{ labels: { app: "database-vm" }, namespaces: ["app-database-prod"] }], ports: [{ port: 5432 }] },
      ],
    });
    expect(planned).to.deep.equal({
      endpointSelector: { matchLabels: { app: "web-vm" } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: "api-gateway" } }],
          toPorts: [
            {
              ports: [
                { port: "80", protocol: "TCP" },
                { port: "443", protocol: "TCP" },
              ],
            },
          ],
        },
      ],
      egress: [
        {
          toEndpoints: [
            { matchLabels: { app: "database-vm", "k8s:io.kubernetes.pod.namespace": "app-database-prod" } },
          ],
          toPorts: [{ ports: [{ port: "5432", protocol: "TCP" }] }],
        },
        dns,
      ],
    });
  });

  it("plans requests over HTTP with the ports that they come to", () => {
    const http = [
      { method: "GET", path: "/api/v1/.*" },
      { method: "POST", path: "/api/v1/users" },
    ];
    const planned = spec({
      subjects: { app: "web-api" },
      ingress: [{ from: [{ labels: { app: "frontend" } }], ports: [{ port: 8080 }], http }],
    });
    expect(planned.ingress).to.deep.equal([
      {
        fromEndpoints: [{ matchLabels: { app: "frontend" } }],
        toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }], rules: { http } }],
      },
    ]);
    expect(planned).to.not.have.property("egress");
  });

  it("writes one entry for each form of peers, because Cilium combines no two", () => {
    const { egress } = spec({
      egress: [
        {
          to: [
            { namespaces: ["shop", "bank"] },
            { serviceAccount: "payer", namespaces: ["shop"] },
            { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] },
            { entity: "kube-apiserver" },
            { fqdn: "mirror.example.com" },
            { fqdn: "*.example.org" },
            { service: "ledger" },
            { service: "rates", namespaces: ["bank"] },
          ],
          ports: [{ port: 8000, endPort: 8010 }],
        },
      ],
    });
    const toPorts = [{ ports: [{ port: "8000", endPort: 8010, protocol: "TCP" }] }];
    expect(egress).to.deep.equal([
      {
        toEndpoints: [
          {
            matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "In", values: ["bank", "shop"] }],
          },
          {
            matchLabels: {
              "k8s:io.cilium.k8s.policy.serviceaccount": "payer",
              "k8s:io.kubernetes.pod.namespace": "shop",
            },
          },
        ],
        toPorts,
      },
      { toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }], toPorts },
      { toEntities: ["kube-apiserver"], toPorts },
      { toFQDNs: [{ matchName: "mirror.example.com" }, { matchPattern: "*.example.org" }], toPorts },
      {
        toServices: [
          { k8sService: { serviceName: "ledger", namespace: "web" } },
          { k8sService: { serviceName: "rates", namespace: "bank" } },
        ],
        toPorts,
      },
      dns,
    ]);
  });

  it("plans a policy of a secondary network for Multus' own kind", () => {
    const planned = plan({
      name: "storage",
      namespace: "web",
      attachment: "storage",
      subjects: { app: "database" },
      ingress: [
        {
          from: [{ cidr: "10.0.200.0/24" }, { labels: { app: "backup" }, namespaces: ["ops"] }],
          ports: [{ port: 3260 }],
        },
      ],
    });
    expect(doubts(planned)).to.deep.equal([]);
    expect(planned.objects[0]?.token).to.equal("ove:networks:MultiNetworkPolicy");
    expect(properties(planned)["policies/web/storage"]).to.deep.equal({
      metadata: {
        name: "storage",
        namespace: "web",
        annotations: { "k8s.v1.cni.cncf.io/policy-for": "web/storage" },
      },
      spec: {
        podSelector: { matchLabels: { app: "database" } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              { ipBlock: { cidr: "10.0.200.0/24" } },
              {
                podSelector: { matchLabels: { app: "backup" } },
                namespaceSelector: {
                  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["ops"] }],
                },
              },
            ],
            ports: [{ port: 3260, protocol: "TCP" }],
          },
        ],
      },
    });
  });

  const all = { labels: { a: "b" } };
  const cases: [what: string, policy: Record<string, unknown>, problems: string[]][] = [
    ["nothing", {}, ["policies[0].ingress: Must not be empty unless `egress` is given."]],
    [
      "a peer that is nothing",
      { ingress: [{ from: [{}] }] },
      [
        "policies[0].ingress[0].from[0]: Must name one thing: pods (labels, serviceAccount, namespaces), cidr, entity, fqdn or service.",
      ],
    ],
    [
      "a peer that is two things",
      { egress: [{ to: [{ ...all, cidr: "10.0.0.0/8" }] }] },
      [
        "policies[0].egress[0].to[0]: Must name one thing: pods (labels, serviceAccount, namespaces), cidr, entity, fqdn or service.",
      ],
    ],
    [
      "namespaces of addresses",
      { egress: [{ to: [{ namespaces: ["a"], cidr: "10.0.0.0/8" }] }] },
      ["policies[0].egress[0].to[0].namespaces: Does not go with cidr."],
    ],
    [
      "a Service in two namespaces",
      { egress: [{ to: [{ namespaces: ["a", "b"], service: "s" }] }] },
      ["policies[0].egress[0].to[0].namespaces: Must be one namespace: a Service is in one."],
    ],
    [
      "an exception outside",
      { egress: [{ to: [{ cidr: "10.0.0.0/8", except: ["11.0.0.0/16"] }] }] },
      ["policies[0].egress[0].to[0].except[0]: Must lie in `cidr`."],
    ],
    [
      "requests without ports",
      { ingress: [{ from: [all], http: [{ method: "GET" }] }] },
      ["policies[0].ingress[0].ports: Must not be empty where `http` is given."],
    ],
    [
      "requests over UDP",
      { ingress: [{ from: [all], ports: [{ port: 53, protocol: "UDP" }], http: [{ method: "GET" }] }] },
      ["policies[0].ingress[0].ports[0].protocol: Must be TCP where `http` is given."],
    ],
    [
      "a range backwards",
      { ingress: [{ from: [all], ports: [{ port: 80, endPort: 80 }] }] },
      ["policies[0].ingress[0].ports[0].endPort: Must be above `port`: Cilium opens the first port only otherwise."],
    ],
    [
      "names as sources",
      { ingress: [{ from: [{ fqdn: "a.example" }] }] },
      [
        'policies[0].ingress[0].from[0].fqdn: Is not a known property. Did you mean "cidr"?',
        "policies[0].ingress[0].from[0]: Must name one thing: pods (labels, serviceAccount, namespaces), cidr, entity, fqdn or service.",
      ],
    ],
    [
      "requests on a secondary network",
      { attachment: "n", ingress: [{ from: [all], ports: [{ port: 80 }], http: [{ method: "GET" }] }] },
      ["policies[0].ingress[0].http: Cannot be checked on a secondary network."],
    ],
    [
      "entities on a secondary network",
      { attachment: "n", egress: [{ to: [{ entity: "world" }, { serviceAccount: "a" }] }] },
      [
        "policies[0].egress[0].to[0]: A policy of a secondary network knows labels, namespaces and cidr only.",
        "policies[0].egress[0].to[1]: A policy of a secondary network knows labels, namespaces and cidr only.",
      ],
    ],
  ];
  for (const [what, policy, problems] of cases) {
    it(`refuses ${what}`, () => expect(wrong(policy)).to.deep.equal(problems));
  }
});

describe("policies beside a tenant's baseline", () => {
  /** Findings of an environment with a policy in the namespace `a` of a tenant that has `b` as well. */
  const warned = (baseline: object, policy: object): string[] => {
    const environment = Environment.parse({
      ...full,
      tenants: [{ name: "shop", namespaces: [{ name: "a" }, { name: "b" }], baseline }],
      policies: [{ name: "p", namespace: "a", ...policy }],
    });
    return planPlatform(environment)
      .findings.filter(({ path }) => path.startsWith("policies"))
      .map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
  };
  const text = 'Restricts nothing: the baseline of tenant "shop" opens all ports for this peer.';
  const from = (peer: object, more: object = { ports: [{ port: 80 }] }) => ({ ingress: [{ from: [peer], ...more }] });

  it("restrict nothing for peers that it lets in at all ports", () => {
    const inB = { labels: { app: "x" }, namespaces: ["b"] };
    const at = `warning policies[0].ingress[0].from[0]: ${text}`;
    expect(warned({}, from(inB))).to.deep.equal([at]);
    expect(warned({}, from({ labels: { app: "x" } }))).to.deep.equal([at]);
    expect(warned({ reach: "namespace" }, from({ labels: { app: "x" } }))).to.deep.equal([at]);
    expect(warned({ reach: "namespace" }, from(inB))).to.deep.equal([]);
    expect(warned({ reach: "none" }, from({ labels: { app: "x" } }))).to.deep.equal([]);
    expect(warned({}, { egress: [{ to: [inB], ports: [{ port: 80 }] }] })).to.deep.equal([
      `warning policies[0].egress[0].to[0]: ${text}`,
    ]);
  });

  it("restrict nothing for the gateway and the router where it lets these in", () => {
    const at = `warning policies[0].ingress[0].from[0]: ${text}`;
    expect(warned({ gateway: true }, from({ entity: "ingress" }))).to.deep.equal([at]);
    expect(warned({ router: "host" }, from({ entity: "remote-node" }))).to.deep.equal([at]);
    expect(warned({}, from({ entity: "ingress" }))).to.deep.equal([]);
    expect(warned({ gateway: true }, from({ entity: "world" }))).to.deep.equal([]);
  });

  it("say nothing where all ports are meant, or addresses outside", () => {
    expect(warned({}, from({ namespaces: ["b"] }, {}))).to.deep.equal([]);
    expect(warned({}, from({ cidr: "10.0.0.0/8" }))).to.deep.equal([]);
  });
});
