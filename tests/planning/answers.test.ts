import { expect } from "chai";
import { checkPlan } from "../../cli/plan-checks";
import { defaultFacts } from "../../model";
import { Environment } from "../../model/environment";
import { planPlatform } from "../../planning";
import { full } from "../planning/environments";

type Section = Partial<typeof full>;

/** The rules that have something to say of one of the planned objects. */
function rulesOf(more: Section, without: string[] = []): string[] {
  const plan = planPlatform(Environment.parse({ ...full, ...more }));
  const objects = plan.objects.filter(({ id }) => !without.includes(id));
  return checkPlan({ ...plan, objects }, defaultFacts).map(({ rule }) => rule);
}

describe("findings that the rest of a plan answers", () => {
  for (const ipam of [{ type: "dhcp" }, { type: "whereabouts", range: "192.0.2.0/24" }] as const) {
    it(`the daemon of ${ipam.type} is asked for only when no network starts it`, () => {
      const more: Section = { networks: [{ name: "a", namespace: "web", type: "macvlan", master: "ens4", ipam }] };
      expect(rulesOf(more)).to.not.include("networks/ipam-hint");
      expect(rulesOf(more, ["networks/operator"])).to.include("networks/ipam-hint");
    });
  }

  it("an address that all members share is told all the same", () => {
    const ipam = { type: "static" as const, addresses: [{ address: "192.0.2.5/24" }] };
    const more: Section = { networks: [{ name: "a", namespace: "web", type: "macvlan", master: "ens4", ipam }] };
    expect(rulesOf(more)).to.include("networks/ipam-hint");
  });

  it("Open vSwitch is asked for unless nodes start it and OpenShift Virtualization brings its plugin", () => {
    const more: Section = {
      networks: [{ name: "a", namespace: "web", type: "ovs", uplink: "ens4" }],
      virtualization: {},
    };
    expect(rulesOf(more)).to.not.include("networks/ovs-installed");
    expect(rulesOf(more, ["virtualization/hyperconverged"])).to.include("networks/ovs-installed");
    expect(rulesOf({ ...more, nodePools: [] })).to.include("networks/ovs-installed");
  });

  it("a direction that a policy leaves open is told unless another one closes it for the same pods", () => {
    const from = [{ from: [{ entity: "cluster" as const }] }];
    const to = [{ to: [{ entity: "cluster" as const }] }];
    const web = { name: "web", namespace: "web", subjects: { app: "web" }, ingress: from };
    const other = (subjects: Record<string, string>, namespace = "web"): Section => ({
      policies: [web, { name: "other", namespace, subjects, egress: to }],
    });
    const told = (more: Section): number => rulesOf(more).filter((rule) => rule === "policies/one-sided").length;
    expect(told({ policies: [web] })).to.equal(1);
    // The second one closes the first; nothing closes the second for all of its own pods.
    expect(told(other({}))).to.equal(1);
    expect(told(other({ app: "web" }))).to.equal(0);
    expect(told(other({ app: "other" }))).to.equal(2);
    expect(told(other({}, "db"))).to.equal(2);
    const tenants = [{ name: "shop", namespaces: [{ name: "web" }] }];
    expect(told({ tenants, namespaces: [{ name: "db" }], policies: [web] })).to.equal(0);
  });
});
