import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const policy: PathStep[] = ["spec", "nodeDisruptionPolicy"];
const validation = "openshift/api operator/v1 machineconfigurations: validations of the CRD";

/** Every list of actions, with its path. */
function actionLists(object: KubernetesObject): [PathStep[], [number, JsonObject][]][] {
  const places: PathStep[][] = [
    ...["files", "units"].flatMap((key) => indexedAt(object, ...policy, key).map(([index]) => [...policy, key, index])),
    [...policy, "sshkey"],
  ];
  return places.map((place) => [[...place, "actions"], indexedAt(object, ...place, "actions")]);
}

const name: Rule<KubernetesObject> = {
  id: "nodes/machine-configuration-name",
  severity: "error",
  source:
    "machine-config-operator pkg/operator reads the MachineConfiguration named cluster only; the CRD does not say so",
  check({ metadata }) {
    if (metadata.name === undefined || metadata.name === "cluster") return [];
    const message = `The operator reads only the MachineConfiguration "cluster"; "${metadata.name}" has no effect.`;
    return [{ path: ["metadata", "name"], message, fix: 'Name it "cluster".' }];
  },
};

const alone: Rule<KubernetesObject> = {
  id: "nodes/disruption-action-alone",
  severity: "error",
  source: validation,
  check(object) {
    return actionLists(object).flatMap(([path, actions]) => {
      const single = actions.find(([, action]) => ["None", "Reboot"].includes(textAt(action, "type") ?? ""));
      if (!single || actions.length === 1) return [];
      const message = `${textAt(single[1], "type")} must be the only action, as it makes the others meaningless.`;
      return [{ path: [...path, single[0], "type"], message }];
    });
  },
};

const services: Readonly<Record<string, string>> = { Reload: "reload", Restart: "restart" };

const service: Rule<KubernetesObject> = {
  id: "nodes/disruption-action-service",
  severity: "error",
  source: validation,
  check(object) {
    return actionLists(object).flatMap(([path, actions]) =>
      actions.flatMap(([index, action]): Violation[] => {
        const type = textAt(action, "type");
        if (type === undefined) return [];
        return Object.entries(services).flatMap(([of, key]) => {
          const place = [...path, index, key];
          if (type === of && missing(action, key)) return [{ path: place, message: `${of} needs ${key}.serviceName.` }];
          if (type === of || missing(action, key)) return [];
          return [{ path: place, message: `"${key}" belongs to actions of type ${of} only.` }];
        });
      }),
    );
  },
};

const unitName =
  /^[a-zA-Z0-9:._\\-]+\.(service|socket|device|mount|automount|swap|target|path|timer|snapshot|slice|scope)$/;

const units: Rule<KubernetesObject> = {
  id: "nodes/disruption-unit-name",
  severity: "error",
  source: validation,
  check(object) {
    const named: [PathStep[], string | undefined][] = [
      ...indexedAt(object, ...policy, "units").map(([index, unit]): [PathStep[], string | undefined] => [
        [...policy, "units", index, "name"],
        textAt(unit, "name"),
      ]),
      ...actionLists(object).flatMap(([path, actions]) =>
        actions.flatMap(([index, action]) =>
          Object.values(services).map((key): [PathStep[], string | undefined] => [
            [...path, index, key, "serviceName"],
            textAt(action, key, "serviceName"),
          ]),
        ),
      ),
    ];
    return named.flatMap(([path, text]) => {
      if (text === undefined || unitName.test(text)) return [];
      return [
        {
          path,
          message: `"${text}" is not the name of a systemd unit.`,
          fix: "It must end in its type, such as .service.",
        },
      ];
    });
  },
};

const filePath: Rule<KubernetesObject> = {
  id: "nodes/disruption-file-path",
  severity: "warning",
  source: "machine-config-operator pkg/controller/common FindClosestFilePolicyPathMatch compares absolute paths",
  check(object) {
    const path = [...policy, "files"];
    return indexedAt(object, ...path).flatMap(([index, file]) => {
      const text = textAt(file, "path");
      if (text === undefined || text.startsWith("/")) return [];
      return [{ path: [...path, index, "path"], message: `"${text}" is not an absolute path, so it fits no file.` }];
    });
  },
};

const noActions: Rule<KubernetesObject> = {
  id: "nodes/disruption-no-actions",
  severity: "warning",
  source: "machine-config-operator pkg/apihelpers MergeClusterPolicies: an sshkey without actions counts as not given",
  check(object) {
    const key = objectAt(object, ...policy, "sshkey");
    if (!Array.isArray(key.actions) || key.actions.length > 0) return [];
    const message = "Without actions the default holds: keys are written without disruption.";
    return [{ path: [...policy, "sshkey", "actions"], message, fix: "Leave sshkey out, or give an action." }];
  },
};

/** What the API server or the machine config operator refuses or ignores of a MachineConfiguration. */
export const machineConfigurationRules: readonly Rule<KubernetesObject>[] = [
  name,
  alone,
  service,
  units,
  filePath,
  noActions,
];
