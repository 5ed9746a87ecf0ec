/** A program that a part builds. */
export interface ProgramSpec {
  name: string;
  /** Version of the module it comes from. */
  version: string;
  /** Go package of its main function. */
  package: string;
  /** Linker flags beside `-s -w`. */
  ldflags?: string;
}

/** One part of the toolchain: programs that are built together and kept together in the cache. */
export interface ToolPart {
  name: string;
  /** Go module folders under sandbox/toolchain; the programs are built in the first one. */
  folders: string[];
  programs: ProgramSpec[];
  tags?: string;
  /** Modules, by module folder, whose source folders are looked up: other code reads files there. */
  modules?: Record<string, string[]>;
  /** To be raised when the part's content changes otherwise, for example with the code that collects the CRDs. */
  revision?: number;
  /** How long a build from nothing takes on two cores, for the progress lines. */
  minutes: number;
}

const kubernetesVersion = [
  "-X k8s.io/component-base/version.gitVersion=v1.35.3",
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=35",
].join(" ");

const machineConfigVersion = [
  "-X github.com/openshift/machine-config-operator/pkg/version.Raw=v4.19.0",
  "-X github.com/openshift/machine-config-operator/pkg/version.Hash=53e78f3692ee",
].join(" ");

function kubernetes(...names: string[]): ProgramSpec[] {
  return names.map((name) => ({
    name,
    version: "1.35.3",
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: kubernetesVersion,
  }));
}

/** Everything the sandbox runs, in the order in which it is needed. */
export const toolParts: ToolPart[] = [
  {
    name: "certificates",
    folders: ["certificates"],
    programs: [{ name: "certificates", version: "-", package: "toolchain/certificates" }],
    minutes: 0.2,
  },
  {
    name: "etcd",
    folders: ["etcd"],
    programs: [{ name: "etcd", version: "3.6.5", package: "go.etcd.io/etcd/server/v3" }],
    minutes: 0.5,
  },
  {
    name: "kubernetes",
    folders: ["kubernetes"],
    programs: kubernetes("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"),
    minutes: 5,
  },
  {
    name: "kwok",
    folders: ["kwok"],
    programs: [{ name: "kwok", version: "0.8.0", package: "sigs.k8s.io/kwok/cmd/kwok" }],
    modules: { kwok: ["sigs.k8s.io/kwok"] },
    minutes: 2,
  },
  {
    name: "crds",
    folders: ["kubevirt", "crds", "sriov-network-operator"],
    programs: [{ name: "crds", version: "1.8.4", package: "toolchain/kubevirt/crds" }],
    modules: {
      crds: [
        "github.com/cilium/cilium",
        "github.com/k8snetworkplumbingwg/multi-networkpolicy",
        "github.com/k8snetworkplumbingwg/network-attachment-definition-client",
        "github.com/openshift/api",
        "github.com/operator-framework/api",
        "github.com/prometheus-operator/prometheus-operator",
        "sigs.k8s.io/gateway-api",
      ],
      "sriov-network-operator": ["github.com/k8snetworkplumbingwg/sriov-network-operator"],
    },
    minutes: 1.5,
  },
  {
    name: "machine-config-controller",
    folders: ["machine-config-controller"],
    programs: [
      {
        name: "machine-config-controller",
        version: "4.19.0",
        package: "github.com/openshift/machine-config-operator/cmd/machine-config-controller",
        ldflags: machineConfigVersion,
      },
    ],
    tags: "exclude_graphdriver_btrfs,exclude_graphdriver_devicemapper,containers_image_openpgp",
    modules: {
      "machine-config-controller": ["github.com/openshift/machine-config-operator", "github.com/openshift/api"],
    },
    minutes: 2,
  },
  {
    name: "sriov-network-operator",
    folders: ["sriov-network-operator"],
    programs: [
      {
        name: "sriov-network-operator",
        version: "1.6.0",
        package: "github.com/k8snetworkplumbingwg/sriov-network-operator",
      },
      {
        name: "sriov-webhook",
        version: "1.6.0",
        package: "toolchain/sriov-network-operator/webhook",
      },
    ],
    modules: { "sriov-network-operator": ["github.com/k8snetworkplumbingwg/sriov-network-operator"] },
    minutes: 2.5,
  },
  {
    name: "kubevirt",
    folders: ["kubevirt"],
    programs: [
      { name: "virt-controller", version: "1.8.4", package: "kubevirt.io/kubevirt/cmd/virt-controller" },
      { name: "virt-api", version: "1.8.4", package: "kubevirt.io/kubevirt/cmd/virt-api" },
    ],
    modules: { kubevirt: ["kubevirt.io/kubevirt"] },
    minutes: 2.5,
  },
  {
    name: "pulumi",
    folders: ["pulumi"],
    programs: [
      {
        name: "pulumi",
        version: "3.250.0",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        ldflags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.250.0",
      },
    ],
    minutes: 3.5,
  },
];
