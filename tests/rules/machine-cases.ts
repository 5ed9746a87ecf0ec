import { P, spec, template } from "./machine-inputs";
import type { Cases } from "./support";

/** Cases of the rules on a machine, part: machine. */
export const machineCases: Record<string, Cases> = {
  "machines/run-strategy": {
    bad: [
      [spec({}), "spec.running"],
      [spec({ running: true, runStrategy: "Always" }), "spec.running"],
    ],
    good: [spec({ runStrategy: "Always" }), spec({ running: true }), spec({ runStrategy: undefined })],
  },
  "machines/run-strategy-value": {
    bad: [[spec({ runStrategy: "always" }), "spec.runStrategy"]],
    good: [spec({ runStrategy: "Once" })],
  },
  "machines/running-deprecated": {
    bad: [[spec({ running: false }), "spec.running"]],
    good: [spec({ runStrategy: "Always" })],
  },
  "machines/networks-annotation": {
    bad: [
      [
        { metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "a" } } },
        'metadata.annotations["k8s.v1.cni.cncf.io/networks"]',
      ],
      [
        spec({ template: { metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "a" } } } }),
        'spec.template.metadata.annotations["k8s.v1.cni.cncf.io/networks"]',
      ],
    ],
    good: [{ metadata: { annotations: { a: "b" } } }],
  },
  "machines/hostname": {
    bad: [
      [template({ hostname: "A_b" }), `${P}.hostname`],
      [template({ subdomain: "a..b" }), `${P}.subdomain`],
    ],
    good: [
      template({ hostname: "a-b", subdomain: "a.b" }),
      template({ subdomain: "a".repeat(64) }),
      template({ hostname: "" }),
    ],
  },
  "machines/subdomain-label": {
    bad: [
      [template({ subdomain: "a.b" }), `${P}.subdomain`],
      [template({ subdomain: "a".repeat(64) }), `${P}.subdomain`],
    ],
    good: [template({ subdomain: "a-b" }), template({})],
  },
  "machines/eviction-strategy": {
    bad: [
      [template({ evictionStrategy: "Migrate" }), `${P}.evictionStrategy`],
      [template({ evictionStrategy: "" }), `${P}.evictionStrategy`],
    ],
    good: [template({ evictionStrategy: "None" })],
  },
  "machines/eviction-unsaid": {
    bad: [
      [template({ domain: { cpu: { dedicatedCpuPlacement: true } } }), `${P}.evictionStrategy`],
      [
        template({ domain: { memory: { hugepages: {} }, devices: { interfaces: [{ name: "a", sriov: {} }] } } }),
        `${P}.evictionStrategy`,
      ],
    ],
    good: [
      template({ evictionStrategy: "None", domain: { cpu: { dedicatedCpuPlacement: true } } }),
      template({ evictionStrategy: undefined, domain: { cpu: { dedicatedCpuPlacement: true } } }),
      template({ domain: {} }),
    ],
  },
  "machines/architecture": {
    bad: [[template({ architecture: "riscv64" }), `${P}.architecture`]],
    good: [template({ architecture: "arm64" })],
  },
  "machines/reserved-label": {
    bad: [
      [
        spec({ template: { metadata: { labels: { "kubevirt.io/nodeName": "n" } } } }),
        'spec.template.metadata.labels["kubevirt.io/nodeName"]',
      ],
    ],
    good: [spec({ template: { metadata: { labels: { "kubevirt.io/domain": "n" } } } })],
  },
};
