import type { Json } from "../../../../model";
import { each, type Edit } from "./base";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const expression = (operator: string, values?: string[], key = "a"): Json => ({
  key,
  operator,
  ...(values ? { values } : {}),
});
const nodeTerm = (...matchExpressions: Json[]): Edit => ({
  "T.affinity": { nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions }] } } },
});
const podTerm = (term: Json, kind = "podAntiAffinity"): Edit => ({ "T.affinity": { [kind]: { [required]: [term] } } });
const spread = (content: object = {}): Json => ({
  maxSkew: 1,
  topologyKey: "zone",
  whenUnsatisfiable: "DoNotSchedule",
  ...content,
});
const secret = { secret: { secretName: "x" } };
const key = (propagationMethod: Json, source: Json = secret): Json => [{ sshPublicKey: { source, propagationMethod } }];
const word = (propagationMethod: Json, source: Json = secret): Json => [
  { userPassword: { source, propagationMethod } },
];

/** Edits of what the machine's pod is given, and of the machine as a whole. */
export const podEdits: Readonly<Record<string, readonly Edit[]>> = {
  run: [
    ...each("spec.runStrategy", "Always", "Manual", "RerunOnFailure", "Once", "WaitAsReceiver", "always", "", null),
    { "spec.running": true },
    { "spec.running": true, "spec.runStrategy": null },
    { "spec.running": false, "spec.runStrategy": null },
    { "spec.template": null },
    { "T.domain": null },
    { V: null },
  ],
  names: [
    ...each("T.hostname", "web", "web.a", "Web", "-a", "a".repeat(63), "a".repeat(64), "", "1"),
    ...each("T.subdomain", "a.b", "A", "a..b", "a_b", "", "a".repeat(64), "a".repeat(254), `${"a".repeat(70)}.b`),
    ...each("T.terminationGracePeriodSeconds", 0, 180, -1),
    ...each("T.schedulerName", "any"),
    ...each("T.priorityClassName", "any", "A_b"),
    ...each("T.architecture", "amd64", "arm64", "s390x", "riscv64", "x", ""),
    ...each("T.evictionStrategy", "None", "LiveMigrate", "LiveMigrateIfPossible", "External", "x", ""),
    ...each("T.startStrategy", "Paused", "Running", ""),
    { "T.startStrategy": "Paused", "T.livenessProbe": { guestAgentPing: {} } },
    ...[
      "created-by",
      "nodeName",
      "migrationJobUID",
      "migrationTargetNodeName",
      "schedulable",
      "install-strategy",
      "domain",
      "size",
    ].map((label): Edit => ({ "spec.template.metadata": { labels: { [`kubevirt.io/${label}`]: "a" } } })),
    ...["hooks.kubevirt.io/hookSidecars", "kubevirt.io/ignitiondata", "any"].map((name): Edit => ({
      "spec.template.metadata": { annotations: { [name]: "[]" } },
    })),
    { "spec.template.metadata": { labels: { a: "not a value" } } },
  ],
  arm: [
    { "T.architecture": "arm64", "K[0].disk.bus": "sata" },
    { "T.architecture": "arm64", "D.firmware.bootloader": { bios: {} } },
    { "T.architecture": "arm64", "D.cpu": { cores: 2, threads: 2 } },
    { "T.architecture": "arm64", "D.cpu": { cores: 2, threads: 2, dedicatedCpuPlacement: true } },
    { "T.architecture": "arm64", "D.cpu.model": "host-model" },
    { "T.architecture": "arm64", "D.machine": { type: "virt" } },
    { "T.architecture": "arm64", "D.machine": { type: "q35" } },
    { "T.architecture": "s390x", "D.machine": { type: "s390-ccw-virtio" } },
    { "T.architecture": "arm64", "V.watchdog": { name: "w", i6300esb: {} } },
    { "T.architecture": "s390x", "V.watchdog": { name: "w", diag288: {} } },
    { "T.architecture": "arm64", "V.sound": { name: "s" } },
  ],
  dns: [
    ...each("T.dnsPolicy", "ClusterFirst", "Default", "None", "ClusterFirstWithHostNet", "x", ""),
    { "T.dnsPolicy": "None", "T.dnsConfig": {} },
    { "T.dnsPolicy": "None", "T.dnsConfig": { nameservers: ["10.0.0.1"] } },
    ...each(
      "T.dnsConfig",
      { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] },
      { nameservers: ["x"] },
      { nameservers: ["fd00::1"] },
    ),
    ...each("T.dnsConfig", { nameservers: ["fe80::1%eth0"] }, { nameservers: ["1.1.1.1/24"] }),
    ...each(
      "T.dnsConfig",
      { searches: ["a.b", "c"] },
      { searches: ["A"] },
      { searches: ["a."] },
      { searches: ["a", "b", "c", "d", "e", "f", "g"] },
    ),
    ...each(
      "T.dnsConfig",
      { searches: [""] },
      { searches: ["a".repeat(130), "b".repeat(130)] },
      { options: [{ name: "ndots", value: "2" }] },
    ),
    ...each("T.dnsConfig", { options: [{ value: "2" }] }, { options: [{ name: "" }] }, {}),
  ],
  probe: ["readinessProbe", "livenessProbe"].flatMap((probe) => [
    ...each(
      `T.${probe}`,
      {},
      { guestAgentPing: {} },
      { exec: { command: ["a"] } },
      { httpGet: { port: 80 } },
      { tcpSocket: { port: 80 } },
    ),
    ...each(
      `T.${probe}`,
      { httpGet: { port: 80 }, tcpSocket: { port: 80 } },
      { httpGet: {} },
      { guestAgentPing: {}, initialDelaySeconds: -1 },
    ),
    ...each(`T.${probe}`, { tcpSocket: { port: "http" } }, { exec: {} }),
    ...["httpGet", "tcpSocket"].map((way): Edit => ({
      [`T.${probe}`]: { [way]: { port: 80 } },
      "I[0]": null,
      "N[0]": null,
    })),
    { [`T.${probe}`]: { guestAgentPing: {} }, "I[0]": null, "N[0]": null },
    { [`T.${probe}`]: { tcpSocket: { port: 80 } }, "V.interfaces": null, "T.networks": null },
    {
      [`T.${probe}`]: { tcpSocket: { port: 80 } },
      "V.interfaces": null,
      "T.networks": null,
      "V.autoattachPodInterface": false,
    },
  ]),
  access: [
    ...each(
      "T.accessCredentials",
      [],
      [{}],
      key({ noCloud: {} }),
      key({ configDrive: {} }),
      key({ qemuGuestAgent: { users: ["a"] } }),
    ),
    ...each(
      "T.accessCredentials",
      key({ qemuGuestAgent: { users: [] } }),
      key({ qemuGuestAgent: {} }),
      key({}),
      key({ noCloud: {} }, {}),
    ),
    ...each(
      "T.accessCredentials",
      key({ noCloud: {}, qemuGuestAgent: { users: ["a"] } }),
      word({ qemuGuestAgent: {} }),
      word({}),
      word({ qemuGuestAgent: {} }, {}),
    ),
    ...each("T.accessCredentials", [
      {
        sshPublicKey: { source: secret, propagationMethod: { noCloud: {} } },
        userPassword: { source: secret, propagationMethod: { qemuGuestAgent: {} } },
      },
    ]),
    {
      "T.accessCredentials": key({ configDrive: {} }),
      "W[1]": { name: "init", cloudInitConfigDrive: { userData: "a" } },
    },
    { "T.accessCredentials": key({ noCloud: {} }), "W[1]": { name: "init", cloudInitConfigDrive: { userData: "a" } } },
  ],
  affinity: [
    nodeTerm(expression("In", ["a"])),
    nodeTerm(expression("In")),
    nodeTerm(expression("Exists", ["a"])),
    nodeTerm(expression("Exists")),
    nodeTerm(expression("Gt", ["1"])),
    nodeTerm(expression("Gt", ["1", "2"])),
    nodeTerm(expression("Lt", ["a"])),
    nodeTerm(expression("Near", ["a"])),
    nodeTerm(expression("In", ["a"], "not a key")),
    nodeTerm(expression("In", ["a"], "example.com/a")),
    nodeTerm(expression("In", ["a"], "Example.com/a")),
    nodeTerm(expression("In", ["a"], "")),
    nodeTerm(expression("In", ["not a value"])),
    { "T.affinity": {} },
    { "T.affinity": { nodeAffinity: { [required]: { nodeSelectorTerms: [] } } } },
    { "T.affinity": { nodeAffinity: { [required]: {} } } },
    { "T.affinity": { nodeAffinity: { [required]: { nodeSelectorTerms: [{}] } } } },
    ...[
      ["In", "metadata.name", ["a"]],
      ["In", "metadata.name", ["a", "b"]],
      ["In", "spec.x", ["a"]],
      ["Exists", "metadata.name", []],
      ["NotIn", "metadata.name", ["B_c"]],
    ].map(([operator, name, values]): Edit => ({
      "T.affinity": {
        nodeAffinity: {
          [required]: {
            nodeSelectorTerms: [{ matchFields: [expression(operator as string, values as string[], name as string)] }],
          },
        },
      },
    })),
    ...[0, 1, 100, 101].map((weight): Edit => ({
      "T.affinity": {
        nodeAffinity: { [preferred]: [{ weight, preference: { matchExpressions: [expression("In", ["a"])] } }] },
      },
    })),
    { "T.affinity": { nodeAffinity: { [preferred]: [{ weight: 1, preference: {} }] } } },
    ...["podAffinity", "podAntiAffinity"].flatMap((kind) => [
      podTerm({ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { a: "b" } } }, kind),
      podTerm({ labelSelector: { matchLabels: { a: "b" } } }, kind),
      podTerm({ topologyKey: "", labelSelector: {} }, kind),
      podTerm({ topologyKey: "not a key", labelSelector: {} }, kind),
      podTerm({ topologyKey: "a", labelSelector: { matchExpressions: [expression("In")] } }, kind),
      podTerm({ topologyKey: "a", labelSelector: { matchExpressions: [expression("Gt", ["1"])] } }, kind),
      podTerm({ topologyKey: "a", labelSelector: { matchLabels: { "not a key": "b" } } }, kind),
      podTerm({ topologyKey: "a", labelSelector: { matchLabels: { a: "not a value" } } }, kind),
      podTerm({ topologyKey: "a", namespaces: ["Not_a_name"] }, kind),
      podTerm({ topologyKey: "a", namespaces: ["web"] }, kind),
      podTerm({ topologyKey: "a", namespaceSelector: { matchExpressions: [expression("Exists", ["a"])] } }, kind),
      podTerm({ topologyKey: "a", matchLabelKeys: ["b"], labelSelector: { matchLabels: { c: "d" } } }, kind),
      podTerm(
        {
          topologyKey: "a",
          matchLabelKeys: ["c"],
          labelSelector: { matchExpressions: [expression("In", ["d"], "c")] },
        },
        kind,
      ),
      podTerm({ topologyKey: "a", matchLabelKeys: ["c"] }, kind),
    ]),
    ...[0, 101, 50].map((weight): Edit => ({
      "T.affinity": { podAffinity: { [preferred]: [{ weight, podAffinityTerm: { topologyKey: "a" } }] } },
    })),
  ],
  spread: [
    ...each(
      "T.topologySpreadConstraints",
      [spread()],
      [spread({ maxSkew: 0 })],
      [spread({ maxSkew: -1 })],
      [spread({ topologyKey: "" })],
    ),
    ...each(
      "T.topologySpreadConstraints",
      [spread({ topologyKey: "not a key" })],
      [spread({ whenUnsatisfiable: "Never" })],
      [spread(), spread()],
    ),
    ...each(
      "T.topologySpreadConstraints",
      [spread(), spread({ whenUnsatisfiable: "ScheduleAnyway" })],
      [spread({ minDomains: 1 })],
      [spread({ minDomains: 0 })],
    ),
    ...each(
      "T.topologySpreadConstraints",
      [spread({ minDomains: 1, whenUnsatisfiable: "ScheduleAnyway" })],
      [spread({ nodeAffinityPolicy: "Honor" })],
    ),
    ...each(
      "T.topologySpreadConstraints",
      [spread({ nodeAffinityPolicy: "x" })],
      [spread({ nodeTaintsPolicy: "x" })],
      [spread({ matchLabelKeys: ["a"] })],
    ),
    ...each("T.topologySpreadConstraints", [
      spread({ matchLabelKeys: ["a"], labelSelector: { matchLabels: { a: "b" } } }),
    ]),
    ...each("T.topologySpreadConstraints", [
      spread({ matchLabelKeys: ["not a key"], labelSelector: { matchLabels: { a: "b" } } }),
    ]),
    ...each(
      "T.topologySpreadConstraints",
      [spread({ labelSelector: { matchExpressions: [expression("In")] } })],
      [spread({ labelSelector: { matchLabels: { a: "no value" } } })],
    ),
  ],
  scheduling: [
    ...each("T.nodeSelector", { a: "b" }, { "not a key": "b" }, { a: "not a value" }, {}),
    ...each(
      "T.tolerations",
      [{ operator: "Exists" }],
      [{ key: "a", operator: "Exists", value: "b" }],
      [{ key: "a", operator: "x" }],
      [{ effect: "x" }],
    ),
  ],
};
