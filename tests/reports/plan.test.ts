import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import type { Plan } from "../../model";
import { SECRET } from "../../model/secrets";
import { planFormats, planReport, planText, type KindFacts } from "../../reports/plan";
import { durationText } from "../../reports/plan/table";

const facts = (token: string): KindFacts =>
  token.startsWith("ove:")
    ? { waits: `Until ${token} works.`, timeouts: { create: 600, update: 5400, delete: 45 } }
    : { waits: "As Kubernetes has it." };

const userData = "#cloud-config\npassword: hunter2\n";

const plan: Plan = {
  components: [
    { id: "machines/web/vm", token: "ove:machines:Machine", gate: "machines/web/vm/vm" },
    { id: "platform", token: "ove:platform:Platform", gate: "platform/ready" },
  ],
  objects: [
    {
      id: "machines/web/vm/cloud-init",
      token: "kubernetes:core/v1:Secret",
      component: "machines/web/vm",
      properties: { metadata: { name: "vm-cloud-init", namespace: "web" }, stringData: { userdata: userData } },
    },
    {
      id: "machines/web/vm/vm",
      token: "ove:machines:VirtualMachine",
      component: "machines/web/vm",
      properties: { metadata: { name: "vm", namespace: "web" }, spec: { userData } },
    },
    { id: "platform/ready", token: "ove:platform:Gate", component: "platform", properties: { of: "platform" } },
  ],
  edges: [
    { from: "machines/web/vm/vm", to: "machines/web/vm/cloud-init", reason: "the guest reads it" },
    { from: "platform/ready", to: "machines/web/vm/vm", reason: "everything is ready" },
    { from: "platform/ready", to: "machines/web/vm/cloud-init", reason: "it must exist" },
  ],
  findings: [],
};

/** A plan with texts of somebody else's choice in all places. */
function planOf(texts: readonly string[]): Plan {
  const ids = texts.map((text, index) => `${index} ${text}`);
  return {
    components: [{ id: texts[0] ?? "", token: "a:b:C", gate: ids[0] ?? "" }],
    objects: ids.map((id) => ({
      id,
      token: "a:b:C",
      component: texts[0] ?? "",
      properties: { metadata: { name: id } },
    })),
    edges: ids.slice(1).map((from) => ({ from, to: ids[0] ?? "", reason: from })),
    findings: [],
  };
}

describe("reports on plans", () => {
  const text = (format: (typeof planFormats)[number], of = plan): string =>
    planText(planReport("dev", of, facts), format);

  it("have components with their objects, edges with reasons, and what kinds wait for", () => {
    const report = JSON.parse(text("json")) as ReturnType<typeof planReport>;
    expect(report.components.map(({ id, objects }) => [id, objects.map((object) => object.id)])).to.deep.equal([
      ["machines/web/vm", ["machines/web/vm/cloud-init", "machines/web/vm/vm"]],
      ["platform", ["platform/ready"]],
    ]);
    expect(report.components[1]?.objects[0]?.after).to.deep.equal([
      { id: "machines/web/vm/vm", reason: "everything is ready" },
      { id: "machines/web/vm/cloud-init", reason: "it must exist" },
    ]);
    expect(report.kinds["ove:platform:Gate"]?.timeouts?.create).to.equal(600);
    expect(parse(text("yaml"))).to.deep.equal(report);
  });

  it("are readable as a table", () => {
    expect(text("table")).to.equal(`Environment dev: 2 components, 3 objects, 3 edges.

machines/web/vm (Machine), ready with vm
  OBJECT      KIND            NAME               STARTS AFTER
  cloud-init  Secret          web/vm-cloud-init
  vm          VirtualMachine  web/vm             cloud-init: the guest reads it

platform (Platform), ready with ready
  OBJECT  KIND  NAME  STARTS AFTER
  ready   Gate        machines/web/vm/vm: everything is ready
                      machines/web/vm/cloud-init: it must exist

What each kind waits for, and how long at most
  KIND            CREATE  UPDATE      DELETE  IS READY WHEN
  Secret                                      As Kubernetes has it.
  VirtualMachine  10 min  1 h 30 min  45 s    Until ove:machines:VirtualMachine works.
  Gate            10 min  1 h 30 min  45 s    Until ove:platform:Gate works.
`);
    expect(durationText(0)).to.equal("0 s");
  });

  it("draw arrows from what comes first to what waits for it", () => {
    expect(text("dot")).to.include(
      '  "machines/web/vm/cloud-init" -> "machines/web/vm/vm" [label="the guest reads it"];\n',
    );
    expect(text("dot")).to.include('  subgraph "cluster_machines/web/vm" {\n    label="machines/web/vm";\n');
    const mermaid = text("mermaid").split("\n");
    expect(mermaid).to.include('    n1["VirtualMachine web/vm"]');
    expect(mermaid).to.include('  n0 -->|"the guest reads it"| n1');
  });

  it("never show secrets", () => {
    for (const format of planFormats) expect(text(format), format).to.not.include("hunter2");
    expect(text("yaml")).to.include(SECRET);
  });

  it("keep graphs whole whatever the names are", () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', "\\", "\n", "`", "#", ";", "]", "|", "<", "é", "-->") }),
    );
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (texts) => {
        const own = planOf(texts);
        const dot = text("dot", own);
        // Without its quoted texts, a graph has nothing of the names left.
        const bare = dot.replace(/"(?:[^"\\]|\\[\s\S])*"/g, "T");
        expect(
          bare
            .replace(
              /^(digraph T \{|\s*subgraph T \{|\s*label=T;|\s*T \[label=T\];|\s*T -> T \[label=T\];|\s*\}|\s*rankdir=LR;|\s*node \[shape=box\];)$/gm,
              "",
            )
            .trim(),
        ).to.equal("");
        const quoted = [...dot.matchAll(/^ {4}"((?:[^"\\]|\\[\s\S])*)" \[/gm)].map(([, inner = ""]) => inner);
        const read = quoted.map((inner) =>
          inner.replace(/\\(n|["\\])/g, (_, sign: string) => (sign === "n" ? "\n" : sign)),
        );
        expect(read).to.deep.equal(own.objects.map(({ id }) => id.replace(/\r\n?/g, "\n")));
        for (const line of text("mermaid", own).trimEnd().split("\n").slice(1)) {
          expect(line).to.match(
            /^ +(subgraph c0\["[^"`<>\\]*"\]|end|n\d+\["[^"`<>\\]*"\]|n\d+ -->\|"[^"`<>\\|]*"\| n\d+)$/,
          );
        }
      }),
    );
  });
});
