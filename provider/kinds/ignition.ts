import type { Shape } from "../shape";

const text: Shape = { type: "string" };

const owner = (doc: string): Shape => ({
  type: "object",
  doc,
  properties: { id: { type: "integer" }, name: text },
});

const file: Shape = {
  type: "object",
  required: ["path"],
  properties: {
    path: { ...text, doc: "Absolute path of the file." },
    contents: {
      type: "object",
      properties: {
        source: { ...text, doc: "A `data:` URL; the machine config daemon reads no other." },
        compression: { ...text, enum: ["", "gzip"], doc: "How the content of the URL is compressed." },
        verification: { type: "object", properties: { hash: text } },
      },
    },
    mode: { type: "integer", minimum: 0, doc: "Permissions as a decimal number: 420 is 0644, 493 is 0755." },
    overwrite: { type: "boolean", doc: "Whether an existing file is replaced; true when absent." },
    user: owner("Owner; root when absent."),
    group: owner("Group; root when absent."),
    append: { open: true, doc: "Not supported by the machine config daemon." },
  },
};

const unit: Shape = {
  type: "object",
  required: ["name"],
  properties: {
    name: { ...text, doc: "Name with its type, for example `openvswitch.service`." },
    enabled: { type: "boolean" },
    mask: { type: "boolean" },
    contents: text,
    dropins: {
      type: "array",
      items: { type: "object", required: ["name"], properties: { name: text, contents: text } },
    },
  },
};

const user: Shape = {
  type: "object",
  open: true,
  required: ["name"],
  properties: {
    name: { ...text, doc: "`core`; no other user is supported." },
    sshAuthorizedKeys: { type: "array", items: text },
    passwordHash: text,
  },
};

/**
 * The part of an Ignition configuration that OpenShift's machine config daemon applies on a running node. Other keys
 * are let through here: the rules of the domain say why they do not work. Source: Ignition specification 3.x and
 * machine-config-operator docs/MachineConfiguration.md.
 */
export const ignitionShape: Shape = {
  type: "object",
  open: true,
  doc: "Ignition configuration: files, systemd units and the keys of the user `core`.",
  properties: {
    ignition: {
      type: "object",
      open: true,
      properties: { version: { ...text, doc: "Ignition specification; `3.2.0` works on every supported OpenShift." } },
    },
    storage: { type: "object", open: true, properties: { files: { type: "array", items: file } } },
    systemd: { type: "object", properties: { units: { type: "array", items: unit } } },
    passwd: { type: "object", open: true, properties: { users: { type: "array", items: user } } },
  },
};
