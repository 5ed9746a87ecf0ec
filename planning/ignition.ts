import type { z } from "zod";
import type { JsonObject } from "../model";
import type { NodeFile, NodeUnit } from "../model/arguments";
import { sortedBy } from "./canonical";

/** The version that every supported OpenShift takes. */
const IGNITION_VERSION = "3.2.0";

function dataUrl(content: string): string {
  return `data:text/plain;charset=utf-8;base64,${Buffer.from(content, "utf8").toString("base64")}`;
}

/** A file as Ignition wants it: the mode as a number, the content as a data URL (the only kind MCO takes). */
function encodeFile({ path, mode, content }: z.infer<typeof NodeFile>): JsonObject {
  return { path, mode: Number.parseInt(mode, 8), overwrite: true, contents: { source: dataUrl(content) } };
}

function encodeUnit({ name, enabled, mask, content, dropins }: z.infer<typeof NodeUnit>): JsonObject {
  return {
    name,
    enabled,
    mask,
    contents: content,
    dropins: dropins?.map((dropin) => ({ name: dropin.name, contents: dropin.content })),
  };
}

/** An Ignition document of files and units, ordered by path and name. */
export function ignitionConfig(files: z.infer<typeof NodeFile>[], units: z.infer<typeof NodeUnit>[]): JsonObject {
  const config: JsonObject = { ignition: { version: IGNITION_VERSION } };
  if (files.length > 0) config.storage = { files: sortedBy(files, (file) => file.path).map(encodeFile) };
  if (units.length > 0) config.systemd = { units: sortedBy(units, (unit) => unit.name).map(encodeUnit) };
  return config;
}
