/** What differs between the supported versions of OpenShift. */
export interface OpenShiftVersion {
  /** The newest Ignition specification that its machine config operator reads. */
  ignition: string;
}

/**
 * Supported minor versions of OpenShift.
 * Source of the Ignition versions: Butane's openshift variants (4.14-4.18: 3.4.0, 4.19-4.22: 3.5.0).
 */
export const openShiftVersions: Readonly<Record<string, OpenShiftVersion>> = {
  "4.18": { ignition: "3.4.0" },
  "4.19": { ignition: "3.5.0" },
  "4.20": { ignition: "3.5.0" },
  "4.21": { ignition: "3.5.0" },
  "4.22": { ignition: "3.5.0" },
};

/** Ignition specifications that a supported OpenShift reads; 3.2.0 is what every one of them writes itself. */
export const ignitionVersions: readonly string[] = ["2.2.0", "3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0"];

/** Ignition specifications that not every supported OpenShift reads. */
export const recentIgnitionVersions: readonly string[] = ["3.5.0"];

/** Supported minor versions of Cilium; the last is the default. */
export const ciliumMinors = ["1.18", "1.19", "1.20"] as const;

/** Supported minor versions of KubeVirt. */
export const kubeVirtMinors = ["1.5", "1.6", "1.7", "1.8", "1.9"] as const;

/** Supported minor versions of the SR-IOV network operator. */
export const sriovOperatorMinors = ["1.4", "1.5", "1.6"] as const;

/** The products of a cluster, as minor versions such as `4.20`. */
export interface Versions {
  openshift: string;
  cilium: string;
  kubevirt: string;
  sriov: string;
}

/** Supported minor versions of each product, oldest first. */
export const supportedVersions: Readonly<Record<keyof Versions, readonly string[]>> = {
  openshift: Object.keys(openShiftVersions),
  cilium: ciliumMinors,
  kubevirt: kubeVirtMinors,
  sriov: sriovOperatorMinors,
};

/** The newest supported version of each product. */
export const defaultVersions: Versions = {
  openshift: supportedVersions.openshift.at(-1) ?? "",
  cilium: supportedVersions.cilium.at(-1) ?? "",
  kubevirt: supportedVersions.kubevirt.at(-1) ?? "",
  sriov: supportedVersions.sriov.at(-1) ?? "",
};

/** Whether a minor version is another one or a later one: `isAtLeast("1.20", "1.9")`. */
export function isAtLeast(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = than.split(".").map(Number);
  return major > otherMajor || (major === otherMajor && minor >= otherMinor);
}
