import type { KubernetesObject } from "../../model";

const KUBEVIRT = "kubevirt.io";
const INSTANCETYPE = "instancetype.kubevirt.io";

/** One webhook as virt-operator registers it: name, path, group, versions, resources, operations. */
interface Hook {
  name: string;
  path: string;
  group: string;
  versions: string[];
  resources: string[];
  operations: string[];
  /** CEL condition on the request, for webhooks that would otherwise see every pod. */
  condition?: string;
  /** True when a call has effects that a dry run has to leave out. */
  effects?: boolean;
}

const both = ["CREATE", "UPDATE"];
const core = { group: KUBEVIRT, versions: ["v1alpha3", "v1"] };
const instancetype = { group: INSTANCETYPE, versions: ["v1beta1"], operations: both };

/** KubeVirt 1.8's validating webhooks (pkg/virt-operator/resource/generate/components/webhooks.go). */
const validating: Hook[] = [
  {
    name: "virt-launcher-eviction-interceptor.kubevirt.io",
    path: "/pod-eviction-validate",
    group: "",
    versions: ["v1"],
    resources: ["pods/eviction"],
    operations: ["*"],
    condition: 'object.metadata.name.startsWith("virt-launcher")',
    effects: true,
  },
  {
    name: "virtualmachineinstances-create-validator.kubevirt.io",
    path: "/virtualmachineinstances-validate-create",
    ...core,
    resources: ["virtualmachineinstances"],
    operations: ["CREATE"],
  },
  {
    name: "virtualmachineinstances-update-validator.kubevirt.io",
    path: "/virtualmachineinstances-validate-update",
    ...core,
    resources: ["virtualmachineinstances"],
    operations: ["UPDATE"],
  },
  {
    name: "virtualmachine-validator.kubevirt.io",
    path: "/virtualmachines-validate",
    ...core,
    resources: ["virtualmachines"],
    operations: both,
  },
  {
    name: "migration-create-validator.kubevirt.io",
    path: "/migration-validate-create",
    ...core,
    resources: ["virtualmachineinstancemigrations"],
    operations: ["CREATE"],
  },
  {
    name: "migration-update-validator.kubevirt.io",
    path: "/migration-validate-update",
    ...core,
    resources: ["virtualmachineinstancemigrations"],
    operations: ["UPDATE"],
  },
  ...["instancetype", "clusterinstancetype", "preference", "clusterpreference"].map((kind) => ({
    name: `virtualmachine${kind}-validator.instancetype.kubevirt.io`,
    path: `/virtualmachine${kind}s-validate`,
    ...instancetype,
    resources: [`virtualmachine${kind}s`],
  })),
  {
    name: "kubevirt-crd-status-validator.kubevirt.io",
    path: "/status-validate",
    ...core,
    resources: [
      "virtualmachines/status",
      "virtualmachineinstancereplicasets/status",
      "virtualmachineinstancemigrations/status",
    ],
    operations: both,
  },
  {
    name: "migration-policy-validator.kubevirt.io",
    path: "/migration-policy-validate-create",
    group: "migrations.kubevirt.io",
    versions: ["v1alpha1"],
    resources: ["migrationpolicies"],
    operations: both,
  },
];

/** KubeVirt 1.8's mutating webhooks, same source. */
const mutating: Hook[] = [
  {
    name: "virtualmachines-mutator.kubevirt.io",
    path: "/virtualmachines-mutate",
    ...core,
    resources: ["virtualmachines"],
    operations: both,
  },
  {
    name: "virtualmachineinstances-mutator.kubevirt.io",
    path: "/virtualmachineinstances-mutate",
    ...core,
    resources: ["virtualmachineinstances"],
    operations: both,
  },
  {
    name: "migrations-mutator.kubevirt.io",
    path: "/migration-mutate-create",
    ...core,
    resources: ["virtualmachineinstancemigrations"],
    operations: ["CREATE"],
  },
];

/** The two webhook configurations of virt-api, called at that URL; `caBundle` is base64 of a PEM. */
export function webhookConfigurations(url: string, caBundle: string): { resource: string; object: KubernetesObject }[] {
  const configuration = (kind: string, name: string, hooks: Hook[]): KubernetesObject => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name, labels: { "kubevirt.io": name } },
    webhooks: hooks.map((hook) => ({
      name: hook.name,
      admissionReviewVersions: ["v1"],
      clientConfig: { url: `${url}${hook.path}`, caBundle },
      failurePolicy: "Fail",
      timeoutSeconds: 10,
      sideEffects: hook.effects ? "NoneOnDryRun" : "None",
      rules: [
        {
          apiGroups: [hook.group],
          apiVersions: hook.versions,
          operations: hook.operations,
          resources: hook.resources,
        },
      ],
      ...(hook.condition ? { matchConditions: [{ name: "only-virtual-machines", expression: hook.condition }] } : {}),
    })),
  });
  return [
    {
      resource: "validatingwebhookconfigurations",
      object: configuration("ValidatingWebhookConfiguration", "virt-api-validator", validating),
    },
    {
      resource: "mutatingwebhookconfigurations",
      object: configuration("MutatingWebhookConfiguration", "virt-api-mutator", mutating),
    },
  ];
}
