import { expect } from "chai";
import fc from "fast-check";
import { stringify } from "yaml";
import { defaultFacts, defaultVersions } from "../../../model";
import type { Facts, Json, JsonObject } from "../../../model";
import type { ObjectKind } from "../../../provider/kind";
import { kinds } from "../../../provider/kinds";
import { checkManifest } from "../../../provider/manifests/check";
import { verifyManifests } from "../../../provider/manifests/verify";
import { setRules } from "../../../rules";
import type { ManifestFinding } from "../../../provider/manifests/verify";

const verified = (text: string, facts: Facts = defaultFacts, named = true): ManifestFinding[] =>
  verifyManifests([{ file: "f.yaml", text, named }], facts).findings;

const told = (text: string, facts?: Facts): string[] =>
  verified(text, facts).map(({ line, severity, id, path }) => `${line} ${severity} ${id} ${path ?? ""}`.trim());

const pool = (lines = ""): string =>
  `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata:
  name: dpdk
spec:
  machineConfigSelector:
    matchExpressions:
      - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, dpdk]}
  nodeSelector:
    matchLabels:
      node-role.kubernetes.io/dpdk: ""
${lines}`;

const objectKinds = kinds.filter((kind): kind is ObjectKind => kind.is === "object");
const manifest = (kind: ObjectKind): JsonObject => ({ apiVersion: kind.apiVersion, kind: kind.kind, ...kind.example });

