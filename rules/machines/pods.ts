import { isAddress } from "../../model/addresses";
import type { Json, JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, numberAt, objectAt, objectsAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { instances, kubernetes } from "./sources";
import { elementRule, listUnknown, machineRule, networks, setKeys, template, unknownAt, volumes } from "./template";

const dns: PathStep[] = [...template, "dnsConfig"];
const policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** R50. */
const dnsPolicy = machineRule("dns-policy", "error", `${instances} validateDNSPolicy`, (machine) => {
  const path = [...template, "dnsPolicy"];
  const policy = textAt(machine, ...path);
  if (!policy || policies.includes(policy)) return [];
  return [{ path, message: `There is no DNS policy "${policy}".`, fix: `Allowed: ${policies.join(", ")}.` }];
});

const lists = (machine: KubernetesObject, key: string): (Json | undefined)[] => listAt(machine, ...dns, key);

/** R50; the webhook reports what is inside of dnsConfig at bare `nameservers`, `searchDomains` and `options`. */
const dnsConfig = machineRule("dns-config", "error", `${instances} validatePodDNSConfig`, (machine) => {
  const servers = [...dns, "nameservers"];
  const found: Violation[] = [];
  const none = textAt(machine, ...template, "dnsPolicy") === "None";
  const given = setKeys(objectAt(machine, ...template), ["dnsConfig"]).length > 0;
  if (none && !given) return [{ path: dns, message: "The DNS policy None needs dnsConfig." }];
  const names = lists(machine, "nameservers");
  if (none && names.length === 0 && !unknownAt(machine, servers))
    return [{ path: servers, message: "The DNS policy None needs a name server." }];
  if (names.length > 3) found.push({ path: servers, message: "There may be three name servers at most." });
  names.forEach((name, index) => {
    if (typeof name === "string" && !isAddress(name))
      found.push({ path: [...servers, index], message: `"${name}" is no address.` });
  });
  const searches = lists(machine, "searches");
  const texts = textsAt(machine, ...dns, "searches");
  if (searches.length > 6) found.push({ path: [...dns, "searches"], message: "There may be six domains at most." });
  if (texts.join(" ").length > 256)
    found.push({ path: [...dns, "searches"], message: "The domains have 256 characters at most." });
  searches.forEach((search, index) => {
    if (typeof search === "string" && (search.length > 253 || !subdomain.test(search)))
      found.push({ path: [...dns, "searches", index], message: `"${search}" cannot be a domain.` });
  });
  for (const [index, option] of indexedAt(machine, ...dns, "options"))
    if (missing(option, "name") || option.name === "")
      found.push({ path: [...dns, "options", index, "name"], message: "The name of the option is missing." });
  return found;
});

const affinity: PathStep[] = [...template, "affinity"];
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

const qualified = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** A label's key where one must stand; nothing when it is not known. */
function labelKey(object: JsonObject, key: string, path: PathStep[]): Violation[] {
  if (key in object && object[key] === undefined) return [];
  const text = textAt(object, key) ?? "";
  if (text === "") return [{ path: [...path, key], message: "The key of the label is missing." }];
  return qualified.test(text) ? [] : [{ path: [...path, key], message: `"${text}" cannot be the key of a label.` }];
}

const counts: Readonly<Record<string, (values: number) => string | undefined>> = {
  In: (values) => (values === 0 ? "The values are missing." : undefined),
  NotIn: (values) => (values === 0 ? "The values are missing." : undefined),
  Exists: (values) => (values > 0 ? "With this operator there are no values." : undefined),
  DoesNotExist: (values) => (values > 0 ? "With this operator there are no values." : undefined),
  Gt: (values) => (values === 1 ? undefined : "With this operator there is one value."),
  Lt: (values) => (values === 1 ? undefined : "With this operator there is one value."),
};

function requirement(each: JsonObject, path: PathStep[], operators: readonly string[]): Violation[] {
  const operator = textAt(each, "operator");
  const found = labelKey(each, "key", path);
  if (operator === undefined) return found;
  if (!operators.includes(operator))
    return [...found, { path: [...path, "operator"], message: `There is no operator "${operator}".` }];
  const unknown = "values" in each && each.values === undefined;
  const message = unknown ? undefined : counts[operator]?.(listAt(each, "values").length);
  return message ? [...found, { path: [...path, "values"], message }] : found;
}

const nodeOperators = Object.keys(counts);
const podOperators = nodeOperators.slice(0, 4);

const nodeTerm = (term: JsonObject, path: PathStep[]): Violation[] => [
  ...indexedAt(term, "matchExpressions").flatMap(([index, each]) =>
    requirement(each, [...path, "matchExpressions", index], nodeOperators),
  ),
  ...indexedAt(term, "matchFields").flatMap(([index, each]): Violation[] => {
    const at = [...path, "matchFields", index];
    if (each.key !== undefined && each.key !== "metadata.name")
      return [{ path: [...at, "key"], message: "Only the field metadata.name can be matched." }];
    const known = !("values" in each) || each.values !== undefined;
    if (known && listAt(each, "values").length !== 1)
      return [{ path: [...at, "values"], message: "A field is matched with one value." }];
    return [];
  }),
];

const weight = (term: JsonObject, path: PathStep[]): Violation[] => {
  const value = numberAt(term, "weight");
  if (value === undefined || (value >= 1 && value <= 100)) return [];
  return [{ path: [...path, "weight"], message: `The weight is 1 to 100, not ${value}.` }];
};

const selector = (object: JsonObject, path: PathStep[]): Violation[] =>
  indexedAt(object, "matchExpressions").flatMap(([index, each]) =>
    requirement(each, [...path, "matchExpressions", index], podOperators),
  );

const podTerm = (term: JsonObject, path: PathStep[]): Violation[] => [
  ...selector(objectAt(term, "labelSelector"), [...path, "labelSelector"]),
  ...selector(objectAt(term, "namespaceSelector"), [...path, "namespaceSelector"]),
  ...labelKey(term, "topologyKey", path),
];

function nodeAffinity(machine: KubernetesObject): Violation[] {
  const path = [...affinity, "nodeAffinity"];
  const node = objectAt(machine, ...path);
  const terms = [...path, required, "nodeSelectorTerms"];
  const found: Violation[] = [];
  if (setKeys(node, [required]).length > 0 && !unknownAt(machine, terms) && listAt(machine, ...terms).length === 0)
    found.push({ path: terms, message: "The terms are missing." });
  for (const [index, term] of indexedAt(machine, ...terms)) found.push(...nodeTerm(term, [...terms, index]));
  for (const [index, term] of indexedAt(node, preferred)) {
    const at = [...path, preferred, index];
    found.push(...weight(term, at), ...nodeTerm(objectAt(term, "preference"), [...at, "preference"]));
  }
  return found;
}

const podAffinity = (machine: KubernetesObject, kind: string): Violation[] => {
  const path = [...affinity, kind];
  const pods = objectAt(machine, ...path);
  return [
    ...indexedAt(pods, required).flatMap(([index, term]) => podTerm(term, [...path, required, index])),
    ...indexedAt(pods, preferred).flatMap(([index, term]) => {
      const at = [...path, preferred, index];
      const known = !("podAffinityTerm" in term) || term.podAffinityTerm !== undefined;
      const inner = known ? podTerm(objectAt(term, "podAffinityTerm"), [...at, "podAffinityTerm"]) : [];
      return [...weight(term, at), ...inner];
    }),
  ];
};

/** R53; the webhook leaves `affinity` out of its paths. */
const scheduling = machineRule("affinity", "error", `${kubernetes} validateAffinity`, (machine) => [
  ...nodeAffinity(machine),
  ...podAffinity(machine, "podAffinity"),
  ...podAffinity(machine, "podAntiAffinity"),
]);

const spreads: PathStep[] = [...template, "topologySpreadConstraints"];

/** R53. */
const spread = machineRule("topology-spread", "error", `${kubernetes} validateTopologySpreadConstraints`, (machine) => {
  const seen = new Set<string>();
  return indexedAt(machine, ...spreads).flatMap(([index, each]) => {
    const path = [...spreads, index];
    const found = labelKey(each, "topologyKey", path);
    const [skew, unsatisfiable] = [numberAt(each, "maxSkew"), textAt(each, "whenUnsatisfiable")];
    if (skew !== undefined && skew <= 0) found.push({ path: [...path, "maxSkew"], message: "It must be 1 or more." });
    if (unsatisfiable !== undefined && !["DoNotSchedule", "ScheduleAnyway"].includes(unsatisfiable))
      found.push({ path: [...path, "whenUnsatisfiable"], message: "Allowed: DoNotSchedule, ScheduleAnyway." });
    found.push(...selector(objectAt(each, "labelSelector"), [...path, "labelSelector"]));
    const key = `${textAt(each, "topologyKey") ?? index} ${unsatisfiable ?? index}`;
    if (seen.has(key)) found.push({ path, message: "The same topologyKey and whenUnsatisfiable occur twice." });
    seen.add(key);
    return found;
  });
});

/** R55, new in KubeVirt 1.9. */
const account = machineRule(
  "service-account",
  "error",
  "KubeVirt 1.9 vmi-create-admitter.go, serviceAccountName",
  (machine) => {
    const path = [...template, "serviceAccountName"];
    const name = textAt(machine, ...path);
    if (!name) return [];
    if (name.length > 253 || !subdomain.test(name)) return [{ path, message: `"${name}" cannot be an account.` }];
    const other = objectsAt(machine, ...volumes)
      .map((volume) => textAt(volume, "serviceAccount", "serviceAccountName"))
      .find((each) => each !== undefined && each !== name);
    return other ? [{ path, message: `The machine's volume has another account, "${other}".` }] : [];
  },
);

const claims: PathStep[] = [...template, "resourceClaims"];

/** R54: claims of GPUs, host devices and, since KubeVirt 1.9, networks. */
const claimNames = elementRule(
  "resource-claim",
  "error",
  "KubeVirt pkg/dra/admitter validateCreationDRA",
  claims,
  (claim, index, machine) => {
    const earlier = listAt(machine, ...claims).slice(0, index);
    const name = textAt(claim, "name");
    if (name === undefined || !earlier.some((each) => textAt(each, "name") === name)) return [];
    return [{ path: ["name"], message: `The claim "${name}" occurs twice.` }];
  },
);

/** R54. */
const claimed = machineRule(
  "network-claim",
  "error",
  "KubeVirt 1.9 pkg/network/admitter, gate NetworkDevicesWithDRA",
  (machine) => {
    const all = indexedAt(machine, ...networks);
    const found: Violation[] = [];
    const mine = all.filter(([, each]) => setKeys(each, ["resourceClaim"]).length > 0);
    if (mine.length > 0 && all.some(([, each]) => setKeys(each, ["multus"]).length > 0))
      found.push({ path: networks, message: "resourceClaim and multus cannot go together in one machine." });
    const pairs = new Set<string>();
    for (const [index, each] of mine) {
      const path = [...networks, index, "resourceClaim"];
      const claim = objectAt(each, "resourceClaim");
      if (each.resourceClaim === undefined) continue;
      for (const key of ["claimName", "requestName"])
        if (missing(claim, key) || claim[key] === "") found.push({ path: [...path, key], message: "It is missing." });
      const [name, request] = [textAt(claim, "claimName"), textAt(claim, "requestName")];
      if (
        name &&
        !listUnknown(machine, claims) &&
        !objectsAt(machine, ...claims).some((one) => one.name === name || one.name === undefined)
      )
        found.push({ path: [...path, "claimName"], message: `resourceClaims has no claim "${name}".` });
      if (name && request && pairs.has(`${name}/${request}`))
        found.push({ path, message: "Another network has the same claim and request." });
      pairs.add(`${name}/${request}`);
    }
    return found;
  },
);

/** Rules on what the machine's pod is given. */
export const podRules: readonly Rule<KubernetesObject>[] = [
  dnsPolicy,
  dnsConfig,
  scheduling,
  spread,
  account,
  claimNames,
  claimed,
];
