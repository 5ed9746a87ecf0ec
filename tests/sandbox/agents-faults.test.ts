import { expect } from "chai";
import fc from "fast-check";
import type { JsonObject, KubernetesObject } from "../../model";
import { latenesses, lateSteps, type LateView, manifestOf } from "../../sandbox/agents/crd-late";
import { blockers } from "../../sandbox/agents/drain-blocked";
import { faultIn, targetsIn } from "../../sandbox/agents/faults";
import { webhookPatch } from "../../sandbox/agents/webhook-down";

const faults = (data: Record<string, string>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "sandbox-faults" },
  data,
});

describe("faults", () => {
  it("name their targets, separated by blanks or commas", () => {
    const on = faults({ "crd-late": "a.example=5, b.example\n", "drain-blocked": "*" });
    expect(targetsIn(on, "crd-late")).to.deep.equal(["a.example=5", "b.example"]);
    expect(targetsIn(undefined, "crd-late")).to.deep.equal([]);
    expect([faultIn(on, "drain-blocked", "w"), faultIn(on, "webhook-down", "w")]).to.deep.equal([true, false]);
  });
});

describe("fault crd-late", () => {
  const view = (changes: Partial<LateView>): LateView => ({
    wanted: latenesses(["a.example=5", "b.example"]),
    present: [],
    held: [],
    done: new Set(),
    now: 1000,
    ...changes,
  });

  it("is forty seconds unless it says otherwise", () => {
    expect([...latenesses(["a.example=5", "b.example"])]).to.deep.equal([
      ["a.example", 5000],
      ["b.example", 40_000],
    ]);
  });

  it("takes a CRD away once and gives it back after the next operator was installed", () => {
    expect(lateSteps(view({ present: ["a.example"] }))).to.deep.equal({ take: ["a.example"], give: [] });
    const held = ["a.example", "b.example"];
    expect(lateSteps(view({ held }))).to.deep.equal({ take: [], give: [] });
    expect(lateSteps(view({ held, installedAt: 1000 }))).to.deep.equal({ take: [], give: [], again: 5000 });
    const later = { installedAt: 1000, now: 6000 };
    expect(lateSteps(view({ held, ...later }))).to.deep.equal({ take: [], give: ["a.example"], again: 35_000 });
    const present = ["a.example"];
    const back = view({ held: ["b.example"], present, done: new Set(present), ...later });
    expect(lateSteps(back)).to.deep.equal({ take: [], give: [], again: 35_000 });
  });

  it("gives all back when it is over", () => {
    const over = view({ wanted: new Map(), held: ["a.example"] });
    expect(lateSteps(over)).to.deep.equal({ take: [], give: ["a.example"] });
  });

  it("keeps of a CRD what it can be made of again", () => {
    const crd = {
      ...faults({}),
      metadata: { name: "a.example", uid: "1", resourceVersion: "2", annotations: { x: "y" } },
      spec: { group: "example" },
      status: { conditions: [] },
    };
    expect(manifestOf(crd)).to.deep.equal({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a.example", annotations: { x: "y" }, labels: {} },
      spec: { group: "example" },
    });
  });
});

describe("fault webhook-down", () => {
  const configuration = (webhooks: JsonObject[], annotations: Record<string, string> = {}): KubernetesObject => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "a", annotations },
    webhooks,
  });
  const patched = (before: KubernetesObject, down: boolean): KubernetesObject => {
    const patch = webhookPatch(before, down);
    const annotations: Record<string, string> = patch?.annotation
      ? { "sandbox.pulumi-ove/reached-at": patch.annotation }
      : {};
    return patch ? configuration(patch.webhooks, annotations) : before;
  };
  const client = fc.oneof(
    fc.record({ url: fc.constant("https://127.0.0.1:2/x"), caBundle: fc.constant("YQ==") }),
    fc.record({ service: fc.record({ name: fc.constant("s"), namespace: fc.constant("n") }) }),
  );
  const hooks = fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/), clientConfig: client, failurePolicy: fc.constant("Fail") }),
    { selector: (hook) => hook.name },
  ) as fc.Arbitrary<JsonObject[]>;

  it("points every webhook at a dead port, and back as it was", () => {
    fc.assert(
      fc.property(hooks, (before) => {
        const down = patched(configuration(before), true);
        for (const hook of down.webhooks as JsonObject[]) {
          expect((hook.clientConfig as JsonObject).url).to.match(/^https:\/\/127\.0\.0\.1:1\//);
        }
        expect(webhookPatch(down, true)).to.equal(undefined);
        expect(patched(down, false)).to.deep.equal(configuration(before));
        expect(webhookPatch(configuration(before), false)).to.equal(undefined);
      }),
    );
  });

  it("goes on when the operator writes a webhook anew, and gives back what the operator wrote last", () => {
    const hook = (port: number): JsonObject => ({ name: "a", clientConfig: { url: `https://127.0.0.1:${port}` } });
    const down = patched(configuration([hook(2)]), true);
    const anew = configuration([hook(3)], down.metadata.annotations);
    expect(patched(anew, false)).to.deep.equal(configuration([hook(3)]));
    expect(patched(patched(anew, true), false)).to.deep.equal(configuration([hook(3)]));
  });
});

describe("fault drain-blocked", () => {
  it("is a pod on the node with a budget that lets it not go", () => {
    const { pod, budget } = blockers("worker-1");
    expect(pod.spec).to.include({ nodeName: "worker-1" });
    expect(budget.spec).to.deep.equal({ minAvailable: 1, selector: { matchLabels: pod.metadata.labels } });
    expect(budget.metadata).to.deep.equal({ name: "drain-blocked-worker-1", namespace: "sandbox" });
  });
});
