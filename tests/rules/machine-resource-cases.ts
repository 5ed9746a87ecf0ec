import type { JsonObject } from "../../model";
import { P, domain, nic, spec, template, volume } from "./machine-inputs";
import type { Cases } from "./support";
import { merged } from "./support";

const C = `${P}.domain.cpu`;
const R = `${P}.domain.resources`;
const F = `${P}.domain.firmware`;

const resources = (requests: JsonObject, limits: JsonObject = {}): JsonObject => ({ resources: { requests, limits } });
const pinned = (cpu: JsonObject, more: JsonObject = {}): JsonObject =>
  domain({ cpu: { dedicatedCpuPlacement: true, ...cpu }, ...more });
const arm = (content: JsonObject): JsonObject => merged(template({ architecture: "arm64" }), content) as JsonObject;
const live = (guest: string, maxGuest: string, more: JsonObject = {}): JsonObject =>
  domain({ memory: { guest, maxGuest }, ...more });
const G = `${P}.domain.memory.guest`;
const efi = (content: JsonObject): JsonObject => ({ firmware: { bootloader: { efi: content } } });
const smm = { features: { smm: {} } };
const sealed = (kind: JsonObject, more: JsonObject = efi({ secureBoot: false })): JsonObject =>
  domain({ launchSecurity: kind, ...more });

