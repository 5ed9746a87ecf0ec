import { isObject } from "../../model";
import type { JsonObject } from "../../model";
import { missing, objectAt, textAt } from "../read";

/** The field of a TLS configuration that is wrong, and why. */
export interface TlsProblem {
  key: string;
  message: string;
}

/** Whether something is chosen for certain: a Secret or ConfigMap, or a file. */
const chosen = (config: JsonObject, key: string): boolean =>
  Boolean(textAt(config, key)) || (isObject(config[key]) && Object.keys(objectAt(config, key)).length > 0);

const unknown = (config: JsonObject, ...keys: string[]): boolean =>
  keys.some((key) => !missing(config, key) && config[key] === undefined);

function twice(config: JsonObject): TlsProblem | undefined {
  for (const [key, file] of [
    ["ca", "caFile"],
    ["cert", "certFile"],
    ["keySecret", "keyFile"],
  ] as const) {
    if (chosen(config, key) && chosen(config, file)) {
      return { key: file, message: `${key} and ${file} exclude each other.` };
    }
    if (["secret", "configMap"].every((each) => isObject(objectAt(config, key)[each]))) {
      return { key, message: `${key} can come from a Secret or from a ConfigMap, not from both.` };
    }
  }
  return undefined;
}

function half(config: JsonObject): TlsProblem | undefined {
  const hasCertificate = chosen(config, "cert") || chosen(config, "certFile");
  const hasKey = chosen(config, "keySecret") || chosen(config, "keyFile");
  if (hasCertificate && !hasKey && !unknown(config, "keySecret", "keyFile")) {
    return { key: "keySecret", message: "A client certificate needs its key." };
  }
  if (hasKey && !hasCertificate && !unknown(config, "cert", "certFile")) {
    return { key: "cert", message: "A client key needs its certificate." };
  }
  return undefined;
}

/** What Prometheus' operator refuses of a TLS configuration; undefined when it takes it. */
export function tlsProblem(config: JsonObject): TlsProblem | undefined {
  const [low, high] = [textAt(config, "minVersion"), textAt(config, "maxVersion")];
  const versions =
    low !== undefined && high !== undefined && high < low
      ? { key: "maxVersion", message: `maxVersion ${high} is below minVersion ${low}.` }
      : undefined;
  return twice(config) ?? half(config) ?? versions;
}
