import type { JsonObject } from "../../model";
import { P, domain, nic, spec, template, volume } from "./machine-inputs";
import type { Cases } from "./support";
import { merged } from "./support";

const A = `${P}.accessCredentials[0]`;
const login = (content: JsonObject, more: JsonObject = {}): JsonObject =>
  merged(template({ accessCredentials: [content] }), more) as JsonObject;
const source = { secret: { secretName: "a" } };
const key = (propagationMethod: JsonObject): JsonObject => ({ sshPublicKey: { source, propagationMethod } });
const multusOnly = nic({ bridge: {} }, { multus: { networkName: "a" } });

const affinity = (content: JsonObject): JsonObject => template({ affinity: content });
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const N = `${P}.affinity.nodeAffinity`;
const O = `${P}.affinity.podAntiAffinity`;
const node = (...matchExpressions: JsonObject[]): JsonObject =>
  affinity({ nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions }] } } });
const E0 = `${N}.${required}.nodeSelectorTerms[0].matchExpressions[0]`;
const field = (...matchFields: JsonObject[]): JsonObject =>
  affinity({ nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchFields }] } } });
const F0 = `${N}.${required}.nodeSelectorTerms[0].matchFields[0]`;
const S0 = `${O}.${required}[0]`;
const pods = (term: JsonObject): JsonObject => affinity({ podAntiAffinity: { [required]: [term] } });
const spread = (...constraints: JsonObject[]): JsonObject =>
  template({
    topologySpreadConstraints: constraints.map((each) => ({
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      ...each,
    })),
  });
const T = `${P}.topologySpreadConstraints`;
const dns = (dnsConfig: JsonObject, dnsPolicy = "ClusterFirst"): JsonObject => template({ dnsPolicy, dnsConfig });
const claims = (...networks: JsonObject[]): JsonObject =>
  template({ resourceClaims: [{ name: "c" }], networks: networks.map((each, at) => ({ name: `n${at}`, ...each })) });
const claim = (claimName: string, requestName = "r"): JsonObject => ({ resourceClaim: { claimName, requestName } });