/** Cases of the rules on processors and memory. */
export const resourceCases: Record<string, Cases> = {
  "machines/dedicated-cpu": {
    bad: [
      [domain({ cpu: { isolateEmulatorThread: true } }), `${C}.isolateEmulatorThread`],
      [domain({ cpu: { numa: { guestMappingPassthrough: {} } } }), `${C}.numa.guestMappingPassthrough`],
      [pinned({ numa: { guestMappingPassthrough: {} } }), `${C}.numa.guestMappingPassthrough`],
      [domain({ cpu: { realtime: {} } }), `${C}.dedicatedCpuPlacement`],
      [pinned({ realtime: {} }), `${C}.numa.guestMappingPassthrough`],
    ],
    good: [
      pinned(
        { isolateEmulatorThread: true, realtime: {}, numa: { guestMappingPassthrough: {} } },
        { memory: { hugepages: { pageSize: "1Gi" } } },
      ),
      pinned({ realtime: {}, numa: undefined }),
    ],
  },
  "machines/dedicated-cpu-count": {
    bad: [
      [pinned({ cores: 4 }, resources({ cpu: 2 })), `${C}.dedicatedCpuPlacement`],
      [pinned({ cores: 2, sockets: 2 }, resources({ cpu: "2" }, { cpu: "2" })), `${C}.dedicatedCpuPlacement`],
      [pinned({}, resources({ cpu: 2 }, { cpu: 4 })), `${C}.dedicatedCpuPlacement`],
    ],
    good: [
      pinned({ cores: 4 }, resources({ cpu: 4 })),
      pinned({ cores: 2, threads: 2 }, resources({}, { cpu: "4000m" })),
      pinned({ cores: 2 }),
      pinned({ cores: undefined }, resources({ cpu: 4 })),
      pinned({ cores: 4 }, { resources: { requests: { cpu: 3 }, limits: undefined } }),
      pinned({}, resources({ cpu: 4 })),
      domain({ cpu: { cores: 4 }, ...resources({ cpu: 1 }) }),
    ],
  },
  "machines/dedicated-cpu-whole": {
    bad: [
      [pinned({}, resources({ cpu: "500m" })), `${R}.requests.cpu`],
      [pinned({}, resources({}, { cpu: 1.5 })), `${R}.limits.cpu`],
    ],
    good: [pinned({}, resources({ cpu: "2" })), domain({ ...resources({ cpu: "500m" }) })],
  },
  "machines/dedicated-cpu-threads": {
    bad: [
      [pinned({ threads: 3 }), `${C}.dedicatedCpuPlacement`],
      [arm(pinned({ threads: 2 })), `${P}.architecture`],
    ],
    good: [pinned({ threads: 2 }), domain({ cpu: { threads: 4 } }), arm(pinned({ threads: 1 }))],
  },
  "machines/dedicated-cpu-memory": {
    bad: [[pinned({}, resources({ memory: "1Gi" }, { memory: "2Gi" })), `${R}.requests.memory`]],
    good: [
      pinned({}, resources({ memory: "1Gi" }, { memory: "1024Mi" })),
      pinned({}, resources({ memory: "1Gi" })),
      domain(resources({ memory: "1Gi" }, { memory: "2Gi" })),
    ],
  },
  "machines/max-sockets": {
    bad: [[domain({ cpu: { sockets: 4, maxSockets: 2 } }), `${C}.sockets`]],
    good: [domain({ cpu: { sockets: 2, maxSockets: 2 } }), domain({ cpu: { sockets: 9 } })],
  },
  "machines/cpu-feature": {
    bad: [
      [domain({ cpu: { features: [{ name: "vmx" }, { name: "svm", policy: "allow" }] } }), `${C}.features[1].policy`],
    ],
    good: ["", "force", "require", "optional", "disable", "forbid"].map((policy) =>
      domain({ cpu: { features: [{ name: "vmx", policy }] } }),
    ),
  },
  "machines/cpu-request": {
    bad: [
      [domain(resources({ cpu: 3 }, { cpu: 2 })), `${R}.requests.cpu`],
      [domain(resources({ cpu: -1 })), `${R}.requests.cpu`],
      [domain(resources({}, { cpu: "-1" })), `${R}.limits.cpu`],
    ],
    good: [domain(resources({ cpu: "1500m" }, { cpu: 2 })), domain({})],
  },
  "machines/cpu-twice": {
    bad: [
      [domain({ cpu: { cores: 4 }, ...resources({ cpu: 4 }) }), `${R}.requests.cpu`],
      [domain({ cpu: { cores: 2, sockets: 2 }, ...resources({}, { cpu: "4" }) }), `${R}.limits.cpu`],
    ],
    good: [
      domain({ cpu: { cores: 4 }, ...resources({ cpu: 2 }) }),
      domain({ cpu: { cores: 4 } }),
      domain(resources({ cpu: 4 })),
    ],
  },
  "machines/memory": {
    bad: [
      [domain({}), G],
      [pinned({}), `${R}.limits.memory`],
      [pinned({ memory: { guest: "0" } }), `${R}.limits.memory`],
    ],
    good: [
      domain({ memory: { guest: "1Gi" } }),
      domain({ resources: { limits: { memory: "1Gi" } } }),
      domain({ memory: undefined }),
      spec({ instancetype: { name: "u1.small" }, template: { spec: { domain: {} } } }),
    ],
  },
  "machines/hugepages": {
    bad: [
      [domain({ memory: { guest: "1500Mi", hugepages: { pageSize: "1Gi" } } }), `${R}.requests.memory`],
      [domain({ memory: { hugepages: { pageSize: "0" } } }), `${P}.domain.memory.hugepages.pageSize`],
      [domain({ memory: { guest: "1Gi", hugepages: {} } }), `${P}.domain.memory.hugepages.pageSize`],
      [domain({ memory: { hugepages: { pageSize: "1GB" } } }), `${P}.domain.memory.hugepages.pageSize`],
      [
        domain({ memory: { guest: "4Gi", hugepages: { pageSize: "1Gi" } }, ...resources({ memory: "512Mi" }) }),
        `${R}.requests.memory`,
      ],
      [
        domain({ memory: { hugepages: { pageSize: "1Gi" } }, ...resources({}, { memory: "1.5Gi" }) }),
        `${R}.requests.memory`,
      ],
    ],
    good: [
      domain({ memory: { guest: "4Gi", hugepages: { pageSize: "1Gi" } } }),
      domain({ memory: { guest: "4Gi", hugepages: { pageSize: "2Mi" } } }),
      domain({ memory: { guest: undefined, hugepages: { pageSize: "2Mi" } } }),
    ],
  },
  "machines/hugepages-size": {
    bad: [[domain({ memory: { hugepages: { pageSize: "4Mi" } } }), `${P}.domain.memory.hugepages.pageSize`]],
    good: [
      domain({ memory: { hugepages: { pageSize: "1024Mi" } } }),
      arm(domain({ memory: { hugepages: { pageSize: "64Ki" } } })),
    ],
  },
  "machines/hugepages-request": {
    bad: [
      [domain(resources({ "hugepages-1Gi": "16Gi" })), `${R}.requests.hugepages-1Gi`],
      [domain(resources({}, { "hugepages-2Mi": "16Gi" })), `${R}.limits.hugepages-2Mi`],
    ],
    good: [domain(resources({ memory: "16Gi" }))],
  },
  "machines/hugepages-request-differs": {
    bad: [
      [domain({ memory: { guest: "8Gi" }, ...resources({ "hugepages-1Gi": "16Gi" }) }), `${R}.requests.hugepages-1Gi`],
    ],
    good: [
      domain({ memory: { guest: "16Gi" }, ...resources({ "hugepages-1Gi": "16Gi" }) }),
      domain(resources({ "hugepages-1Gi": "16Gi" })),
    ],
  },
  "machines/memory-request": {
    bad: [
      [domain(resources({ memory: "64k" })), `${R}.requests.memory`],
      [domain(resources({ memory: "-1Gi" })), `${R}.requests.memory`],
      [domain(resources({}, { memory: -1 })), `${R}.limits.memory`],
      [domain(resources({ memory: "2Gi" }, { memory: "1Gi" })), `${R}.requests.memory`],
    ],
    good: [domain(resources({ memory: "1M" }, { memory: "1Gi" })), domain({})],
  },
  "machines/memory-limit": {
    bad: [[domain({ memory: { guest: "2Gi" }, ...resources({}, { memory: "1Gi" }) }), G]],
    good: [
      domain({ memory: { guest: "1Gi" }, ...resources({}, { memory: "1Gi" }) }),
      domain({ memory: { guest: "1Gi" } }),
    ],
  },
  "machines/memory-max-guest": {
    bad: [
      [live("4Gi", "2Gi"), G],
      [live("512Mi", "2Gi"), G],
      [live("2049Mi", "4Gi"), G],
      [live("2Gi", "4097Mi"), G],
      [domain({ memory: { maxGuest: "4Gi" } }), G],
      [arm(live("2Gi", "4Gi")), G],
      [live("2Gi", "4Gi", { cpu: { realtime: {} } }), G],
      [live("2Gi", "4Gi", { cpu: { numa: { guestMappingPassthrough: {} } } }), G],
      [live("2Gi", "4Gi", { launchSecurity: { sev: {} } }), G],
      [domain({ memory: { guest: "1536Mi", maxGuest: "4Gi", hugepages: { pageSize: "1Gi" } } }), G],
    ],
    good: [
      live("2Gi", "4Gi"),
      domain({ memory: { maxGuest: "4Gi" }, ...resources({ memory: "1Gi" }) }),
      domain({ memory: { guest: "4Gi" } }),
      domain({ memory: { guest: undefined, maxGuest: "4Gi" } }),
      spec({ instancetype: { name: "a" }, template: { spec: { domain: { memory: { maxGuest: "4Gi" } } } } }),
    ],
  },
};

