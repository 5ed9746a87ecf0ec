import { z } from "zod";
import { unitFileProblem } from "../unit-file";
import { distinct, DnsLabel, HugepageSize, StringMap } from "./common";
import { besideProfile, Kubelet, Performance, Taint } from "./node-tuning";

const Mode = z
  .string({ error: 'Must be four octal digits in quotes such as "0644": a bare 644 would be a decimal number, 01204.' })
  .regex(/^0[0-7]{3}$/, 'Must be four octal digits up to "0777", in quotes; special mode bits are not supported.');

/** Text that UTF-8 has a form for: half of a surrogate pair would silently become another character. */
const Text = z.string().refine((text) => !/\p{Surrogate}/u.test(text), { error: "Must be well-formed Unicode." });

/** A file that lets the machine config daemon skip its checks, and that it refuses therefore. */
const FORCE_FILE = "/run/machine-config-daemon-force";

const FilePath = Text.regex(
  /^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/,
  "Must be an absolute path without empty parts, `.` and `..`.",
).refine((path) => path !== FORCE_FILE, { error: "Cannot be written by a MachineConfig." });

const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A file on the nodes. The machine config daemon supports regular files only. */
export const NodeFile = z
  .strictObject({
    path: FilePath.describe("Absolute path on the node."),
    mode: Mode.default("0644").describe('Permissions as four octal digits in quotes, "0644" unless given.'),
    content: Text.optional().describe("The file's content as text; or give `base64`."),
    base64: z
      .string()
      .regex(BASE64, "Must be base64, padded and in one line.")
      .optional()
      .describe("The file's content as bytes in base64."),
    overwrite: z
      .boolean()
      .default(true)
      .describe("Whether a file that a new node has already is replaced; true unless given."),
  })
  .refine((file) => (file.content === undefined) !== (file.base64 === undefined), {
    path: ["content"],
    error: "Give either `content` or `base64`.",
  });

/** A list of files: each once, and none that is a folder of another one. */
const NodeFiles = z.array(NodeFile).superRefine((files, context) => {
  const paths = files.map((file) => file.path);
  paths.forEach((path, index) => {
    const issue = (message: string): void =>
      context.addIssue({ code: "custom", path: [index, "path"], message: `${JSON.stringify(path)} ${message}.` });
    if (paths.indexOf(path) !== index) issue("occurs twice");
    const inside = paths.find((other) => other.startsWith(`${path}/`));
    if (inside !== undefined) issue(`cannot be a file, since ${JSON.stringify(inside)} is in it`);
  });
});

/** The text of a unit or drop-in, in systemd's form. */
const UnitText = Text.superRefine((text, context) => {
  const problem = unitFileProblem(text);
  if (problem) context.addIssue({ code: "custom", message: `Is no systemd unit: ${problem}.` });
});

/** An addition to a systemd unit. */
export const UnitDropin = z.strictObject({
  name: Text.regex(/^[^/\0]+\.conf$/, "Must be a file name that ends in .conf.").describe(
    "File name, ends in `.conf`.",
  ),
  content: UnitText.describe("The drop-in's content."),
});

const UNIT_NAME = /^[^/\0]+\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** A systemd unit on the nodes. */
export const NodeUnit = z.strictObject({
  name: Text.regex(UNIT_NAME, "Must be a unit's name such as chronyd.service.").describe("Name with its type."),
  enabled: z.boolean().optional().describe("Started at boot or not; left as it is unless given."),
  mask: z.boolean().optional().describe("Made impossible to start."),
  content: UnitText.optional().describe("The whole unit; leave out for a unit that the system has."),
  dropins: distinct(UnitDropin).optional().describe("Additions to the unit."),
});

/** A line of authorized_keys: options, type and key, comment. */
const SSH_KEY =
  /^([^\r\n]+ )?(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) AAAA[A-Za-z0-9+/]+={0,3}( [^\r\n]*)?$/;

/** Public keys, each once. */
const SshKeys = z
  .array(Text.regex(SSH_KEY, "Must be a public key in one line such as `ssh-ed25519 AAAA… name`."))
  .superRefine((keys, context) => {
    keys.forEach((key, index) => {
      if (keys.indexOf(key) === index) return;
      context.addIssue({ code: "custom", path: [index], message: "Occurs twice." });
    });
  });

const PasswordHash = z
  .string()
  .regex(
    /^\$(1|2[abxy]|5|6|7|y|gy)\$[^\s:]+$/,
    "Must be a hash such as $6$…, as `openssl passwd -6` makes it, not the password.",
  );

