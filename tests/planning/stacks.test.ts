import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { checkPlan } from "../../cli/plan-checks";
import { defaultFacts, findingText, type Json } from "../../model";
import { Environment, mergeLayers } from "../../model/environment";
import { planPlatform, topologicalOrder } from "../../planning";
import { packageRoot } from "../../provider/package";

const folder = join(packageRoot, "stacks");
const read = (file: string): Json => parse(readFileSync(join(folder, file), "utf8")) as Json;

describe("the stacks of the repository", () => {
  for (const file of readdirSync(folder).filter((name) => /^Pulumi\..*\.yaml$/.test(name))) {
    const { config } = read(file) as { config: Record<string, Json> };
    const environment = Environment.parse(mergeLayers(read("common.yaml"), config["ove:environment"] ?? {}));
    const { openshift, cilium, kubevirt } = environment.cluster;
    const facts = { ...defaultFacts, versions: { ...defaultFacts.versions, openshift, cilium, kubevirt } };

    it(`${file} plans objects that their kinds have nothing against`, () => {
      const plan = planPlatform(environment);
      expect(plan.findings).to.deep.equal([]);
      const found = checkPlan(plan, facts).filter(({ severity }) => severity !== "info");
      expect(found.map(findingText).filter((text) => !/evictionStrategy/.test(text))).to.deep.equal([]);
    });

    it(`${file} has an order, at most four edges an object, and is planned the same twice`, () => {
      const plan = planPlatform(environment);
      expect(topologicalOrder(plan)).to.have.length(plan.objects.length);
      expect(plan.edges.length).to.be.at.most(4 * plan.objects.length);
      expect(JSON.stringify(planPlatform(structuredClone(environment)))).to.equal(JSON.stringify(plan));
    });
  }
});