/** Cases of the rules on ways into a machine, its pod and its instance type. */
export const podCases: Record<string, Cases> = {
  "machines/access-credential": {
    bad: [
      [login({}), A],
      [login({ ...key({ noCloud: {} }), userPassword: {} }), A],
      [login({ sshPublicKey: { propagationMethod: { noCloud: {} } } }), `${A}.sshPublicKey.source`],
      [login(key({})), `${A}.sshPublicKey.propagationMethod`],
      [login(key({ noCloud: {} })), `${A}.sshPublicKey.propagationMethod`],
      [login(key({ configDrive: {} })), `${A}.sshPublicKey.propagationMethod`],
      [login(key({ qemuGuestAgent: { users: [] } })), `${A}.sshPublicKey.propagationMethod.qemuGuestAgent.users`],
      [login({ userPassword: { source, propagationMethod: {} } }), `${A}.userPassword.propagationMethod`],
    ],
    good: [
      login(key({ noCloud: {} }), volume({ cloudInitNoCloud: { userData: "a" } })),
      login(key({ qemuGuestAgent: { users: ["a"] } })),
      login(key({ qemuGuestAgent: { users: undefined } })),
      login({ userPassword: { source, propagationMethod: { qemuGuestAgent: {} } } }),
      login({ userPassword: undefined }),
      login({ sshPublicKey: { source, propagationMethod: undefined } }),
    ],
  },
  "machines/probe": {
    bad: [
      [template({ readinessProbe: {} }), `${P}.readinessProbe`],
      [template({ livenessProbe: { exec: {}, tcpSocket: {} } }), `${P}.livenessProbe`],
    ],
    good: [template({ readinessProbe: { guestAgentPing: {} } }), template({ readinessProbe: undefined })],
  },
  "machines/probe-network": {
    bad: [
      [merged(multusOnly, template({ readinessProbe: { httpGet: {} } })) as JsonObject, `${P}.readinessProbe.httpGet`],
      [
        template({ livenessProbe: { tcpSocket: {} }, domain: { devices: { autoattachPodInterface: false } } }),
        `${P}.livenessProbe.tcpSocket`,
      ],
    ],
    good: [
      merged(multusOnly, template({ readinessProbe: { exec: {} } })) as JsonObject,
      merged(nic({ masquerade: {} }), template({ readinessProbe: { httpGet: {} } })) as JsonObject,
      template({ readinessProbe: { httpGet: {} } }),
    ],
  },
  "machines/start-strategy": {
    bad: [
      [template({ startStrategy: "Stopped" }), `${P}.startStrategy`],
      [template({ startStrategy: "Paused", livenessProbe: { exec: {} } }), `${P}.startStrategy`],
    ],
    good: [template({ startStrategy: "Paused" })],
  },
  "machines/dns-policy": {
    bad: [
      [template({ dnsPolicy: "none" }), `${P}.dnsPolicy`],
      [template({ dnsPolicy: "" }), `${P}.dnsPolicy`],
    ],
    good: [template({ dnsPolicy: "ClusterFirstWithHostNet" })],
  },
  "machines/dns-config": {
    bad: [
      [template({ dnsPolicy: "None" }), `${P}.dnsConfig`],
      [dns({}, "None"), `${P}.dnsConfig.nameservers`],
      [dns({ nameservers: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"] }), `${P}.dnsConfig.nameservers`],
      [dns({ nameservers: ["dns"] }), `${P}.dnsConfig.nameservers[0]`],
      [dns({ nameservers: ["fe80::1%eth0"] }), `${P}.dnsConfig.nameservers[0]`],
      [dns({ searches: ["a", "b", "c", "d", "e", "f", "g"] }), `${P}.dnsConfig.searches`],
      [
        dns({ searches: [`${"a".repeat(63)}.b`, ...["c", "d", "e"].map((each) => each.repeat(63))] }),
        `${P}.dnsConfig.searches`,
      ],
      [dns({ searches: ["A_b"] }), `${P}.dnsConfig.searches[0]`],
      [dns({ options: [{ value: "2" }] }), `${P}.dnsConfig.options[0].name`],
    ],
    good: [
      dns({ nameservers: ["10.0.0.1", "2001:db8::1"], searches: ["a.b"], options: [{ name: "ndots" }] }, "None"),
      dns({ nameservers: undefined }, "None"),
    ],
  },
  "machines/affinity": {
    bad: [
      [affinity({ nodeAffinity: { [required]: { nodeSelectorTerms: [] } } }), `${N}.${required}.nodeSelectorTerms`],
      [node({ key: "a", operator: "In" }), `${E0}.values`],
      [node({ key: "a", operator: "Exists", values: ["b"] }), `${E0}.values`],
      [node({ key: "a", operator: "Gt", values: ["1", "2"] }), `${E0}.values`],
      [node({ key: "a", operator: "Is" }), `${E0}.operator`],
      [field({ key: "metadata.name", operator: "Exists" }), `${F0}.operator`],
      [field({ key: "metadata.name", operator: "In", values: ["B_c"] }), `${F0}.values[0]`],
      [pods({ labelSelector: { matchLabels: { "not a key": "b" } } }), `${S0}.labelSelector.matchLabels["not a key"]`],
      [pods({ labelSelector: { matchLabels: { a: "not a value" } } }), `${S0}.labelSelector.matchLabels.a`],
      [pods({ namespaces: ["Not_a_name"] }), `${S0}.namespaces[0]`],
      [node({ key: "a b", operator: "Exists" }), `${E0}.key`],
      [
        affinity({
          nodeAffinity: {
            [required]: { nodeSelectorTerms: [{ matchFields: [{ key: "x", operator: "In", values: ["a"] }] }] },
          },
        }),
        `${N}.${required}.nodeSelectorTerms[0].matchFields[0].key`,
      ],
      [
        affinity({
          nodeAffinity: {
            [required]: {
              nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [] }] }],
            },
          },
        }),
        `${N}.${required}.nodeSelectorTerms[0].matchFields[0].values`,
      ],
      [affinity({ nodeAffinity: { [preferred]: [{ weight: 0, preference: {} }] } }), `${N}.${preferred}[0].weight`],
      [pods({}), `${O}.${required}[0].topologyKey`],
      [
        pods({ topologyKey: "a", labelSelector: { matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] } }),
        `${O}.${required}[0].labelSelector.matchExpressions[0].operator`,
      ],
      [
        affinity({ podAffinity: { [preferred]: [{ weight: 101, podAffinityTerm: { topologyKey: "a" } }] } }),
        `${P}.affinity.podAffinity.${preferred}[0].weight`,
      ],
    ],
    good: [
      node({ key: "example.com/a", operator: "NotIn", values: ["b"] }, { key: "b", operator: "DoesNotExist" }),
      node({ key: undefined, operator: undefined }, { key: "a", operator: "Lt", values: undefined }),
      affinity({
        nodeAffinity: {
          [required]: {
            nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }],
          },
          [preferred]: [{ weight: 1, preference: {} }],
        },
      }),
      pods({ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { a: "b" } } }),
      affinity({ podAffinity: { [preferred]: [{ weight: 1, podAffinityTerm: undefined }] } }),
    ],
  },
  "machines/topology-spread": {
    bad: [
      [spread({ maxSkew: 0 }), `${T}[0].maxSkew`],
      [spread({ nodeAffinityPolicy: "x" }), `${T}[0].nodeAffinityPolicy`],
      [spread({ labelSelector: { matchLabels: { a: "no value" } } }), `${T}[0].labelSelector.matchLabels.a`],
      [spread({ topologyKey: "" }), `${T}[0].topologyKey`],
      [spread({ whenUnsatisfiable: "Ignore" }), `${T}[0].whenUnsatisfiable`],
      [spread({}, {}), `${T}[1]`],
      [
        spread({ labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] } }),
        `${T}[0].labelSelector.matchExpressions[0].values`,
      ],
    ],
    good: [
      spread({}, { whenUnsatisfiable: "ScheduleAnyway" }),
      spread({ topologyKey: undefined }, { topologyKey: undefined }),
    ],
  },
  "machines/service-account": {
    bad: [
      [template({ serviceAccountName: "A b" }), `${P}.serviceAccountName`],
      [
        merged(
          volume({ serviceAccount: { serviceAccountName: "b" } }),
          template({ serviceAccountName: "a" }),
        ) as JsonObject,
        `${P}.serviceAccountName`,
      ],
    ],
    good: [
      merged(
        volume({ serviceAccount: { serviceAccountName: "a" } }),
        template({ serviceAccountName: "a" }),
      ) as JsonObject,
      template({ serviceAccountName: "a" }),
      template({}),
    ],
  },
  "machines/resource-claim": {
    bad: [[template({ resourceClaims: [{ name: "a" }, { name: "a" }] }), `${P}.resourceClaims[1].name`]],
    good: [template({ resourceClaims: [{ name: "a" }, { name: "b" }, {}] })],
  },
  "machines/network-claim": {
    bad: [
      [claims({ ...claim("c") }, { multus: { networkName: "a" } }), `${P}.networks`],
      [claims({ resourceClaim: {} }), `${P}.networks[0].resourceClaim.claimName`],
      [claims(claim("d")), `${P}.networks[0].resourceClaim.claimName`],
      [claims(claim("c"), claim("c")), `${P}.networks[1].resourceClaim`],
    ],
    good: [claims(claim("c"), claim("c", "s")), claims({ resourceClaim: undefined }), claims({ pod: {} })],
  },
  "machines/instancetype-conflict": {
    bad: [
      ["cpu", "cores", 2, `${P}.domain.cpu.cores`],
      ["memory", "guest", "1Gi", `${P}.domain.memory.guest`],
    ].map(([part, field, value, path]): [JsonObject, string] => [
      merged(
        spec({ instancetype: { name: "a" } }),
        domain({ [String(part)]: { [String(field)]: value ?? "" } }),
      ) as JsonObject,
      String(path),
    ]),
    good: [
      merged(spec({ instancetype: { name: "a" } }), domain({ cpu: { model: "host-model", cores: 0 } })) as JsonObject,
      domain({ cpu: { cores: 2 } }),
    ],
  },
  "machines/instancetype-name": {
    bad: [
      [spec({ instancetype: {} }), "spec.instancetype"],
      [spec({ preference: { name: "a", inferFromVolume: "b" } }), "spec.preference"],
      [spec({ instancetype: { name: "a", kind: "VirtualMachine" } }), "spec.instancetype.kind"],
      [
        spec({ instancetype: { inferFromVolume: "a", inferFromVolumeFailurePolicy: "Fail" } }),
        "spec.instancetype.inferFromVolumeFailurePolicy",
      ],
    ],
    good: [
      spec({ instancetype: { name: "a", kind: "VirtualMachineInstancetype" }, preference: { inferFromVolume: "b" } }),
      spec({ instancetype: undefined, preference: { name: undefined } }),
    ],
  },
};
