import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import type { Apply, Step } from "../../../provider/kind";
import { catalogSource, operatorGroup } from "../../../provider/kinds/operators";
import { subscription as kind } from "../../../provider/kinds/subscriptions";
import { before, object, said } from "./objects";

const alpha = "operators.coreos.com/v1alpha1";
const namespace = "op";
const group = (name: string, spec: JsonObject = {}, status: JsonObject = {}): KubernetesObject =>
  object("operators.coreos.com/v1", "OperatorGroup", { metadata: { name, namespace }, spec, status });

describe("readiness of an OperatorGroup", () => {
  const verdict = (of: KubernetesObject, groups = [of]): string =>
    said(operatorGroup.ready.verdict(of, { groups }, before()));

  it("waits until OLM has taken its present namespaces", () => {
    const spec = { targetNamespaces: ["a", "b"] };
    expect(operatorGroup.ready.watches(group("g"))[0]).to.include({ namespace, plural: "operatorgroups" });
    expect(verdict(group("g", spec))).to.equal("waiting: OLM has taken its target namespaces (not yet)");
    expect(verdict(group("g", spec, { namespaces: ["a"] }))).to.match(/\(a\)$/);
    expect(verdict(group("g", spec, { namespaces: ["b", "a"] }))).to.equal("ready");
    expect(verdict(group("g", spec, { namespaces: [""] }))).to.match(/\(all namespaces\)$/);
  });

  it("takes all namespaces for an empty name, and what a selector gives", () => {
    expect(verdict(group("g", {}, { namespaces: [""] }))).to.equal("ready");
    expect(verdict(group("g", { selector: {} }, { namespaces: ["x"] }))).to.equal("ready");
    expect(verdict(group("g", { selector: {} }))).to.match(/^waiting/);
  });

  it("fails beside another one, and waits while the watch does not have it", () => {
    expect(verdict(group("g"), [group("h"), group("g")])).to.match(
      /^failed: namespace op has 2 OperatorGroups \(g, h\)/,
    );
    expect(verdict(group("g"), [])).to.match(/^waiting: namespace op has an OperatorGroup/);
  });
});

describe("readiness of a CatalogSource", () => {
  const catalog = (status: JsonObject): KubernetesObject => object(alpha, "CatalogSource", { status });
  const verdict = (status: JsonObject, was?: JsonObject): string =>
    said(catalogSource.ready.verdict(catalog(status), {}, before({}, was && catalog(was))));

  it("waits until OLM is connected", () => {
    const state = (lastObservedState: string): JsonObject => ({ connectionState: { lastObservedState } });
    expect(verdict({})).to.match(/\(not connected yet\)$/);
    expect(verdict({ ...state("CONNECTING"), message: "refused" })).to.match(/\(CONNECTING: refused\)$/);
    expect(verdict(state("READY"))).to.equal("ready");
  });

  it("fails when OLM refuses it, unless that is from before the change", () => {
    const refused = { reason: "SpecInvalidError", message: "no image" };
    expect(verdict(refused)).to.equal("failed: OLM refuses it: no image");
    expect(verdict({ reason: "SpecInvalidError" }, refused)).to.equal("failed: OLM refuses it: SpecInvalidError");
    expect(verdict(refused, refused)).to.match(/^waiting/);
  });

  it("gives back those that OpenShift makes", () => {
    const adopt = (name: string, of: string): boolean => catalogSource.adopt({ name, namespace: of });
    expect(adopt("redhat-operators", "openshift-marketplace")).to.equal(true);
    expect(adopt("redhat-operators", "other")).to.equal(false);
    expect(adopt("mine", "openshift-marketplace")).to.equal(false);
  });
});

const plan = (names: string[], approved: boolean, status: JsonObject = {}): KubernetesObject =>
  object(alpha, "InstallPlan", {
    metadata: { name: "install-1", namespace },
    spec: { approved, clusterServiceVersionNames: names },
    status: { phase: approved ? "Complete" : "RequiresApproval", ...status },
  });
const version = (phase: string, more: JsonObject = {}, spec: JsonObject = {}): KubernetesObject =>
  object(alpha, "ClusterServiceVersion", { metadata: { name: "op.v1", namespace }, spec, status: { phase, ...more } });

