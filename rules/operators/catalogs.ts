import type { KubernetesObject } from "../../model";
import { goDuration } from "../duration";
import { listAt, missing, objectAt, textAt } from "../read";
import type { Rule } from "../rule";

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const targets: Rule<KubernetesObject> = {
  id: "operators/group-targets",
  severity: "error",
  source: "operator-lifecycle-manager pkg/controller/operators/olm/operatorgroup.go",
  check(group) {
    return listAt(group, "spec", "targetNamespaces").flatMap((name, index) => {
      if (typeof name !== "string" || label.test(name)) return [];
      const message = `"${name}" is no name of a namespace.`;
      return [
        { path: ["spec", "targetNamespaces", index], message, fix: "For all namespaces leave targetNamespaces out." },
      ];
    });
  },
};

const selector: Rule<KubernetesObject> = {
  id: "operators/group-selector-ignored",
  severity: "warning",
  source: "operator-framework/api pkg/operators/v1/operatorgroup_types.go TargetNamespaces",
  check(group) {
    const both = listAt(group, "spec", "targetNamespaces").length > 0 && !missing(group.spec ?? {}, "selector");
    if (!both) return [];
    return [
      { path: ["spec", "selector"], message: "It is ignored beside targetNamespaces.", fix: "Use one of the two." },
    ];
  },
};

const failForward: Rule<KubernetesObject> = {
  id: "operators/group-fail-forward",
  severity: "warning",
  source: "operator-framework/api pkg/operators/v1/operatorgroup_types.go UpgradeStrategyUnsafeFailForward",
  check(group) {
    if (group.spec?.upgradeStrategy !== "TechPreviewUnsafeFailForward") return [];
    const message = "Upgrades go on from failed versions, which is a preview and can lose data.";
    return [{ path: ["spec", "upgradeStrategy"], message, fix: "Use Default." }];
  },
};

/** Rules on an OperatorGroup. */
export const operatorGroupRules: readonly Rule<KubernetesObject>[] = [targets, selector, failForward];

const sourceTypes = ["grpc", "configmap", "internal"];
const catalogController = "operator-lifecycle-manager pkg/controller/operators/catalog/operator.go validateSourceType";

const sourceType: Rule<KubernetesObject> = {
  id: "operators/catalog-source-type",
  severity: "error",
  source: catalogController,
  check(catalog) {
    const type = textAt(catalog, "spec", "sourceType");
    if (type === undefined || sourceTypes.includes(type)) return [];
    const fix = `Use one of ${sourceTypes.join(", ")}.`;
    return [{ path: ["spec", "sourceType"], message: `OLM does not know the type "${type}".`, fix }];
  },
};

const content: Rule<KubernetesObject> = {
  id: "operators/catalog-content",
  severity: "error",
  source: catalogController,
  check(catalog) {
    const spec = catalog.spec ?? {};
    const empty = (key: string): boolean => missing(spec, key) || spec[key] === "";
    const type = textAt(spec, "sourceType");
    if (type === "grpc" && empty("image") && empty("address")) {
      return [{ path: ["spec", "image"], message: "A catalog of type grpc needs an image or an address." }];
    }
    const named = (type === "configmap" || type === "internal") && empty("configMap");
    return named ? [{ path: ["spec", "configMap"], message: `A catalog of type ${type} needs a ConfigMap.` }] : [];
  },
};

const poll: Rule<KubernetesObject> = {
  id: "operators/catalog-poll",
  severity: "error",
  source: "operator-framework/api pkg/operators/v1alpha1/catalogsource_types.go UpdateStrategy.UnmarshalJSON",
  check(catalog) {
    const spec = catalog.spec ?? {};
    if (missing(spec, "updateStrategy") || spec.updateStrategy === undefined) return [];
    const path = ["spec", "updateStrategy", "registryPoll"];
    if (!missing(objectAt(spec, "updateStrategy"), "registryPoll")) return [];
    return [
      {
        path,
        message: "Without it OLM cannot read the object and stops.",
        fix: "Set its interval, or leave updateStrategy out.",
      },
    ];
  },
};

const interval: Rule<KubernetesObject> = {
  id: "operators/catalog-interval",
  severity: "warning",
  source: "operator-framework/api pkg/operators/v1alpha1/catalogsource_types.go UpdateStrategy.UnmarshalJSON",
  check(catalog) {
    const path = ["spec", "updateStrategy", "registryPoll", "interval"];
    const text = textAt(catalog, ...path);
    if (text === undefined || goDuration(text) !== undefined) return [];
    return [{ path, message: `"${text}" is no duration; OLM takes 15m instead.`, fix: "Write it as 30m." }];
  },
};

const polled: Rule<KubernetesObject> = {
  id: "operators/catalog-poll-ignored",
  severity: "warning",
  source: "operator-framework/api pkg/operators/v1alpha1/catalogsource_types.go Poll: images only, and none by digest",
  check(catalog) {
    const spec = catalog.spec ?? {};
    const image = textAt(spec, "image");
    const unknown = "image" in spec && spec.image === undefined;
    if (missing(spec, "updateStrategy") || unknown) return [];
    const path = ["spec", "updateStrategy"];
    if (image?.includes("@sha256:")) {
      return [{ path, message: "An image by its digest never changes, so there is nothing to look for." }];
    }
    return image ? [] : [{ path, message: "Only catalogs with an image are looked at again." }];
  },
};

const secrets: Rule<KubernetesObject> = {
  id: "operators/catalog-secret",
  severity: "error",
  source: "operator-lifecycle-manager pkg/controller/registry/reconciler: names of pull secrets",
  check(catalog) {
    return indexedSecrets(catalog)
      .filter(([, name]) => name === "")
      .map(([index]) => ({ path: ["spec", "secrets", index], message: "The name of the secret is empty." }));
  },
};

function indexedSecrets(catalog: KubernetesObject): [number, string][] {
  return listAt(catalog, "spec", "secrets").flatMap((name, index): [number, string][] =>
    typeof name === "string" ? [[index, name]] : [],
  );
}

/** Rules on a CatalogSource. */
export const catalogSourceRules: readonly Rule<KubernetesObject>[] = [
  sourceType,
  content,
  poll,
  interval,
  polled,
  secrets,
];
