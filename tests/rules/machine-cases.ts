import { P, domain, spec, template } from "./machine-inputs";
import type { Cases } from "./support";

/** Cases of the rules on a machine, part: machine. */
export const machineCases: Record<string, Cases> = {
  "machines/run-strategy": {
    bad: [
      [spec({}), "spec.runStrategy"],
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
    good: [template({ hostname: "a-b", subdomain: "a.b" })],
  },
  "machines/memory": {
    bad: [[domain({}), `${P}.domain.memory.guest`]],
    good: [
      domain({ memory: { guest: "1Gi" } }),
      domain({ resources: { limits: { memory: "1Gi" } } }),
      domain({ memory: undefined }),
      spec({ instancetype: { name: "u1.small" }, template: { spec: { domain: {} } } }),
    ],
  },
  "machines/hugepages": {
    bad: [
      [
        domain({ memory: { guest: "1500Mi", hugepages: { pageSize: "1Gi" } } }),
        `${P}.domain.memory.hugepages.pageSize`,
      ],
      [domain({ memory: { hugepages: { pageSize: "0" } } }), `${P}.domain.memory.hugepages.pageSize`],
      [domain({ memory: { hugepages: { pageSize: "1GB" } } }), `${P}.domain.memory.hugepages.pageSize`],
      [
        domain({ memory: { hugepages: { pageSize: "1Gi" } }, resources: { requests: { memory: "512Mi" } } }),
        `${P}.domain.memory.hugepages.pageSize`,
      ],
    ],
    good: [
      domain({ memory: { guest: "4Gi", hugepages: { pageSize: "1Gi" } } }),
      domain({ memory: { guest: "4Gi", hugepages: { pageSize: "2Mi" } } }),
    ],
  },
  "machines/hugepages-request": {
    bad: [
      [
        domain({ resources: { requests: { "hugepages-1Gi": "16Gi" } } }),
        `${P}.domain.resources.requests.hugepages-1Gi`,
      ],
      [domain({ resources: { limits: { "hugepages-2Mi": "16Gi" } } }), `${P}.domain.resources.limits.hugepages-2Mi`],
    ],
    good: [domain({ resources: { requests: { memory: "16Gi" } } })],
  },
  "machines/dedicated-cpu": {
    bad: [
      [domain({ cpu: { isolateEmulatorThread: true } }), `${P}.domain.cpu.isolateEmulatorThread`],
      [domain({ cpu: { numa: { guestMappingPassthrough: {} } } }), `${P}.domain.cpu.numa.guestMappingPassthrough`],
      [
        domain({ cpu: { dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } } }),
        `${P}.domain.cpu.numa.guestMappingPassthrough`,
      ],
      [domain({ cpu: { realtime: {} } }), `${P}.domain.cpu.dedicatedCpuPlacement`],
      [domain({ cpu: { dedicatedCpuPlacement: true, realtime: {} } }), `${P}.domain.cpu.numa.guestMappingPassthrough`],
    ],
    good: [
      domain({
        cpu: {
          dedicatedCpuPlacement: true,
          isolateEmulatorThread: true,
          realtime: {},
          numa: { guestMappingPassthrough: {} },
        },
        memory: { hugepages: { pageSize: "1Gi" } },
      }),
    ],
  },
  "machines/max-sockets": {
    bad: [[domain({ cpu: { sockets: 4, maxSockets: 2 } }), `${P}.domain.cpu.sockets`]],
    good: [domain({ cpu: { sockets: 2, maxSockets: 2 } }), domain({ cpu: { sockets: 9 } })],
  },
  "machines/eviction-strategy": {
    bad: [[template({ evictionStrategy: "Migrate" }), `${P}.evictionStrategy`]],
    good: [template({ evictionStrategy: "None" })],
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
