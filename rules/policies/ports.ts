import { isAtLeast } from "../../model";
import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, numberAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { entries, inPorts, portEntries } from "./entries";
import type { Entry, Place } from "./entries";
import { isName, policyPort, portNumber } from "./port-numbers";

/** Protocols without ports, known since Cilium 1.19. Source: isExtendedIPProtocol of pkg/policy/api. */
const portless = new Set(["VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"]);

function portProblem({ path, value }: Place): Violation[] {
  const at = [...path, "port"];
  const protocol = textAt(value, "protocol") ?? "ANY";
  if (missing(value, "port") || value.port === "") {
    const message = "The port is missing; Cilium refuses that unless a flag is set that its chart does not offer.";
    return [{ path: at, message, ...(portless.has(protocol) ? { fix: 'Write port: "0".' } : {}) }];
  }
  const text = textAt(value, "port");
  if (text === undefined || isName(text)) return [];
  const port = portNumber(text);
  if (port === undefined) {
    const fix = "Write a number up to 65535, or a port's name; a range is port and endPort.";
    return [{ path: at, message: `"${text}" is not a port.`, fix }];
  }
  if (portless.has(protocol) && text !== "0") {
    return [{ path: at, message: `${protocol} has no ports.`, fix: 'Write port: "0".' }];
  }
  return [];
}

const port: Rule<KubernetesObject> = {
  id: "policies/port",
  severity: "error",
  source: "Cilium PortProtocol.sanitize; the CRD's pattern is anchored at one end only",
  check: (object) => portEntries(object).flatMap((part) => inPorts(part, "ports").flatMap(portProblem)),
};

const portCount: Rule<KubernetesObject> = {
  id: "policies/port-count",
  severity: "error",
  source: "Cilium PortDenyRule.sanitize: the CRD has the limit for allow entries only",
  check: (object) =>
    portEntries(object)
      .filter(({ value }) => listAt(value, "ports").length > 40)
      .map(({ path }) => ({ path: [...path, "ports"], message: "More than 40 ports.", fix: "Make two elements." })),
};

const octalPort: Rule<KubernetesObject> = {
  id: "policies/port-octal",
  severity: "warning",
  source: "Cilium PortProtocol.sanitize: strconv.ParseUint with base 0",
  check: (object) =>
    portEntries(object).flatMap((part) =>
      inPorts(part, "ports").flatMap(({ path, value }) => {
        const text = textAt(value, "port") ?? "";
        const number = policyPort(text);
        if (number === undefined || number === 0 || text === String(number)) return [];
        const message = `"${text}" is read as Go reads numbers, octal after a leading zero: it is port ${number}.`;
        return [{ path: [...path, "port"], message, fix: `Write "${number}" if it is that.` }];
      }),
    ),
};

const endPort: Rule<KubernetesObject> = {
  id: "policies/end-port",
  severity: "warning",
  source: "Cilium pkg/policy, L4Filter: such an endPort is ignored, with a named port it may open more",
  check: (object) =>
    portEntries(object).flatMap((part) =>
      inPorts(part, "ports").flatMap(({ path, value }): Violation[] => {
        const end = numberAt(value, "endPort");
        const text = textAt(value, "port");
        if (!end || text === undefined) return [];
        const at = [...path, "endPort"];
        if (isName(text)) {
          const message = "With a named port it is ignored on egress, and on ingress it opens what lies between.";
          return [{ path: at, message, fix: "Write the port as a number." }];
        }
        const first = portNumber(text);
        if (first === undefined || end > first) return [];
        return [{ path: at, message: `endPort is not above port; only port ${first} is open.` }];
      }),
    ),
};

const icmpAndPorts: Rule<KubernetesObject> = {
  id: "policies/icmp-and-ports",
  severity: "error",
  source: "Cilium errUnsupportedICMPWithToPorts",
  check: (object) =>
    entries(object)
      .filter(({ value }) => listAt(value, "icmps").length > 0 && listAt(value, "toPorts").length > 0)
      .map(({ path }) => ({
        path: [...path, "icmps"],
        message: "icmps and toPorts cannot be in one entry.",
        fix: "Make an entry of each.",
      })),
};

/** Names of ICMP types by family. Source: Cilium pkg/policy/api/icmp.go. */
const icmpNames: Readonly<Record<string, readonly string[]>> = {
  IPv4: (
    "EchoReply DestinationUnreachable Redirect Echo EchoRequest RouterAdvertisement RouterSelection TimeExceeded " +
    "ParameterProblem Timestamp TimestampReply Photuris ExtendedEchoRequest"
  ).split(" "),
  IPv6: (
    "DestinationUnreachable PacketTooBig TimeExceeded ParameterProblem EchoRequest EchoReply MulticastListenerQuery " +
    "MulticastListenerReport MulticastListenerDone RouterSolicitation RouterAdvertisement NeighborSolicitation " +
    "NeighborAdvertisement RedirectMessage RouterRenumbering ICMPNodeInformationQuery ICMPNodeInformationResponse " +
    "InverseNeighborDiscoverySolicitation InverseNeighborDiscoveryAdvertisement HomeAgentAddressDiscoveryRequest " +
    "HomeAgentAddressDiscoveryReply MobilePrefixSolicitation MobilePrefixAdvertisement " +
    "DuplicateAddressRequestCodeSuffix DuplicateAddressConfirmationCodeSuffix ExtendedEchoRequest"
  ).split(" "),
};