interface Parts {
  status?: JsonObject;
  approve?: string;
  spec?: JsonObject;
}
const subscription = ({ status = {}, approve, spec = {} }: Parts = {}): KubernetesObject =>
  object(alpha, "Subscription", {
    metadata: { name: "op", namespace, ...(approve ? { annotations: { "pulumi-ove/approve": approve } } : {}) },
    spec: { name: "op", installPlanApproval: "Manual", startingCSV: "op.v1", ...spec },
    status: { installPlanRef: { name: "install-1" }, ...status },
  });
const groups = [group("g")];
const done = { currentCSV: "op.v1", installedCSV: "op.v1", state: "AtLatestKnown" };

describe("readiness of a Subscription", () => {
  const verdict = (
    of: KubernetesObject,
    related: Record<string, KubernetesObject[]> = {},
    was: KubernetesObject | undefined = undefined,
    earlier: Record<string, KubernetesObject[]> = {},
  ): string => said(kind.ready.verdict(of, { groups, ...related }, before(earlier, was)));

  it("looks at its namespace", () => {
    expect(kind.ready.watches(subscription()).map((each) => each.namespace)).to.deep.equal([
      namespace,
      namespace,
      namespace,
      namespace,
    ]);
  });

  it("approves a plan whose versions are all declared, as it is at that moment", () => {
    const plans = [plan(["op.v1", "dep.v2"], false)];
    const live = subscription({ approve: "dep.v2" });
    const found = kind.ready.verdict(live, { groups, plans }, before());
    expect(said(found)).to.equal("acting: install plan install-1 is approved (it carries op.v1, dep.v2)");
    const does = (found as { does: Apply }).does;
    expect([does.plural, does.object.metadata.name]).to.deep.equal(["installplans", "install-1"]);
    expect(does.from?.(plans[0]!).spec).to.deep.equal({ approved: true });
    expect(does.from?.(plan(["op.v1", "evil.v1"], false)).spec).to.deep.equal({ approved: false });
  });

  it("never approves a plan that carries more, and names what it carries", () => {
    expect(verdict(subscription(), { plans: [plan(["op.v1", "other.v1"], false)] })).to.match(
      /^failed: install plan install-1 also carries other\.v1, which is not declared/,
    );
    expect(verdict(subscription(), { plans: [plan([], false)] })).to.match(/^failed/);
  });

  it("leaves a plan for a later version alone once what it wants is there", () => {
    const related = { plans: [plan(["op.v2"], false)], versions: [version("Succeeded")] };
    expect(verdict(subscription({ status: done }), related)).to.equal("ready");
  });

  it("goes on to the last declared version of its own operator", () => {
    const live = subscription({ status: { ...done, currentCSV: "op.v2" }, approve: "op.v2,dep.v9" });
    expect(verdict(live, { plans: [plan(["op.v2"], false)], versions: [version("Succeeded")] })).to.match(/^acting/);
    expect(verdict(live, { versions: [version("Succeeded")] })).to.equal("waiting: op.v2 is installed (op.v1)");
  });

  it("waits for the version, its success, and its webhooks", () => {
    const plans = [plan(["op.v1"], true)];
    expect(verdict(subscription(), { plans })).to.equal("waiting: op.v1 is installed (nothing is)");
    const live = subscription({ status: done });
    expect(verdict(live, { plans })).to.match(/^waiting: ClusterServiceVersion op\.v1 exists/);
    expect(verdict(live, { plans, versions: [version("Installing")] })).to.match(/\(Installing\)$/);
    expect(verdict(live, { plans, versions: [version("")] })).to.match(/^waiting: op\.v1 has Succeeded/);
    const versions = [version("Succeeded", {}, { webhookdefinitions: [{ deploymentName: "op.webhook" }] })];
    expect(verdict(live, { plans, versions })).to.match(/^waiting: the service op-webhook-service has a ready pod/);
    const slice = object("discovery.k8s.io/v1", "EndpointSlice", {
      metadata: { name: "s", labels: { "kubernetes.io/service-name": "op-webhook-service" } },
      endpoints: [{ conditions: { ready: true } }],
    });
    expect(verdict(live, { plans, versions, endpoints: [slice] })).to.equal("ready");
  });

  it("takes what OLM installs by itself with automatic approval", () => {
    const spec = { installPlanApproval: "Automatic", startingCSV: null };
    const versions = [version("Succeeded")];
    expect(
      verdict(subscription({ spec, status: done }), { plans: [plan(["op.v1", "x.v1"], false)], versions }),
    ).to.equal("ready");
    expect(verdict(subscription({ spec, status: { ...done, currentCSV: "op.v2" } }), { versions })).to.match(
      /^waiting: op\.v2/,
    );
    expect(verdict(subscription({ spec }))).to.equal("waiting: a version is installed (nothing is)");
    const manual = subscription({ spec: { startingCSV: null }, status: { ...done, currentCSV: undefined as never } });
    expect(verdict(manual, { versions })).to.equal("ready");
  });

  it("fails at once with OLM's message, unless it is from before the change", () => {
    for (const type of ["ResolutionFailed", "BundleUnpackFailed", "InstallPlanFailed"]) {
      const live = subscription({ status: { conditions: [{ type, status: "True", message: "why" }] } });
      expect(verdict(live)).to.equal(`failed: ${type}: why`);
      expect(verdict(live, {}, live)).to.match(/^waiting/);
    }
    const bare = (reason?: string): KubernetesObject =>
      subscription({
        status: { conditions: [{ type: "ResolutionFailed", status: "True", ...(reason ? { reason } : {}) }] },
      });
    expect(verdict(bare("ConstraintsNotSatisfiable"))).to.match(/ConstraintsNotSatisfiable$/);
    expect(verdict(bare())).to.match(/no message given$/);
    expect(verdict(bare("ErrorPreventedResolution"))).to.match(/^waiting: ResolutionFailed is over/);
    const upgrade = subscription({ status: { state: "UpgradeFailed", currentCSV: "op.v2" } });
    expect(verdict(upgrade)).to.equal("failed: UpgradeFailed: the upgrade to op.v2 failed");
    expect(verdict(upgrade, {}, upgrade)).to.match(/^waiting/);
    expect(verdict(subscription({ status: { state: "UpgradeFailed" } }))).to.match(/^failed/);
  });

  it("fails with the plan's or the version's message", () => {
    const failing = (status: JsonObject): string =>
      verdict(subscription(), { plans: [plan(["op.v1"], true, { phase: "Failed", ...status })] });
    expect(failing({ conditions: [{ message: "quota" }] })).to.equal("failed: InstallPlanFailed: install-1: quota");
    expect(failing({ message: "rbac" })).to.match(/rbac$/);
    expect(failing({})).to.match(/no message given$/);
    const live = subscription({ status: done });
    const broken = version("Failed", { message: "timeout", lastTransitionTime: "t1" });
    expect(verdict(live, { versions: [broken] })).to.equal("failed: op.v1 failed: timeout");
    expect(verdict(live, { versions: [broken] }, live, { versions: [broken] })).to.match(
      /^waiting: op\.v1 has Succeeded/,
    );
    expect(verdict(live, { versions: [version("Failed", { reason: "NoOperatorGroup" })] })).to.match(
      /NoOperatorGroup$/,
    );
    expect(verdict(live, { versions: [version("Failed")] })).to.match(/no message given$/);
  });
});

describe("deletion of a Subscription", () => {
  const steps = (status: JsonObject): Step[] => kind.deletion?.after?.(subscription({ status })) ?? [];

  it("takes its version with it, and the one that was on its way", () => {
    const [first, second, wait] = steps({ installedCSV: "op.v1", currentCSV: "op.v2" });
    const name = (step: Step | undefined): string => (step?.act === "delete" ? step.object.metadata.name : "");
    expect([name(first), name(second)]).to.deep.equal(["op.v1", "op.v2"]);
    const gone = wait as Extract<Step, { act: "wait" }>;
    expect(said(gone.verdict({ versions: [version("Deleting")] }, {}))).to.match(
      /^waiting: ClusterServiceVersion op\.v1 is gone/,
    );
    expect(said(gone.verdict({ versions: [] }, {}))).to.equal("ready");
    expect(steps(done).map((step) => step.act)).to.deep.equal(["delete", "wait"]);
  });

  it("has nothing to take where nothing was installed", () => expect(steps({})).to.deep.equal([]));
});
