import type { JsonObject } from "../../model";
import { missing, objectAt, textAt } from "../read";
import type { Violation } from "../rule";
import { setKeys } from "./template";

/** File of CDI in which its webhook's rules are written. */
export const webhook = "containerized-data-importer pkg/apiserver/webhooks/datavolume-validate.go";

/** Something that CDI looks at in a DataVolume's spec; paths are relative to it. */
export interface SpecCheck {
  id: string;
  source: string;
  check: (spec: JsonObject) => Violation[];
}

/** Whether a value is not one that is not known yet. */
export const isKnown = (object: JsonObject, key: string): boolean => !(key in object) || object[key] !== undefined;

/** The field with the claim's form. */
export const claimOf = (spec: JsonObject): string | undefined => setKeys(spec, ["storage", "pvc"])[0];

/** What populates the volume instead of CDI. */
export const population: SpecCheck = {
  id: "data-volume-population",
  source: `${webhook} validateExternalPopulation, validateDataSource, validateDataSourceRef`,
  check: (spec) => {
    const claim = claimOf(spec) ?? "";
    const parent = objectAt(spec, claim);
    const given = setKeys(parent, ["dataSource", "dataSourceRef"]).filter((key) => parent[key] !== undefined);
    const found: Violation[] = [];
    if (given.length === 2)
      found.push({ path: [claim, "dataSource"], message: "dataSource and dataSourceRef cannot go together." });
    for (const key of given) {
      const content = objectAt(parent, key);
      const path = [claim, key];
      for (const field of ["name", "kind"])
        if (missing(content, field) || content[field] === "")
          found.push({ path: [...path, field], message: "It is missing." });
      const unknown = !isKnown(content, "apiGroup") || !isKnown(content, "kind");
      const none = missing(content, "apiGroup") || content.apiGroup === "";
      if (none && !unknown && content.kind !== "PersistentVolumeClaim")
        found.push({ path: [...path, "apiGroup"], message: "It is missing: only claims have none." });
      if (textAt(content, "namespace"))
        found.push({ path: [...path, "namespace"], message: "CDI does not look into other namespaces." });
    }
    return found;
  },
};
