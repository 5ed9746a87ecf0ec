import { isObject, type Json, type JsonObject } from "./json";

/** Stands in the place of a secret wherever something is shown. */
export const SECRET = "[secret]";

/** Properties that hold a secret wherever they occur, in environments and in objects. */
const SECRET_PROPERTIES: ReadonlySet<string> = new Set(["userData", "userDataBase64", "password", "passwordHash"]);

/** The value with its secrets masked. */
export function masked(value: Json): Json {
  if (Array.isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (inner === undefined) return [];
    return [[key, SECRET_PROPERTIES.has(key) ? SECRET : masked(inner)]];
  });
  return Object.fromEntries(entries);
}

/** The content of a Secret with all its values masked. */
export function maskedSecret(secret: JsonObject): JsonObject {
  const hidden = (values: Json | undefined): Json | undefined =>
    isObject(values) ? Object.fromEntries(Object.keys(values).map((key) => [key, SECRET])) : values && SECRET;
  const { data, stringData, ...rest } = secret;
  return {
    ...(masked(rest) as JsonObject),
    ...(data !== undefined && { data: hidden(data) }),
    ...(stringData !== undefined && { stringData: hidden(stringData) }),
  };
}
