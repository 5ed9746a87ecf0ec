import type { z } from "zod";
import type { JsonObject } from "../model";
import type { IgnitionVersion, NodeFile, NodeUnit } from "../model/arguments";
import { sortedBy } from "./canonical";

/** The version that every supported OpenShift reads. */
const OLDEST = "3.2.0";

/** The only user that the machine config daemon manages. */
const USER = "core";

/** What an Ignition configuration for nodes of OpenShift may be made of: the daemon applies nothing else. */
export interface IgnitionContent {
  files?: readonly z.output<typeof NodeFile>[];
  units?: readonly z.output<typeof NodeUnit>[];
  /** Public keys by which the user `core` logs in. */
  sshKeys?: readonly string[];
  /** Hash of the password of the user `core`. */
  passwordHash?: string;
  /** Specification; 3.2.0 unless given, which has everything that is encoded here. */
  version?: IgnitionVersion;
}

/** Bytes as a data URL, the only kind of source that the machine config daemon takes. */
function dataUrl(bytes: Buffer, mediaType: string): string {
  return `data:${mediaType};base64,${bytes.toString("base64")}`;
}

/** Text as UTF-8, bytes as they are: base64 has a form for any of them, unlike the characters that a URL allows. */
function source({ content, base64 }: z.output<typeof NodeFile>): string {
  if (base64 !== undefined) return dataUrl(Buffer.from(base64, "base64"), "");
  return dataUrl(Buffer.from(content ?? "", "utf8"), "text/plain;charset=utf-8");
}

/** A file as Ignition wants it: its mode, octal digits before, is a decimal number in JSON. */
function encodeFile(file: z.output<typeof NodeFile>): JsonObject {
  const { path, mode, overwrite } = file;
  return { path, mode: Number.parseInt(mode, 8), overwrite, contents: { source: source(file) } };
}

function encodeUnit({ name, enabled, mask, content, dropins }: z.output<typeof NodeUnit>): JsonObject {
  return {
    name,
    enabled,
    mask,
    contents: content,
    dropins:
      dropins &&
      sortedBy(dropins, (dropin) => dropin.name).map((each) => ({ name: each.name, contents: each.content })),
  };
}

/** An Ignition configuration, ordered by path and name: equal content is equal text. */
export function ignitionConfig(content: IgnitionContent): JsonObject {
  const { files = [], units = [], sshKeys = [], passwordHash, version = OLDEST } = content;
  const config: JsonObject = { ignition: { version } };
  if (files.length > 0) config.storage = { files: sortedBy(files, (file) => file.path).map(encodeFile) };
  if (units.length > 0) config.systemd = { units: sortedBy(units, (unit) => unit.name).map(encodeUnit) };
  if (sshKeys.length > 0 || passwordHash !== undefined) {
    const keys = sshKeys.length > 0 ? [...sshKeys] : undefined;
    config.passwd = { users: [{ name: USER, sshAuthorizedKeys: keys, passwordHash }] };
  }
  return config;
}