interface IcmpField extends Place {
  family: string;
}

/** ICMP fields whose family is known. */
function icmpFields(object: KubernetesObject): IcmpField[] {
  const of = (entry: Entry): IcmpField[] =>
    indexedAt(entry.value, "icmps").flatMap(([index, icmp]) =>
      indexedAt(icmp, "fields").flatMap(([position, value]): IcmpField[] => {
        const family = missing(value, "family") ? "IPv4" : textAt(value, "family");
        return family ? [{ path: [...entry.path, "icmps", index, "fields", position], value, family }] : [];
      }),
    );
  return entries(object).flatMap(of);
}

const icmpName: Rule<KubernetesObject> = {
  id: "policies/icmp-name",
  severity: "error",
  source:
    "Cilium ICMPField.UnmarshalJSON: one such object makes the agents' list call of all policies of its kind fail",
  check: (object) =>
    icmpFields(object).flatMap(({ path, value, family }) => {
      const name = textAt(value, "type");
      if (name === undefined || icmpNames[family]?.includes(name) !== false) return [];
      if (/^(0|[1-9]\d*)$/.test(name) && Number(name) <= 255) return [];
      const message = `"${name}" is not an ${family} type; it keeps all agents from reading any policy of this kind.`;
      const extended = /^ExtendedEcho ?Reply$/.test(name);
      const fix = extended
        ? `Write ${family === "IPv4" ? 43 : 161}.`
        : `Known: ${icmpNames[family].join(", ")}; or a number up to 255.`;
      return [{ path: [...path, "type"], message, fix }];
    }),
};

const icmpNumber: Rule<KubernetesObject> = {
  id: "policies/icmp-number",
  severity: "warning",
  source:
    "Cilium ICMPRule.verify checks no numbers; ICMPField.PortProtocol makes a port of them, where 0 stands for all",
  check: (object) =>
    icmpFields(object).flatMap(({ path, value, family }) => {
      const type = typeof value.type === "string" && /^\d+$/.test(value.type) ? Number(value.type) : value.type;
      const at = [...path, "type"];
      if (typeof type === "number" && (type < 0 || type > 255)) {
        return [{ path: at, message: `${type} is not an ICMP type; Cilium does not notice.`, fix: "Write 0 to 255." }];
      }
      const everything = type === 0 || (type === "EchoReply" && family === "IPv4");
      return everything ? [{ path: at, message: `Type 0 stands for every type of ${family} in Cilium.` }] : [];
    }),
};

/** Entities and protocols that came after 1.18. */
const later = new Set(["cluster-mesh", ...portless]);

const sinceVersion: Rule<KubernetesObject> = {
  id: "policies/version",
  severity: "error",
  source: "Cilium CRDs of 1.18.4 and 1.20.2: enums of protocol and of entities",
  check: (object, facts) => {
    if (isAtLeast(facts.versions.cilium, "1.19")) return [];
    const problem = (path: PathStep[], word: unknown): Violation[] =>
      typeof word === "string" && later.has(word)
        ? [
            {
              path,
              message: `Cilium ${facts.versions.cilium} does not know ${word}.`,
              fix: "It needs a later version.",
            },
          ]
        : [];
    return [
      ...portEntries(object).flatMap((part) =>
        inPorts(part, "ports").flatMap(({ path, value }) => problem([...path, "protocol"], value.protocol)),
      ),
      ...entries(object).flatMap(({ path, value }) =>
        ["fromEntities", "toEntities"].flatMap((field) =>
          listAt(value, field).flatMap((word, index) => problem([...path, field, index], word)),
        ),
      ),
    ];
  },
};

const requires: Rule<KubernetesObject> = {
  id: "policies/requires",
  severity: "error",
  source: "Cilium 1.19 upgrade notes; since then the CRD takes empty lists only",
  check: (object) =>
    entries(object).flatMap(({ path, value }) =>
      ["fromRequires", "toRequires"]
        .filter((field) => listAt(value, field).length > 0)
        .map((field) => ({
          path: [...path, field],
          message: `${field} was removed in Cilium 1.19.`,
          fix: `Put its labels into each selector of ${field === "fromRequires" ? "fromEndpoints" : "toEndpoints"}.`,
        })),
    ),
};

/** Ports and ICMP types. */
export const portRules = [
  port,
  portCount,
  octalPort,
  endPort,
  icmpAndPorts,
  icmpName,
  icmpNumber,
  sinceVersion,
  requires,
];
