import { isAtLeast } from "../../model";
import { isAddress } from "../../model/addresses";
import type { Facts, JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, numberAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { network } from "./sources";
import { networkOf } from "./networks";
import { elementRule, interfaces, setKeys } from "./template";

const onPodNetwork = (nic: JsonObject, machine: KubernetesObject): boolean =>
  setKeys(networkOf(machine, nic) ?? {}, ["pod"]).length > 0;

const portName = /^(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/;

/** Where the webhook reports a port's number: at the port until 1.8, at the field since 1.9. */
const numberPath = (index: number, facts: Facts): PathStep[] =>
  isAtLeast(facts.versions.kubevirt, "1.9") ? ["ports", index, "port"] : ["ports", index];

/** The largest port: the webhook's bound was off by one before 1.9. */
const largest = (facts: Facts): number => (isAtLeast(facts.versions.kubevirt, "1.9") ? 65535 : 65536);

/** R19. Looked at on the pod network only. */
const ports = elementRule(
  "port",
  "error",
  `${network}netiface.go validatePortConfiguration`,
  interfaces,
  (nic, _index, machine, facts) => {
    if (!onPodNetwork(nic, machine)) return [];
    const names = new Set<string>();
    return indexedAt(nic, "ports").flatMap(([index, port]) => {
      const found: Violation[] = [];
      const { path, number } = { path: numberPath(index, facts), number: numberAt(port, "port") };
      const missing = !("port" in port) || port.port === null || number === 0;
      if (missing) found.push({ path, message: "The number of the port is missing." });
      else if (number !== undefined && (number < 0 || number > largest(facts)))
        found.push({ path, message: `There is no port ${number}.`, fix: "Ports are 1 to 65535." });
      const protocol = textAt(port, "protocol");
      if (protocol && protocol !== "TCP" && protocol !== "UDP")
        found.push({
          path: ["ports", index, "protocol"],
          message: `"${protocol}" cannot be forwarded.`,
          fix: "TCP, UDP.",
        });
      const name = textAt(port, "name");
      if (name && names.has(name))
        found.push({ path: ["ports", index, "name"], message: `The port "${name}" occurs twice.` });
      if (name && !portName.test(name))
        found.push({
          path: ["ports", index, "name"],
          message: `"${name}" cannot be the name of a port.`,
          fix: "At most 15 lower-case letters, digits and single -.",
        });
      if (name) names.add(name);
      return found;
    });
  },
);

/** R19: accepted by the webhook before 1.9; the machine's pod lists the port and is refused. */
const lastPort = elementRule(
  "port-beyond",
  "warning",
  "KubeVirt 1.8 pkg/network/admitter/netiface.go validateForwardPortInRange; Kubernetes: ports end at 65535",
  interfaces,
  (nic, _index, machine, facts) =>
    indexedAt(nic, "ports")
      .filter(([, port]) => port.port === 65536 && largest(facts) === 65536 && onPodNetwork(nic, machine))
      .map(([index]) => ({ path: ["ports", index], message: "There is no port 65536.", fix: "Ports are 1 to 65535." })),
);

interface Span {
  index: number;
  protocol: string;
  start: number;
  end: number;
}

function overlap(spans: readonly Span[]): Violation[] {
  const clash = spans.find((one, at) =>
    spans.slice(0, at).some((two) => one.protocol === two.protocol && one.start <= two.end && two.start <= one.end),
  );
  return clash ? [{ path: ["portRanges"], message: `Range ${clash.index + 1} overlaps an earlier one.` }] : [];
}

/** R19, since KubeVirt 1.9. */
const portRanges = elementRule(
  "port-range",
  "error",
  "KubeVirt 1.9 pkg/network/admitter, gate PortRangesSpec",
  interfaces,
  (nic) => {
    if (setKeys(nic, ["portRanges"]).length === 0) return [];
    const found: Violation[] = [];
    const spans: Span[] = [];
    if (setKeys(nic, ["ports"]).length > 0)
      found.push({ path: ["name"], message: "ports and portRanges cannot go together." });
    if (setKeys(nic, ["masquerade"]).length === 0)
      found.push({ path: ["name"], message: "portRanges go with masquerade only." });
    if (listAt(nic, "portRanges").length > 10)
      found.push({ path: ["portRanges"], message: "There may be 10 ranges at most." });
    for (const [index, range] of indexedAt(nic, "portRanges")) {
      const place = (key: string): PathStep[] => ["portRanges", index, key];
      const [start, end, protocol] = [numberAt(range, "start"), numberAt(range, "end"), textAt(range, "protocol")];
      for (const [key, port] of Object.entries({ start, end }))
        if (port !== undefined && (port < 1 || port > 65535))
          found.push({ path: place(key), message: `There is no port ${port}.` });
      if (start !== undefined && end !== undefined && end < start)
        found.push({ path: place("end"), message: "The range ends before it starts." });
      const unknown = "protocol" in range && range.protocol === undefined;
      if (!unknown && protocol !== "TCP" && protocol !== "UDP")
        found.push({ path: place("protocol"), message: "A range needs the protocol TCP or UDP." });
      if (start !== undefined && end !== undefined && protocol) spans.push({ index, protocol, start, end });
    }
    return [...found, ...overlap(spans)];
  },
);

/** R21; the webhook reports the private options at `spec.template.spec`. */
const dhcp = elementRule("dhcp-options", "error", `${network}netiface.go validateDHCPOptions`, interfaces, (nic) => {
  const servers = listAt(nic, "dhcpOptions", "ntpServers").flatMap((server, index): Violation[] => {
    if (typeof server !== "string") return [];
    const isIpv4 = isAddress(server) && (!server.includes(":") || /^::ffff:/i.test(server));
    if (isIpv4) return [];
    return [{ path: ["dhcpOptions", "ntpServers", index], message: `"${server}" is no IPv4 address.` }];
  });
  const seen = new Set<number>();
  const options = indexedAt(nic, "dhcpOptions", "privateOptions").flatMap(([index, option]): Violation[] => {
    const path = ["dhcpOptions", "privateOptions", index, "option"];
    const number = numberAt(option, "option");
    if (number === undefined) return [];
    const repeated = seen.has(number);
    seen.add(number);
    if (repeated) return [{ path, message: `The option ${number} occurs twice.` }];
    return number >= 224 && number <= 254 ? [] : [{ path, message: "Private options are 224 to 254." }];
  });
  return [...servers, ...options];
});

/** Rules on ports and DHCP of a machine's interfaces. */
export const portRules: readonly Rule<KubernetesObject>[] = [ports, lastPort, portRanges, dhcp];
