import { contains, isAddress } from "../../model/addresses";
import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { entries } from "./entries";

/** Whether a text is an address with a length. Bits behind the length may be set, as in Go's netip.ParsePrefix. */
export function isPrefix(text: string): boolean {
  const [, address = "", length = ""] = /^([^/%]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  return isAddress(address) && Number(length) <= (address.includes(":") ? 128 : 32);
}

/** `path` with what is wrong if the text is no address with a length. */
export function prefixProblem(path: PathStep[], text: string): Violation[] {
  if (isPrefix(text)) return [];
  const message = `"${text}" is not an address with a prefix length.`;
  return [{ path, message, ...(isAddress(text) ? { fix: `Write ${text}/${text.includes(":") ? 128 : 32}.` } : {}) }];
}

function prefixesIn(path: PathStep[], list: ReturnType<typeof listAt>): Violation[] {
  return list.flatMap((item, index) => (typeof item === "string" ? prefixProblem([...path, index], item) : []));
}

const cidr: Rule<KubernetesObject> = {
  id: "policies/cidr",
  severity: "error",
  source: "Cilium CRD, format cidr, which refuses a bare address; CIDR.sanitize of the agent refuses leading zeros",
  check: (object) =>
    entries(object).flatMap(({ path, value }) => [
      ...["fromCIDR", "toCIDR"].flatMap((field) => prefixesIn([...path, field], listAt(value, field))),
      ...["fromCIDRSet", "toCIDRSet"].flatMap((field) =>
        indexedAt(value, field).flatMap(([index, item]) => {
          const at = [...path, field, index];
          const text = textAt(item, "cidr");
          const own = text === undefined ? [] : prefixProblem([...at, "cidr"], text);
          return [...own, ...prefixesIn([...at, "except"], listAt(item, "except"))];
        }),
      ),
    ]),
};

const cidrSet: Rule<KubernetesObject> = {
  id: "policies/cidr-set",
  severity: "error",
  source: "Cilium CIDRRule.sanitize: one source; exceptions lie in the CIDR, with groups they are not looked at",
  check: (object) =>
    entries(object).flatMap(({ path, value }) =>
      ["fromCIDRSet", "toCIDRSet"].flatMap((field) =>
        indexedAt(value, field).flatMap(([index, item]): Violation[] => {
          const at = [...path, field, index];
          const used = ["cidr", "cidrGroupRef", "cidrGroupSelector"].filter((key) => !missing(item, key));
          if (used.length !== 1) {
            return [{ path: at, message: "It needs exactly one of cidr, cidrGroupRef and cidrGroupSelector." }];
          }
          const outer = textAt(item, "cidr");
          if (outer === undefined || !isPrefix(outer)) return [];
          return listAt(item, "except").flatMap((inner, position) => {
            if (typeof inner !== "string" || !isPrefix(inner) || contains(outer, inner)) return [];
            return [{ path: [...at, "except", position], message: `${inner} does not lie in ${outer}.` }];
          });
        }),
      ),
    ),
};

/** CIDRs as peers. */
export const addressRules = [cidr, cidrSet];
