import { expect } from "chai";
import { UNKNOWN } from "../../../model";
import type { JsonObject } from "../../../model";
import { kindPage } from "../../../provider/generate/kind-pages";
import { kindOf } from "../../../provider/kinds";
import { ProviderUnderTest, refusal, urnOf } from "../../support/provider";

const VOLUME = "ove:machines:DataVolume";
const urn = urnOf(VOLUME, "root");

const volume = (spec: JsonObject = {}): JsonObject => ({
  metadata: { name: "root", namespace: "default" },
  spec: {
    source: { http: { url: "http://a/disk" } },
    storage: { resources: { requests: { storage: "1Gi" } } },
    ...spec,
  },
});

const other = volume({ source: { http: { url: "http://b/disk" } } });
const olds = { inputs: volume(), outputs: { ...volume(), adopted: false } };

/** Changes that CDI's webhook refuses. */
const changed: [title: string, spec: JsonObject, path: string][] = [
  ["another source", { source: { http: { url: "http://b/disk" } } }, "spec.source.http.url"],
  ["another kind of source", { source: { blank: {} } }, "spec.source.http"],
  ["a larger volume", { storage: { resources: { requests: { storage: "2Gi" } } } }, "spec.storage.resources.requests"],
  ["a class", { storage: { resources: { requests: { storage: "1Gi" } }, storageClassName: "x" } }, "spec.storage.stor"],
  ["a priority", { priorityClassName: "x" }, "spec.priorityClassName"],
  ["preallocation", { preallocation: true }, "spec.preallocation"],
  ["a type of content", { contentType: "archive" }, "spec.contentType"],
];

describe("changes of what a kind does not let change", function () {
  this.timeout(60_000);
  let provider: ProviderUnderTest;

  // Without a cluster: nothing is asked of it before the refusal.
  before(async () => {
    provider = await ProviderUnderTest.start({});
  });

  after(() => provider?.stop());

  for (const [title, spec, path] of changed) {
    it(`${title}: refused at preview and update, with the path and both ways out`, async () => {
      for (const preview of [true, false]) {
        const { message } = await refusal(provider.update(urn, "default/root", olds, volume(spec), { preview }));
        expect(message).to.contain(path).and.contain("cannot be changed");
        expect(message).to.contain("DataVolume of another name").and.contain('replaceOnChanges: ["spec"]');
      }
    });
  }

  it("pass the check, for the engine may replace the volume", async () => {
    expect(await provider.check(urn, other)).to.deep.equal([]);
  });

  it("are told to the engine as a change below spec, so that replaceOnChanges makes a replacement of it", async () => {
    const { changes, replaces, deleteFirst } = await provider.diff(urn, volume(), other);
    expect(changes).to.deep.equal(["update spec.source.http.url"]);
    expect(replaces).to.deep.equal([]);
    expect(deleteFirst, "the new one has the name of the old one").to.equal(true);
  });

  it("are no matter where nothing fixed changes", async () => {
    const news: JsonObject = { ...volume({ checkpoints: [{ previous: "", current: "a" }], finalCheckpoint: true }) };
    expect((await provider.diff(urn, volume(), news)).deleteFirst).to.equal(false);
    const outputs = await provider.update(urn, "default/root", olds, news, { preview: true });
    expect(outputs.spec).to.deep.equal(news.spec);
  });

  it("are refused at preview only when they are known to be changes", async () => {
    const news = volume({ source: { http: { url: UNKNOWN } }, preallocation: true });
    const { message } = await refusal(provider.update(urn, "default/root", olds, news, { preview: true }));
    expect(message).to.contain("spec.preallocation").and.not.contain("spec.source");
    for (const spec of [{ source: { http: { url: UNKNOWN } } }, { source: UNKNOWN }, { storage: UNKNOWN }]) {
      await provider.update(urn, "default/root", olds, volume(spec), { preview: true });
    }
    await provider.update(urn, "default/root", olds, { ...volume(), spec: UNKNOWN }, { preview: true });
  });

  it("are on the page of the kind, with what to do instead", () => {
    const page = kindPage(kindOf(VOLUME)!);
    expect(page).to.match(/## What cannot be changed\n\nA change is refused\. .*replaceOnChanges.*\n\n- `spec\./);
  });
});
