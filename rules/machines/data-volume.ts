import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { indexedAt, listAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { claimOf, isKnown, population, webhook, type SpecCheck } from "./data-volume-population";
import { setKeys } from "./template";

/** Kinds of sources that a DataVolume may have. */
export const dataVolumeSources = [
  "http",
  "s3",
  "gcs",
  "registry",
  "pvc",
  "upload",
  "blank",
  "imageio",
  "vddk",
  "snapshot",
];

const populated = (spec: JsonObject): boolean =>
  setKeys({ ...objectAt(spec, "pvc"), ...objectAt(spec, "storage") }, ["dataSource", "dataSourceRef"]).length > 0;

const present: SpecCheck = {
  id: "data-volume-target",
  source: `${webhook} validateDataVolumeSpec`,
  check: (spec) => {
    const given = setKeys(spec, ["pvc", "storage"]);
    if (given.length === 1) return [];
    if (given.length === 2)
      return [{ path: ["pvc"], message: "pvc and storage cannot go together.", fix: "Keep storage." }];
    return [{ path: ["storage"], message: "The DataVolume asks for no storage.", fix: "Give storage." }];
  },
};

const origin: SpecCheck = {
  id: "data-volume-origin",
  source: `${webhook} validateDataVolumeSpec, validateNumberOfSources`,
  check: (spec) => {
    const given = setKeys(spec, ["source", "sourceRef"]);
    if (populated(spec))
      return given.map((key) => ({ path: [key], message: "It cannot go with dataSource or dataSourceRef." }));
    if (given.length === 2) return [{ path: ["source"], message: "source and sourceRef cannot go together." }];
    const claim = claimOf(spec);
    const unknown = claim !== undefined && spec[claim] === undefined;
    if (given.length === 0)
      return unknown
        ? []
        : [{ path: ["source"], message: "The DataVolume has no source.", fix: "For example blank: {}." }];
    if (given[0] !== "source" || spec.source === undefined) return [];
    if (setKeys(objectAt(spec, "source"), dataVolumeSources).length === 1) return [];
    const fix = `Give one of ${dataVolumeSources.join(", ")}.`;
    return [{ path: ["source"], message: "The source must be exactly one.", fix }];
  },
};

/** Smallest volume, 1 MiB. */
const smallest = 2 ** 20;

/** A clone has its source's size; with pvc CDI does not look it up. */
const cloned = (spec: JsonObject): boolean =>
  ("source" in spec && spec.source === undefined) ||
  (claimOf(spec) === "storage" &&
    (setKeys(spec, ["sourceRef"]).length > 0 || setKeys(objectAt(spec, "source"), ["pvc", "snapshot"]).length > 0));

const size: SpecCheck = {
  id: "data-volume-size",
  source: `${webhook} validateStorageSize`,
  check: (spec) => {
    const claim = claimOf(spec);
    if (!claim || spec[claim] === undefined) return [];
    const path = [claim, "resources", "requests", "storage"];
    const parents = path.map((_key, index) => objectAt(spec, ...path.slice(0, index)));
    if (path.some((key, index) => key in (parents[index] ?? {}) && parents[index]?.[key] === undefined)) return [];
    const given = textAt(spec, ...path) ?? numberAt(spec, ...path);
    if (given === undefined)
      return cloned(spec) ? [] : [{ path, message: "The size is missing.", fix: "For example 30Gi." }];
    const bytes = parseQuantity(given);
    if (bytes === undefined) return [{ path, message: `"${given}" is no size.`, fix: "For example 30Gi." }];
    return bytes >= smallest ? [] : [{ path, message: "A volume has 1Mi at least.", fix: "Is the unit missing?" }];
  },
};

const modes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

const access: SpecCheck = {
  id: "data-volume-access",
  source: `${webhook} validateDataVolumeSpec, accessModes`,
  check: (spec) => {
    const claim = claimOf(spec) ?? "";
    const path: PathStep[] = [claim, "accessModes"];
    const given = listAt(spec, ...path);
    const found = given.flatMap((mode, index): Violation[] => {
      if (typeof mode !== "string" || modes.includes(mode)) return [];
      return [{ path: [...path, index], message: `There is no access mode "${mode}".`, fix: modes.join(", ") + "." }];
    });
    const parent = objectAt(spec, claim);
    const unknown = spec[claim] === undefined || ("accessModes" in parent && parent.accessModes === undefined);
    if (claim === "pvc" && !unknown && given.length !== 1)
      found.push({ path, message: "With pvc there is exactly one access mode.", fix: "Give one, or use storage." });
    return found;
  },
};

const web = ["http", "https", "gs"];

/** What an address must begin with, by source. The webhook takes gs for each of them. */
const schemes: Readonly<Record<string, readonly string[]>> = {
  http: web,
  s3: web,
  gcs: web,
  imageio: web,
  vddk: web,
  registry: ["docker", "oci-archive"],
};

const address: SpecCheck = {
  id: "data-volume-url",
  source: `${webhook} validateSourceURL`,
  check: (spec) =>
    Object.entries(schemes).flatMap(([source, allowed]): Violation[] => {
      const content = objectAt(spec, "source", source);
      if (setKeys(objectAt(spec, "source"), [source]).length === 0 || objectAt(spec, "source")[source] === undefined)
        return [];
      if (source === "registry" && setKeys(content, ["imageStream"]).length > 0) return [];
      const path = ["source", source, "url"];
      if (missing(content, "url")) return [{ path, message: "The address is missing." }];
      const text = textAt(content, "url");
      if (
        text === undefined ||
        allowed.some((scheme) => text.toLowerCase().startsWith(`${scheme}:`) && text.length > scheme.length + 3)
      )
        return [];
      const fix = `It begins with ${allowed.map((scheme) => `${scheme}://`).join(" or ")}.`;
      return [{ path, message: `"${text}" is no address of this source.`, fix }];
    }),
};

const registry: SpecCheck = {
  id: "data-volume-registry",
  source: `${webhook} validateDataVolumeSpec, Registry`,
  check: (spec) => {
    const path = ["source", "registry"];
    const content = objectAt(spec, ...path);
    if (setKeys(objectAt(spec, "source"), ["registry"]).length === 0) return [];
    const given = setKeys(content, ["url", "imageStream"]);
    const method = textAt(content, "pullMethod");
    const unknown = "pullMethod" in content && content.pullMethod === undefined;
    const found: Violation[] = [];
    if (given.length === 2) found.push({ path, message: "url and imageStream cannot go together." });
    if (content.imageStream === "") found.push({ path: [...path, "imageStream"], message: "The name is missing." });
    if (method && method !== "pod" && method !== "node")
      found.push({ path: [...path, "pullMethod"], message: "The method is pod or node." });
    if (given.includes("imageStream") && method !== "node" && !unknown)
      found.push({
        path: [...path, "pullMethod"],
        message: "An imageStream is pulled by the node only.",
        fix: "node.",
      });
    return found;
  },
};

const contentType: SpecCheck = {
  id: "data-volume-content",
  source: `${webhook} validateDataVolumeSpec, ContentType`,
  check: (spec) => {
    const path = ["contentType"];
    const text = textAt(spec, ...path);
    if (!text || text === "kubevirt") return [];
    if (text !== "archive") return [{ path, message: `There is no content "${text}".`, fix: "kubevirt or archive." }];
    const whole = setKeys(objectAt(spec, "source"), ["registry", "blank"])[0];
    return whole ? [{ path, message: `A source of kind ${whole} is no archive.` }] : [];
  },
};

/** What a source cannot do without; imageio needs a certificate too unless it is told not to look. */
const needs: Readonly<Record<string, readonly string[]>> = {
  imageio: ["secretRef", "diskId"],
  vddk: ["secretRef", "uuid", "backingFile", "thumbprint"],
  pvc: ["namespace", "name"],
  snapshot: ["namespace", "name"],
};

const complete: SpecCheck = {
  id: "data-volume-source-field",
  source: `${webhook} validateDataVolumeSpec, Imageio, VDDK, PVC`,
  check: (spec) =>
    Object.entries(needs).flatMap(([source, keys]) => {
      const given = objectAt(spec, "source");
      if (setKeys(given, [source]).length === 0 || given[source] === undefined) return [];
      const content = objectAt(given, source);
      const unverified = content.insecureSkipVerify === true || isKnown(content, "insecureSkipVerify") === false;
      const all = source === "imageio" && !unverified ? [...keys, "certConfigMap"] : keys;
      return all
        .filter((key) => missing(content, key) || content[key] === "")
        .map((key) => ({ path: ["source", source, key], message: "It is missing." }));
    }),
};

const reference: SpecCheck = {
  id: "data-volume-reference",
  source: `${webhook} validateSourceRef`,
  check: (spec) => {
    if (setKeys(spec, ["sourceRef"]).length === 0 || spec.sourceRef === undefined) return [];
    const content = objectAt(spec, "sourceRef");
    const found: Violation[] = [];
    const kind = textAt(content, "kind");
    if (missing(content, "kind") || (kind !== undefined && kind !== "DataSource"))
      found.push({ path: ["sourceRef", "kind"], message: "The kind must be DataSource." });
    if (missing(content, "name") || content.name === "")
      found.push({ path: ["sourceRef", "name"], message: "The name is missing." });
    return found;
  },
};

const className: SpecCheck = {
  id: "data-volume-class",
  source: `${webhook} validateStorageClassName`,
  check: (spec) => {
    const claim = claimOf(spec) ?? "";
    const name = textAt(spec, claim, "storageClassName") ?? "";
    if (name.length <= 253) return [];
    return [{ path: [claim, "storageClassName"], message: "The name has 253 characters at most." }];
  },
};

const checks = [
  present,
  origin,
  size,
  access,
  address,
  registry,
  contentType,
  complete,
  reference,
  population,
  className,
];

/** Rules of a DataVolume of its own. */
export const dataVolumeRules: readonly Rule<KubernetesObject>[] = checks.map(({ id, source, check }) => ({
  id: `machines/${id}`,
  severity: "error",
  source,
  check: (volume) =>
    volume.spec === undefined ? [] : check(volume.spec).map((found) => ({ ...found, path: ["spec", ...found.path] })),
}));

/** What the machine's webhook does not look at in its DataVolumes, and CDI refuses afterwards. */
export const dataVolumeContentRule: Rule<KubernetesObject> = {
  id: "machines/data-volume-refused",
  severity: "error",
  source: `${webhook}; the machine is accepted and its controller cannot make the DataVolume`,
  check: (machine) =>
    indexedAt(machine, "spec", "dataVolumeTemplates").flatMap(([index, template]) =>
      "spec" in template && template.spec === undefined
        ? []
        : checks
            .filter((each) => each !== present && each !== origin)
            .flatMap((each) => each.check(objectAt(template, "spec")))
            .map((found) => ({ ...found, path: ["spec", "dataVolumeTemplates", index, "spec", ...found.path] })),
    ),
};
