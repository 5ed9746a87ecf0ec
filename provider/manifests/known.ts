import type { Versions } from "../../model";
import { isAtLeast } from "../../model";
import type { ObjectKind, OtherVersion } from "../kind";
import { kinds } from "../kinds";

/** `group` of `group/version`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** A kind that the provider knows, in the version that a manifest names, if that exists. */
export interface Known {
  kind: ObjectKind;
  /** The version when it is not the kind's own. */
  other?: OtherVersion;
  /** Whether the version is one that the kind has or had. */
  versionKnown: boolean;
}

/** The kind of a manifest, undefined when the provider does not know it. */
export function knownKind(apiVersion: string, name: string): Known | undefined {
  const objects = kinds.filter((kind): kind is ObjectKind => kind.is === "object" && kind.kind === name);
  for (const kind of objects) {
    if (kind.apiVersion === apiVersion) return { kind, versionKnown: true };
    const other = kind.otherVersions?.find((each) => each.apiVersion === apiVersion);
    if (other) return { kind, other, versionKnown: true };
  }
  const group = groupOf(apiVersion);
  const kind = objects.find((each) => groupOf(each.apiVersion) === group);
  return kind && { kind, versionKnown: false };
}

/** The versions of a kind that supported releases serve. */
export function servedVersions({ apiVersion, otherVersions = [] }: ObjectKind): string[] {
  const others = otherVersions.filter(({ status }) => status !== "removed").map((other) => other.apiVersion);
  return [apiVersion, ...others];
}

/** A kind that there is no more. */
export interface RemovedKind {
  group: string;
  kind: string;
  product: keyof Versions;
  /** The first minor version without it; absent when no supported one has it. */
  since?: string;
  /** What to do. */
  successor: string;
  source: string;
}

/** Kinds that products took away. The API server does not know them any more. */
export const removedKinds: readonly RemovedKind[] = [
  {
    group: "cilium.io",
    kind: "CiliumBGPPeeringPolicy",
    product: "cilium",
    since: "1.19",
    successor: "Use CiliumBGPClusterConfig, CiliumBGPPeerConfig and CiliumBGPAdvertisement.",
    source: "Cilium 1.19 upgrade notes; pkg/k8s/apis/cilium.io/client/crds",
  },
  {
    group: "cilium.io",
    kind: "CiliumExternalWorkload",
    product: "cilium",
    since: "1.18",
    successor:
      "There is no successor: take it out; machines outside of the cluster are named by CIDR or CiliumCIDRGroup.",
    source: "Cilium 1.18 upgrade notes; pkg/k8s/apis/cilium.io/client/crds",
  },
  {
    group: "cilium.io",
    kind: "CiliumEgressNATPolicy",
    product: "cilium",
    successor: "Use CiliumEgressGatewayPolicy.",
    source: "cilium/cilium pull request 21874",
  },
];

/** The removed kind of a manifest, and whether the product's version still has it. */
export function removedKind(
  apiVersion: string,
  name: string,
  versions: Versions,
): (RemovedKind & { gone: boolean }) | undefined {
  const found = removedKinds.find((each) => each.kind === name && each.group === groupOf(apiVersion));
  return found && { ...found, gone: !found.since || isAtLeast(versions[found.product], found.since) };
}
