import { isObject } from "../../model";
import type { Json } from "../../model";
import { isAddress } from "../../model/addresses";
import { canonical, place } from "./cni-config";
import type { Problem } from "./cni-config";
import type { KeyType } from "./plugins";

type Simple = Extract<KeyType, string>;

const names: Readonly<Record<Simple, string>> = {
  string: "a text",
  integer: "a whole number",
  unsigned: "a whole number of 0 or more",
  uint32: "a whole number from 0 to 4294967295",
  boolean: "true or false",
  object: "an object",
  list: "a list",
  address: "an address",
  network: "an address with a prefix length",
};

/** True for an address with a prefix length, as Go reads it. */
export function isPrefix(text: string): boolean {
  const [, address = "", length = ""] = /^([^/]*)\/(\d+)$/.exec(text) ?? [];
  return isGoAddress(address) && Number(length) <= (address.includes(":") ? 128 : 32);
}

/** True for an address as Go reads it: without the name of an interface. */
export function isGoAddress(text: string): boolean {
  return !text.includes("%") && isAddress(text);
}

function fits(value: Json, type: Simple): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "unsigned":
      return Number.isInteger(value) && Number(value) >= 0;
    case "uint32":
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
    case "object":
      return isObject(value);
    case "list":
      return Array.isArray(value);
    case "address":
      return value === "" || (typeof value === "string" && isGoAddress(value));
    case "network":
      return typeof value === "string" && isPrefix(value);
    default:
      return typeof value === type;
  }
}

/** Where a value does not have the type that a plugin decodes it into. Null leaves everything as it is. */
export function decodeProblems(type: KeyType, value: Json | undefined, at: string): Problem[] {
  if (value === null || value === undefined) return [];
  const wrong = (name: string): Problem[] => [{ at, message: `It must be ${name}, not ${JSON.stringify(value)}.` }];
  if (typeof type === "string") return fits(value, type) ? [] : wrong(names[type]);
  if ("list" in type) {
    if (!Array.isArray(value)) return wrong(names.list);
    return value.flatMap((item, index) => decodeProblems(type.list, item, `${at}[${index}]`));
  }
  if (!isObject(value)) return wrong(names.object);
  return Object.entries(canonical(value, Object.keys(type.fields))).flatMap(([key, item]) => {
    const wanted = type.fields[key];
    return wanted ? decodeProblems(wanted, item, place(at, key)) : [];
  });
}
