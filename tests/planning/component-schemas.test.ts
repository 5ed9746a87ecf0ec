import { expect } from "chai";
import { isObject, type Json } from "../../model";
import { componentSchemas } from "../../planning";

/** Paths of properties without a description, in a schema and everything that it holds. */
function undescribed(schema: Json | undefined, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => undescribed(item, `${path}[${index}]`));
  if (!isObject(schema)) return [];
  const { properties, ...rest } = schema;
  const found = Object.entries(rest).flatMap(([key, value]) => undescribed(value, `${path}.${key}`));
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    if (!isObject(property) || typeof property.description !== "string") found.push(`${path}.${name}`);
    found.push(...undescribed(property, `${path}.${name}`));
  }
  return found;
}

describe("component schemas", () => {
  it("are there for every component, with all properties described", () => {
    expect(componentSchemas.map((schema) => schema.token)).to.deep.equal([
      "ove:nodes:NodePool",
      "ove:cilium:CiliumNetwork",
      "ove:hostnetwork:HostNetwork",
      "ove:sriov:SriovFabric",
      "ove:networks:Attachments",
      "ove:policies:Tenant",
      "ove:policies:NetworkPolicies",
      "ove:loadbalancing:LoadBalancers",
      "ove:operators:OperatorSubscription",
      "ove:virtualization:Virtualization",
      "ove:machines:Images",
      "ove:gateway:Gateways",
      "ove:observability:Observability",
      "ove:machines:Machine",
      "ove:platform:Platform",
    ]);
    for (const { token, doc, inputs, outputs } of componentSchemas) {
      expect(doc, token).to.match(/^[A-Z].*\.$/);
      expect(undescribed(inputs, token)).to.deep.equal([]);
      expect(undescribed(outputs, token)).to.deep.equal([]);
    }
  });

  it("require of users only what has no default", () => {
    const required = (token: string) => componentSchemas.find((schema) => schema.token === token)?.inputs.required;
    expect(required("ove:nodes:NodePool")).to.deep.equal(["name", "machineCount"]);
    expect(required("ove:platform:Platform")).to.deep.equal(["name", "cluster"]);
  });

  it("say that every component puts out when it is ready", () => {
    for (const { token, outputs } of componentSchemas) expect(outputs.required, token).to.include("ready");
  });
});
