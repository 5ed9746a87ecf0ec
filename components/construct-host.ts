import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { constructors } from "./constructors";
import { packageRoot, packageVersion } from "../provider/package";

/** Serves Construct for the components of this package; see ComponentHost. */
void pulumi.provider.main(
  {
    version: packageVersion,
    schema: readFileSync(join(packageRoot, "schema.json"), "utf8"),
    construct: (name, type, inputs, options) => {
      const construct = constructors[type];
      if (!construct) {
        return Promise.reject(new Error(`there is no component ${type} in version ${packageVersion} of this package`));
      }
      const component = construct(name, inputs, options);
      return Promise.resolve({ urn: component.urn, state: component.outputs });
    },
  },
  process.argv.slice(2),
);
