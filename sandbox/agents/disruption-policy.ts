/** What the machine-config-daemon does after a change that such a policy covers. */
export interface PolicyAction {
  type: string;
  reload?: { serviceName: string };
  restart?: { serviceName: string };
}

export interface FilePolicy {
  path: string;
  actions: PolicyAction[];
}

export interface UnitPolicy {
  name: string;
  actions: PolicyAction[];
}

/** `MachineConfiguration.spec.nodeDisruptionPolicy` as a user writes it, all parts optional. */
export interface PolicySpec {
  files?: FilePolicy[];
  units?: UnitPolicy[];
  sshkey?: { actions: PolicyAction[] };
}

/** `MachineConfiguration.status.nodeDisruptionPolicyStatus.clusterPolicies`: defaults and the user's, merged. */
export type ClusterPolicies = Required<PolicySpec>;

const none: PolicyAction[] = [{ type: "None" }];
const reloadCrio: PolicyAction[] = [{ type: "Reload", reload: { serviceName: "crio.service" } }];

/** OpenShift 4.19's own policies (machine-config-operator, pkg/apihelpers). */
const defaults: ClusterPolicies = {
  files: [
    { path: "/var/lib/kubelet/config.json", actions: none },
    { path: "/etc/machine-config-daemon/no-reboot/containers-gpg.pub", actions: reloadCrio },
    { path: "/etc/containers/policy.json", actions: reloadCrio },
    { path: "/etc/containers/registries.conf", actions: [{ type: "Special" }] },
    { path: "/etc/containers/registries.d", actions: reloadCrio },
    { path: "/etc/crio/policies", actions: reloadCrio },
    { path: "/etc/nmstate/openshift", actions: none },
    {
      path: "/etc/pki/ca-trust/source/anchors/openshift-config-user-ca-bundle.crt",
      actions: [
        { type: "Restart", restart: { serviceName: "coreos-update-ca-trust.service" } },
        { type: "Restart", restart: { serviceName: "crio.service" } },
      ],
    },
  ],
  units: [],
  sshkey: { actions: none },
};

/** The policies in force: a user's entry replaces the default one for the same path, and adds to the others. */
export function clusterPolicies(user: PolicySpec = {}): ClusterPolicies {
  const userFiles = user.files ?? [];
  const kept = defaults.files.filter((entry) => !userFiles.some((other) => other.path === entry.path));
  return {
    files: [...kept, ...userFiles],
    units: user.units ?? [],
    sshkey: user.sshkey?.actions.length ? user.sshkey : defaults.sshkey,
  };
}

/** The actions of the policy with the longest path that is the file or a folder above it; undefined without one. */
export function fileActions(path: string, policies: FilePolicy[]): PolicyAction[] | undefined {
  const matching = policies.filter(
    (entry) => path === entry.path || path.startsWith(`${entry.path.replace(/\/$/, "")}/`),
  );
  return matching.sort((a, b) => b.path.length - a.path.length)[0]?.actions;
}