describe("verified manifests", () => {
  for (const kind of objectKinds) {
    it(`of ${kind.kind}: its example is clean, with what servers write as well`, () => {
      const live = manifest(kind);
      const metadata = { ...(live.metadata as JsonObject), uid: "1", generation: 2, creationTimestamp: null };
      const text = stringify({
        ...live,
        metadata: { ...metadata, managedFields: [{ manager: "a" }] },
        status: { a: 1 },
      });
      const ofSets = setRules.map(({ id }) => id);
      const serious = verified(text).filter(({ id, severity }) => severity !== "info" && !ofSets.includes(id));
      expect(serious).to.deep.equal([]);
    });
  }

  it("have findings with all keys, and null for what is unknown", () => {
    expect(verified(pool("  maxUnavailabel: 1\n"))).to.deep.equal([
      {
        id: "schema/unknown-field",
        severity: "error",
        file: "f.yaml",
        line: 12,
        document: 1,
        kind: "MachineConfigPool",
        namespace: null,
        name: "dpdk",
        path: "spec.maxUnavailabel",
        message: 'There is no field "maxUnavailabel".',
        fix: 'Did you mean "maxUnavailable"?',
        source: null,
      },
    ]);
    const [yaml] = verified("a: b: c");
    expect(yaml).to.include({ id: "manifest/yaml", line: 1, document: 1, kind: null, path: null, fix: null });
  });

  it("name the document and the line of an object in a list", () => {
    const items = [manifest(objectKinds.find(({ kind }) => kind === "MachineConfigPool")!), { a: 1 }];
    const text = `# first\n---\n${stringify({ apiVersion: "v1", kind: "List", items })}`;
    const [found] = verified(text);
    expect(found).to.include({ id: "manifest/object", severity: "error", document: 1 });
    expect(text.split("\n")[(found?.line ?? 0) - 1]).to.equal("  - a: 1");
    const typed = { apiVersion: "machineconfiguration.openshift.io/v1", kind: "MachineConfigPoolList", items: [{}, 1] };
    expect(told(stringify(typed))).to.include("4 error manifest/name metadata.name");
    expect(told("kind: List\napiVersion: v1\nitems: 1\n")).to.deep.equal([]);
  });

  it("are refused in versions that are not there", () => {
    const text = pool().replace("openshift.io/v1", "openshift.io/v3");
    const [found, ...others] = verified(text);
    expect(others).to.deep.equal([]);
    expect(found).to.include({ id: "manifest/api-version", severity: "error", line: 1, path: "apiVersion" });
    expect(found?.fix).to.include("machineconfiguration.openshift.io/v1");
  });

  it("in other versions are told about them as the kind says", () => {
    const severities = { served: undefined, deprecated: "warning", removed: "error" };
    for (const kind of objectKinds) {
      for (const { apiVersion, status, note } of kind.otherVersions ?? []) {
        const { findings } = checkManifest({ ...manifest(kind), apiVersion }, defaultFacts);
        const found = findings.find(({ rule }) => rule === "manifest/api-version");
        expect(found?.severity, `${kind.kind} ${apiVersion}`).to.equal(severities[status]);
        if (found) expect(found.fix).to.equal(note);
      }
    }
  });

  it("of kinds that are gone name the successor", () => {
    const text = "apiVersion: cilium.io/v2alpha1\nkind: CiliumBGPPeeringPolicy\nmetadata: {name: a}\n";
    expect(verified(text)[0]).to.include({ id: "manifest/removed-kind", severity: "error", line: 2 });
    expect(verified(text)[0]?.fix).to.include("CiliumBGPClusterConfig");
    const old = { ...defaultFacts, versions: { ...defaultVersions, cilium: "1.18" } };
    expect(verified(text, old)[0]).to.include({ severity: "warning" });
    expect(told("apiVersion: cilium.io/v2\nkind: CiliumEgressNATPolicy\n")).to.deep.equal([
      "2 error manifest/removed-kind kind",
    ]);
    expect(told("apiVersion: other.io/v2\nkind: CiliumBGPPeeringPolicy\n")).to.deep.equal([]);
  });

  it("of kinds that nobody knows are fine", () => {
    const text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {anything: on}\n";
    const run = verifyManifests([{ file: "f", text, named: true }], defaultFacts);
    expect(run).to.deep.equal({ findings: [], files: 1, objects: 1, known: 0 });
  });

  it("that are no objects are errors where they were named, and else worth a note", () => {
    expect(told("replicas: 1\n")).to.deep.equal(["1 error manifest/object"]);
    expect(verified("replicas: 1\n", defaultFacts, false)[0]).to.include({ severity: "info" });
    for (const text of ["- 1\n", "text\n", "1\n"]) expect(told(text)).to.deep.equal(["1 error manifest/object"]);
    expect(told("apiVersion: v1\n")).to.deep.equal(["1 error manifest/object kind"]);
    expect(told("apiVersion: 1\nkind: A\n")).to.deep.equal(["1 error manifest/object apiVersion"]);
    expect(told("---\n---\n# nothing\n")).to.deep.equal([]);
  });

  it("need names, and namespaces where the kind has them", () => {
    expect(told(pool().replace("  name: dpdk", "  namespace: here"))).to.deep.equal([
      "3 error manifest/name metadata.name",
      "4 warning manifest/namespace metadata.namespace",
    ]);
    const policy = "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata:\n  name: a\nspec:\n";
    expect(
      told(`${policy}  config: '{"cniVersion":"0.4.0","type":"cnv-bridge","bridge":"br1","name":"a"}'\n`),
    ).to.include("3 warning manifest/namespace metadata.namespace");
    expect(told(pool().replace("  name: dpdk", "  name: Dpdk"))).to.include("4 error schema/pattern metadata.name");
    expect(told(pool().replace("metadata:\n  name: dpdk", "metadata: 1"))).to.include("3 error schema/type metadata");
  });

  it("may have each object once", () => {
    const files = ["a.yaml", "b.yaml"].map((file) => ({ file, text: pool(), named: true }));
    const [found, ...others] = verifyManifests(files, defaultFacts).findings;
    expect(others).to.deep.equal([]);
    expect(found).to.include({ id: "manifest/duplicate", severity: "error", file: "b.yaml", line: 4, name: "dpdk" });
    expect(found?.message).to.include("a.yaml:1");
  });

  it("that are templates get one finding", () => {
    const helm = 'a: {{ .Values.a }}\nb: "{{ include "x" . }}"\n';
    expect(told(`x: 1\n${helm}`)).to.deep.equal(["2 error manifest/template"]);
    expect(told("{{- if .x }}\na: 1\n{{- end }}\n")).to.deep.equal(["1 error manifest/template"]);
    expect(told("a: 1\nb: {{ c }}\n")).to.deep.equal(["2 error manifest/template"]);
    expect(told('apiVersion: v1\nkind: A\nx: "{{ $labels.node }}"\n')).to.deep.equal([]);
  });

  it("that are no text or too large are not read", () => {
    expect(told("a\0b")).to.deep.equal(["null error manifest/yaml"]);
    expect(told("#".repeat(32 * 1024 * 1024 + 1))).to.deep.equal(["null error manifest/size"]);
  });

  it("say how a value must be quoted", () => {
    const label = (value: string): ManifestFinding | undefined =>
      verified(pool().replace("name: dpdk", `name: dpdk\n  labels: {a: ${value}}`))[0];
    expect(label("on")).to.include({ id: "schema/type", line: 5, fix: 'Write "on" in quotes.' });
    const text = `apiVersion: cilium.io/v2
kind: CiliumLoadBalancerIPPool
metadata: {name: a}
spec:
  blocks: [{cidr: 10.0.0.0/24}]
  allowFirstLastIPs: no
`;
    expect(verified(text)[0]).to.include({ id: "schema/type", fix: 'Write "No" in quotes.' });
    expect(label("0158")).to.include({ fix: 'Write "0158" in quotes.' });
    expect(label('"on"')).to.equal(undefined);
  });

  it("say where YAML reads something else than it seems", () => {
    expect(told(pool("  paused: off\n")).filter((line) => line.includes("manifest/"))).to.deep.equal([]);
    expect(told(pool("  maxUnavailable: 010\n"))).to.deep.equal(["12 warning manifest/yaml-1.1 spec.maxUnavailable"]);
    expect(told(pool("  maxUnavailable: 1_0\n"))).to.deep.equal(["12 warning manifest/yaml-1.1 spec.maxUnavailable"]);
    const annotated = pool().replace("name: dpdk", "name: dpdk\n  annotations: {y: a, t: 12:30}");
    expect(verified(annotated).map(({ path, severity, message }) => `${severity} ${path} ${message}`)).to.deep.equal([
      "warning metadata.annotations.true The key y without quotes is read as true.",
      "info metadata.annotations.t 12:30 is a text for kubectl, but a number for programs that read YAML 1.1 to the letter.",
    ]);
    const files = "storage: {files: [{path: /etc/a, mode: 0644, contents: {source: 'data:,a'}}]}";
    const config = `apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata:\n  name: 60-a\n  labels: {machineconfiguration.openshift.io/role: worker}\nspec:\n  config: {ignition: {version: 3.2.0}, ${files}}\n`;
    expect(told(config)).to.deep.equal(["7 info manifest/yaml-1.1 spec.config.storage.files[0].mode"]);
  });

  it("are checked together", () => {
    const address = '{"cniVersion":"0.4.0","name":"a","type":"cnv-bridge","bridge":"br1"}';
    const nad = `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: a, namespace: b}\nspec: {config: '${address}'}\n`;
    expect(verified(`${nad}---\n${nad}`).map(({ id }) => id)).to.include("manifest/duplicate");
  });

  // One test a kind: all of them together are thousands of manifests, too many for one time limit.
  for (const kind of objectKinds) {
    it(`of ${kind.kind} with any content never make a check throw`, () => {
      const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean(), fc.constant(null));
      const keys = [
        ...Object.keys(kind.shape().properties ?? {}),
        ...Object.keys(kind.shape().properties?.spec?.properties ?? {}),
      ];
      const value = fc.letrec<{ any: Json }>((tie) => ({
        any: fc.oneof(
          { maxDepth: 4 },
          leaf,
          fc.array(tie("any"), { maxLength: 2 }),
          fc.dictionary(keys.length > 0 ? fc.constantFrom(...keys) : fc.string(), tie("any"), { maxKeys: 3 }),
        ),
      })).any;
      fc.assert(
        fc.property(value, value, (spec, metadata) => {
          const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...(spec as object) } as JsonObject;
          verifyManifests([{ file: "f", text: JSON.stringify(object), named: true }], defaultFacts);
          const whole = { ...object, metadata: { name: "a", namespace: "b" }, spec } as JsonObject;
          verifyManifests([{ file: "f", text: JSON.stringify(whole), named: true }], defaultFacts);
        }),
        { numRuns: 20 },
      );
    });
  }
});
