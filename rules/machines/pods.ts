import { isAddress } from "../../model/addresses";
import type { Json, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, objectAt, objectsAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { instances } from "./sources";
import { elementRule, listUnknown, machineRule, networks, setKeys, template, unknownAt, volumes } from "./template";

const dns: PathStep[] = [...template, "dnsConfig"];
const policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** R50. */
const dnsPolicy = machineRule("dns-policy", "error", `${instances} validateDNSPolicy`, (machine) => {
  const path = [...template, "dnsPolicy"];
  const policy = textAt(machine, ...path);
  if (policy === undefined || policies.includes(policy)) return [];
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
    if (typeof name === "string" && (!isAddress(name) || name.includes("%")))
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
export const podRules: readonly Rule<KubernetesObject>[] = [dnsPolicy, dnsConfig, account, claimNames, claimed];