/** Specifications of Ignition that configurations can be written in. */
export const IgnitionVersion = z.enum(["3.2.0", "3.3.0", "3.4.0", "3.5.0"]);
export type IgnitionVersion = z.infer<typeof IgnitionVersion>;

/** Pre-allocated huge pages of every node of a pool. */
export const Hugepages = z.strictObject({
  size: HugepageSize.describe("Size of a page, as in the resource's name: `2Mi` or `1Gi`."),
  count: z.int().min(1).describe("How many pages each node sets aside at boot."),
});

/** Whether a pool is one that every cluster has. */
export function isBuiltIn(pool: string): boolean {
  return pool === "worker" || pool === "master";
}

/** Names of nodes, each once. */
const NodeNames = z.array(z.string().min(1).max(253)).superRefine((names, context) => {
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    context.addIssue({ code: "custom", path: [index], message: `${JSON.stringify(name)} occurs twice.` });
  });
});

/** The longest name of a pool whose nodes get labels: the name of the set of labels is made of it. */
const LONGEST_LABELLED = 35;

/** A machine config pool and what its nodes boot with. */
export const NodePoolArgs = z
  .strictObject({
    name: DnsLabel.describe(
      "Name of the pool. `worker` and `master` exist in every cluster and are taken over, never made.",
    ),
    machineCount: z
      .int()
      .min(1)
      .describe("How many nodes the pool has: a pool without nodes says that it is up to date."),
    maxUnavailable: z
      .union([z.int().min(1), z.string().regex(/^([1-9]\d?|100)%$/, "Must be a percentage such as 10%.")])
      .optional()
      .describe("How many nodes may be out of service at once, a number or a percentage; 1 unless given."),
    nodes: NodeNames.default([]).describe(
      "Nodes that are put into the pool, for a pool of one's own; those that have its role already unless given.",
    ),
    labels: StringMap.default({}).describe("Further labels of the pool's nodes."),
    taints: z.array(Taint).default([]).describe("Taints of the pool's nodes."),
    performance: Performance.optional().describe(
      "Isolated CPUs, and with them huge pages and the IOMMU, by the Node Tuning Operator.",
    ),
    kubelet: Kubelet.optional().describe("Settings of the kubelet; beside `performance` only what that leaves open."),
    kernelArguments: z
      .array(z.string().regex(/^\S+$/, "Must be one kernel argument without blanks."))
      .default([])
      .describe("Further kernel arguments, in this order."),
    hugepages: Hugepages.optional().describe(
      "Huge pages, set aside at boot; by the profile if there is `performance`.",
    ),
    iommu: z
      .enum(["intel", "amd"])
      .optional()
      .describe(
        "Turns the IOMMU on for the processor's vendor, which vfio-pci devices need; `performance` does so by itself.",
      ),
    files: NodeFiles.default([]).describe("Files on the nodes."),
    units: distinct(NodeUnit).default([]).describe("Systemd units on the nodes."),
    sshKeys: SshKeys.default([]).describe("Public keys by which the user `core` logs in to the nodes."),
    passwordHash: PasswordHash.optional().describe(
      "Hash of the password of the user `core`, for the console; kept as a secret.",
    ),
    passwordHashFrom: z
      .string()
      .min(1)
      .optional()
      .describe("Key in the namespace `ove` of Pulumi's configuration that holds that hash, as a secret."),
    ignition: IgnitionVersion.default("3.2.0").describe(
      "Specification of the Ignition configurations; 3.2.0 unless given, which every supported OpenShift reads.",
    ),
  })
  .refine((pool) => pool.passwordHash === undefined || pool.passwordHashFrom === undefined, {
    path: ["passwordHashFrom"],
    error: "Give either `passwordHash` or `passwordHashFrom`.",
  })
  .superRefine((pool, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    for (const { path, message } of besideProfile(pool)) issue(path, message);
    const { name, nodes, labels, taints, machineCount } = pool;
    if (nodes.length > 0 && isBuiltIn(name)) issue(["nodes"], `Every cluster has the pool "${name}" with its nodes.`);
    if (nodes.length > machineCount) issue(["machineCount"], `Must not be below the number of \`nodes\`.`);
    const isLabelled = nodes.length + taints.length + Object.keys(labels).length > 0;
    if (isLabelled && name.length > LONGEST_LABELLED) {
      issue(["name"], `Must not have more than ${LONGEST_LABELLED} characters where nodes get labels or taints.`);
    }
  });
export type NodePoolArgs = z.infer<typeof NodePoolArgs>;