/** Cases of the rules on firmware. */
export const firmwareCases: Record<string, Cases> = {
  "machines/machine-type": {
    bad: [
      [domain({ machine: { type: "pc" } }), `${P}.domain.machine.type`],
      [arm(domain({ machine: { type: "q35" } })), `${P}.domain.machine.type`],
    ],
    good: [
      domain({ machine: { type: "pc-q35-rhel9.6.0" } }),
      arm(domain({ machine: { type: "virt" } })),
      merged(template({ architecture: "riscv64" }), domain({ machine: { type: "x" } })) as JsonObject,
      merged(template({ architecture: undefined }), domain({ machine: { type: "virt" } })) as JsonObject,
    ],
  },
  "machines/bootloader": {
    bad: [[domain({ firmware: { bootloader: { efi: {}, bios: {} } } }), `${F}.bootloader`]],
    good: [domain(efi({}))],
  },
  "machines/secure-boot": {
    bad: [
      [domain(efi({})), `${P}.domain`],
      [domain({ ...efi({ secureBoot: true }), features: { smm: { enabled: false } } }), `${P}.domain`],
    ],
    good: [
      domain({ ...efi({}), ...smm }),
      domain(efi({ secureBoot: false })),
      domain(efi({ secureBoot: undefined })),
      domain({ firmware: { bootloader: { bios: {} } } }),
    ],
  },
  "machines/kernel-boot": {
    bad: [
      [domain({ firmware: { kernelBoot: { kernelArgs: "quiet" } } }), `${F}.kernelBoot.kernelArgs`],
      [domain({ firmware: { kernelBoot: { container: { kernelPath: "/k" } } } }), `${F}.kernelBoot.container.image`],
      [domain({ firmware: { kernelBoot: { container: { image: "a" } } } }), `${F}.kernelBoot.container`],
      [
        domain({ firmware: { kernelBoot: { container: { image: "a", kernelPath: "k" } } } }),
        `${F}.kernelBoot.container.kernelPath`,
      ],
      [
        domain({ firmware: { kernelBoot: { container: { image: "a", initrdPath: "/a/../b" } } } }),
        `${F}.kernelBoot.container.initrdPath`,
      ],
      [
        domain({ firmware: { kernelBoot: { container: { image: "a", initrdPath: "/" } } } }),
        `${F}.kernelBoot.container.initrdPath`,
      ],
    ],
    good: [
      domain({ firmware: { kernelBoot: { kernelArgs: "quiet", container: { image: "a", kernelPath: "/boot/k/" } } } }),
      domain({ firmware: { kernelBoot: { kernelArgs: "quiet", container: undefined } } }),
      domain({}),
    ],
  },
  "machines/acpi": {
    bad: [
      [domain({ firmware: { acpi: {} } }), `${F}.acpi`],
      [domain({ firmware: { acpi: { slicNameRef: "root" } } }), `${F}.acpi.slicNameRef`],
      [
        merged(volume({ emptyDisk: {} }), domain({ firmware: { acpi: { msdmNameRef: "root" } } })) as JsonObject,
        `${F}.acpi.msdmNameRef`,
      ],
    ],
    good: [
      merged(
        volume({ secret: { secretName: "a" } }),
        domain({ firmware: { acpi: { slicNameRef: "root" } } }),
      ) as JsonObject,
      domain({ firmware: { acpi: undefined } }),
      merged(template({ volumes: undefined }), domain({ firmware: { acpi: { slicNameRef: "a" } } })) as JsonObject,
      merged(template({ volumes: [] }), domain({ firmware: { acpi: { slicNameRef: undefined } } })) as JsonObject,
    ],
  },
  "machines/launch-security": {
    bad: [
      [sealed({}), `${P}.domain.launchSecurity`],
      [sealed({ sev: {}, snp: {} }), `${P}.domain.launchSecurity`],
      [sealed({ sev: {} }, {}), `${P}.domain.launchSecurity`],
      [sealed({ sev: {} }, efi({})), `${P}.domain.launchSecurity`],
      [sealed({ snp: {} }, efi({ secureBoot: false, persistent: true })), `${P}.domain.launchSecurity`],
      [sealed({ tdx: {} }, { ...efi({ secureBoot: false }), ...smm }), `${P}.domain.launchSecurity`],
      [sealed({ sev: { attestation: {} } }), `${P}.domain.launchSecurity`],
      [merged(nic({ bootOrder: 1 }), sealed({ sev: {} })) as JsonObject, `${P}.domain.launchSecurity`],
      [arm(sealed({ sev: {} })), `${P}.architecture`],
    ],
    good: [
      sealed({ sev: {} }),
      sealed({ tdx: {} }, efi({})),
      sealed({ sev: {} }, { firmware: undefined }),
      merged(sealed({ sev: { attestation: {} } }), template({ startStrategy: "Paused" })) as JsonObject,
      merged(sealed({}), template({ architecture: "s390x" })) as JsonObject,
      domain({ launchSecurity: undefined }),
    ],
  },
};
