import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Json, JsonObject, UNKNOWN, isObject } from "../../model";

/** The key that marks special values in Pulumi's wire format, and what marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Pulumi's markers of values that are not known yet, one for each type; inside the provider they are all `UNKNOWN`. */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Property values as the provider works with them. */
export interface Properties {
  /** Plain values: secrets opened, nulls left out, unknown values as `UNKNOWN`. */
  value: JsonObject;
  /** Top-level keys in which a secret was: everything put out under them is secret as well. */
  secrets: ReadonlySet<string>;
  hasUnknown: boolean;
}

/** Reads property values from the wire. */
export function decode(struct: Struct | undefined): Properties {
  const secrets = new Set<string>();
  const found = { unknown: false };
  const value: JsonObject = {};
  for (const [key, item] of Object.entries((struct?.toJavaScript() ?? {}) as JsonObject)) {
    const open = opened(item, () => secrets.add(key), found);
    if (open !== undefined) value[key] = open;
  }
  return { value, secrets, hasUnknown: found.unknown };
}

function opened(value: Json | undefined, onSecret: () => void, found: { unknown: boolean }): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" && UNKNOWNS.has(value)) {
    found.unknown = true;
    return UNKNOWN;
  }
  if (Array.isArray(value)) return value.map((item) => opened(item, onSecret, found) ?? null);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) {
    onSecret();
    return opened(value.value, onSecret, found);
  }
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const open = opened(item, onSecret, found);
    return open === undefined ? [] : [[key, open]];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** Writes property values for the wire; what stands under a secret key becomes a secret as a whole. */
export function encode(value: JsonObject, secrets: ReadonlySet<string>): Struct {
  const entries = Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return [];
    return [[key, secrets.has(key) ? { [SIGNATURE]: SECRET, value: item } : item]];
  });
  return Struct.fromJavaScript(Object.fromEntries(entries) as Parameters<typeof Struct.fromJavaScript>[0]);
}
