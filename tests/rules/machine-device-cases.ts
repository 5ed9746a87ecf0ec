import type { JsonObject } from "../../model";
import { I, K, P, disk, domain, multus, net, nic, template, volume } from "./machine-inputs";
import type { Cases } from "./support";
import { merged } from "./support";

const D = `${P}.domain.devices`;
const devices = (content: JsonObject): JsonObject => domain({ devices: content });
const onArch = (architecture: string, content: JsonObject): JsonObject =>
  merged(template({ architecture }), content) as JsonObject;
const dataVolume: JsonObject[] = [{ name: "root", dataVolume: { name: "a" } }];
const custom = (logical: number, physical: number, more: JsonObject = {}): JsonObject => ({
  blockSize: { custom: { logical, physical, ...more } },
});
const path = (image: string, volumes: JsonObject = {}): JsonObject =>
  merged(volume({ containerPath: { path: image } }), volumes) as JsonObject;
const shared = (name: string): JsonObject => devices({ filesystems: [{ name, virtiofs: {} }] });

/** Cases of the rules on ports, disks and other devices. */
export const deviceCases: Record<string, Cases> = {
  "machines/port": {
    bad: [
      [nic({ ports: [{}] }), `${I}[0].ports[0].port`],
      [nic({ ports: [{ port: 0 }] }), `${I}[0].ports[0].port`],
      [nic({ ports: [{ port: 80 }, { port: 65536 }] }), `${I}[0].ports[1].port`],
      [nic({ ports: [{ port: 80, protocol: "SCTP" }] }), `${I}[0].ports[0].protocol`],
      [
        nic({
          ports: [
            { port: 80, name: "a" },
            { port: 81, name: "a" },
          ],
        }),
        `${I}[0].ports[1].name`,
      ],
      ...["a--b", "80", "A", "-a", "abcdefghijklmnop"].map((name): [JsonObject, string] => [
        nic({ ports: [{ port: 80, name }] }),
        `${I}[0].ports[0].name`,
      ]),
    ],
    good: [
      nic({ ports: [{ port: 80, protocol: "UDP", name: "a-1" }, { port: 80 }] }),
      nic({ ports: [{ port: 0 }] }, multus("a")),
      nic({ ports: [{ port: undefined }] }),
    ],
  },
  "machines/port-range": {
    bad: [
      [nic({ masquerade: {}, portRanges: [{ protocol: "TCP", start: 0, end: 1 }] }), `${I}[0].portRanges[0].start`],
      [nic({ masquerade: {}, portRanges: [{ protocol: "TCP", start: 5, end: 70000 }] }), `${I}[0].portRanges[0].end`],
      [nic({ masquerade: {}, portRanges: [{ protocol: "TCP", start: 5, end: 4 }] }), `${I}[0].portRanges[0].end`],
      [nic({ masquerade: {}, portRanges: [{ start: 5, end: 6 }] }), `${I}[0].portRanges[0].protocol`],
      [nic({ masquerade: {}, ports: [], portRanges: [] }), `${I}[0].name`],
      [nic({ bridge: {}, portRanges: [] }), `${I}[0].name`],
      [
        nic({
          masquerade: {},
          portRanges: Array.from({ length: 11 }, (_, at) => ({
            protocol: "TCP",
            start: 10 * at + 1,
            end: 10 * at + 2,
          })),
        }),
        `${I}[0].portRanges`,
      ],
      [
        nic({
          masquerade: {},
          portRanges: [
            { protocol: "TCP", start: 1, end: 9 },
            { protocol: "TCP", start: 9, end: 12 },
          ],
        }),
        `${I}[0].portRanges`,
      ],
    ],
    good: [
      nic({
        masquerade: {},
        portRanges: [
          { protocol: "TCP", start: 1, end: 9 },
          { protocol: "UDP", start: 1, end: 9 },
        ],
      }),
      nic({ masquerade: {}, portRanges: [{ protocol: undefined, start: undefined, end: 9 }] }),
      nic({ masquerade: {} }),
    ],
  },
  "machines/dhcp-options": {
    bad: [
      [nic({ dhcpOptions: { ntpServers: ["10.0.0.1", "ntp"] } }), `${I}[0].dhcpOptions.ntpServers[1]`],
      [nic({ dhcpOptions: { ntpServers: ["2001:db8::1"] } }), `${I}[0].dhcpOptions.ntpServers[0]`],
      [nic({ dhcpOptions: { privateOptions: [{ option: 223 }] } }), `${I}[0].dhcpOptions.privateOptions[0].option`],
      [
        nic({ dhcpOptions: { privateOptions: [{ option: 240 }, { option: 240 }] } }),
        `${I}[0].dhcpOptions.privateOptions[1].option`,
      ],
    ],
    good: [
      nic({
        dhcpOptions: {
          ntpServers: ["10.0.0.1", "::ffff:10.0.0.1"],
          privateOptions: [{ option: 224 }, { option: 254 }, {}],
        },
      }),
    ],
  },
  "machines/disk-mode": {
    bad: [
      [disk({ cache: "unsafe" }), `${K}[0].cache`],
      [disk({ io: "io_uring" }), `${K}[0].io`],
      [disk({ errorPolicy: "retry" }), `${K}[0].errorPolicy`],
      [disk({ errorPolicy: "" }), `${K}[0].errorPolicy`],
    ],
    good: [disk({ cache: "none", io: "native", errorPolicy: "enospace" }), disk({ cache: "" })],
  },
  "machines/disk-serial": {
    bad: [
      [disk({ serial: "a b" }), `${K}[0].serial`],
      [disk({ serial: "a".repeat(257) }), `${K}[0].serial`],
    ],
    good: [disk({ serial: "A_.+-1" }), disk({ serial: "a".repeat(256) })],
  },
  "machines/disk-thread": {
    bad: [[disk({ disk: { bus: "sata" }, dedicatedIOThread: true }), `${K}[0].dedicatedIOThread`]],
    good: [disk({ disk: { bus: "virtio" }, dedicatedIOThread: true }), disk({ dedicatedIOThread: true })],
  },
  "machines/disk-read-only": {
    bad: [[disk({ disk: { bus: "sata", readonly: true } }), `${K}[0].disk.bus`]],
    good: [disk({ disk: { bus: "scsi", readonly: true } }), disk({ cdrom: { bus: "sata", readonly: true } })],
  },
  "machines/disk-pci-address": {
    bad: [
      [disk({ disk: { bus: "sata", pciAddress: "0000:01:00.0" } }), `${K}[0].disk.pciAddress`],
      [disk({ disk: { bus: "virtio", pciAddress: "01:00.0" } }), `${K}[0].disk.pciAddress`],
    ],
    good: [
      disk({ disk: { bus: "virtio", pciAddress: "0000:01:00.0" } }),
      disk({ disk: { bus: undefined, pciAddress: "0000:01:00.0" } }),
    ],
  },
  "machines/disk-lun": {
    bad: [[disk({ lun: {} }), `${K}[0].lun`]],
    good: [disk({ lun: {} }, dataVolume), disk({ lun: {} }, []), disk({ disk: {} })],
  },
  "machines/disk-block-size": {
    bad: [
      [disk({ blockSize: { custom: { logical: 512, physical: 512 }, matchVolume: {} } }), `${K}[0].blockSize`],
      [disk(custom(4096, 512)), `${K}[0].blockSize.custom.logical`],
      [disk({ disk: { bus: "sata" }, ...custom(4096, 4096) }), `${K}[0].blockSize.custom.logical`],
      [disk(custom(512, 512, { discardGranularity: 700 })), `${K}[0].blockSize.custom.discardGranularity`],
      [disk(custom(256, 512)), `${K}[0].blockSize.custom.logical`],
      [disk(custom(512, 4 * 2 ** 20)), `${K}[0].blockSize.custom.physical`],
      [disk(custom(512, 1000)), `${K}[0].blockSize.custom.physical`],
    ],
    good: [
      disk(custom(512, 4096, { discardGranularity: 1024 })),
      disk({ blockSize: { custom: { logical: 512, physical: 512 }, matchVolume: { enabled: false } } }),
      disk({ blockSize: { matchVolume: {} } }),
      disk({ blockSize: { custom: { logical: undefined, physical: 512 } } }),
    ],
  },
  "machines/container-disk-path": {
    bad: [[volume({ containerDisk: { image: "a", path: "disk.img" } }), `${P}.volumes[0].containerDisk`]],
    good: [volume({ containerDisk: { image: "a", path: "/disk/a.img" } }), volume({ containerDisk: { image: "a" } })],
  },
  "machines/host-disk": {
    bad: [
      [volume({ hostDisk: { type: "Disk" } }), `${P}.volumes[0].hostDisk.path`],
      [volume({ hostDisk: { path: "/a", type: "File" } }), `${P}.volumes[0].hostDisk.type`],
      [volume({ hostDisk: { path: "/a" } }), `${P}.volumes[0].hostDisk.type`],
      [volume({ hostDisk: { path: "/a", type: "Disk", capacity: "1Gi" } }), `${P}.volumes[0].hostDisk.capacity`],
    ],
    good: [
      volume({ hostDisk: { path: "/a", type: "DiskOrCreate", capacity: "1Gi" } }),
      volume({ hostDisk: { path: "/a", type: undefined } }),
      volume({ hostDisk: { path: "/a", type: "Disk", capacity: "0" } }),
    ],
  },
  "machines/container-path": {
    bad: [
      [path("/a"), `${P}.volumes[0]`],
      [path("/a", devices({ disks: [{ name: "root" }], filesystems: [{ name: "root" }] })), `${P}.volumes[0]`],
      [path("/var/run/kubevirt/a", shared("root")), `${P}.volumes[0].containerPath.path`],
      [path("a", shared("root")), `${P}.volumes[0].containerPath.path`],
    ],
    good: [path("/a", shared("root")), volume({ emptyDisk: {} })],
  },
  "machines/disk-metrics": {
    bad: [
      [disk({ cdrom: {} }, [{ name: "root", downwardMetrics: {} }]), `${K}[0].disk`],
      [disk({ disk: { bus: "sata" } }, [{ name: "root", downwardMetrics: {} }]), `${K}[0].disk.bus`],
    ],
    good: [disk({ disk: { bus: "virtio" } }, [{ name: "root", downwardMetrics: {} }]), disk({ cdrom: {} })],
  },
  "machines/io-threads": {
    bad: [
      [domain({ ioThreadsPolicy: "many" }), `${P}.domain.ioThreadsPolicy`],
      [domain({ ioThreadsPolicy: "supplementalPool" }), `${P}.domain.ioThreads.supplementalPoolThreadCount`],
    ],
    good: [
      domain({ ioThreadsPolicy: "auto" }),
      domain({ ioThreadsPolicy: "supplementalPool", ioThreads: { supplementalPoolThreadCount: 2 } }),
    ],
  },
  "machines/input": {
    bad: [
      [devices({ inputs: [{ name: "a", type: "tablet", bus: "ps2" }] }), `${D}.inputs[0].bus`],
      [devices({ inputs: [{ name: "a", type: "mouse" }] }), `${D}.inputs[0].type`],
    ],
    good: [devices({ inputs: [{ name: "a", type: "tablet", bus: "usb" }] })],
  },
  "machines/sound": {
    bad: [
      [devices({ sound: {} }), `${D}.sound.name`],
      [devices({ sound: { name: "a", model: "sb16" } }), `${D}.sound.model`],
    ],
    good: [devices({ sound: { name: "a", model: "ac97" } }), devices({ sound: undefined })],
  },
  "machines/video": {
    bad: [[devices({ video: { type: "vga" }, autoattachGraphicsDevice: false }), `${D}.video`]],
    good: [devices({ video: { type: "vga" } })],
  },
  "machines/video-type": {
    bad: [
      [devices({ video: { type: "qxl" } }), `${D}.video.type`],
      [onArch("arm64", devices({ video: { type: "vga" } })), `${D}.video.type`],
    ],
    good: [devices({ video: { type: "vga" } }), onArch("riscv64", devices({ video: { type: "x" } }))],
  },
  "machines/gpu-display": {
    bad: [
      [devices({ gpus: ["a", "b"].map((name) => ({ name, virtualGPUOptions: { display: {} } })) }), `${D}.gpus[1]`],
    ],
    good: [
      devices({
        gpus: [
          { name: "a", virtualGPUOptions: { display: {} } },
          { name: "b", virtualGPUOptions: { display: { ramFB: { enabled: false } } } },
          { name: "c", virtualGPUOptions: { display: { enabled: false } } },
          { name: "d", virtualGPUOptions: {} },
        ],
      }),
    ],
  },
  "machines/panic-device": {
    bad: [
      [devices({ panicDevices: [{ model: "x" }] }), `${D}.panicDevices[0].model`],
      [onArch("s390x", devices({ panicDevices: [{}] })), `${D}.panicDevices[0]`],
    ],
    good: [devices({ panicDevices: [{ model: "pvpanic" }, {}] })],
  },
  "machines/watchdog": {
    bad: [
      [devices({ watchdog: { name: "a", diag288: {} } }), `${D}.watchdog`],
      [onArch("s390x", devices({ watchdog: { name: "a", i6300esb: {} } })), `${D}.watchdog`],
    ],
    good: [
      devices({ watchdog: { name: "a", i6300esb: {} } }),
      devices({ watchdog: { name: "a" } }),
      onArch("s390x", devices({ watchdog: { diag288: {} } })),
    ],
  },
  "machines/arm64-disk": {
    bad: [[onArch("arm64", disk({ disk: { bus: "sata" } })), `${K}[0].disk.bus`]],
    good: [onArch("arm64", disk({ disk: { bus: "virtio" } })), disk({ disk: { bus: "sata" } })],
  },
  "machines/arm64": {
    bad: [
      [onArch("arm64", domain({ cpu: { model: "Skylake" } })), `${P}.domain.cpu.model`],
      [onArch("arm64", domain({ firmware: { bootloader: { bios: {} } } })), `${P}.domain.firmware.bootloader.bios`],
      [onArch("arm64", devices({ sound: { name: "a" } })), `${D}.sound`],
    ],
    good: [onArch("arm64", domain({ cpu: { model: "host-passthrough" } })), domain({ cpu: { model: "Skylake" } })],
  },
  "machines/feature-gate": {
    bad: [
      [volume({ hostDisk: { path: "/a", type: "Disk" } }), `${P}.volumes[0].hostDisk`],
      [devices({ autoattachVSOCK: true }), `${D}.autoattachVSOCK`],
      [disk({ lun: { reservation: true } }, dataVolume), `${K}[0].lun.reservation`],
      [merged(template({ volumes: dataVolume }), shared("root")) as JsonObject, `${D}.filesystems[0]`],
      [{ spec: { runStrategy: "WaitAsReceiver" } }, "spec.runStrategy"],
      [
        { spec: { template: { metadata: { annotations: { "kubevirt.io/ignitiondata": "a" } } } } },
        'spec.template.metadata.annotations["kubevirt.io/ignitiondata"]',
      ],
      [nic({ portRanges: [] }), `${I}[0].portRanges`],
    ],
    good: [
      nic({ passtBinding: {} }),
      disk({ cdrom: {} }, []),
      devices({ autoattachVSOCK: false, hostDevices: [{ name: "a", deviceName: "b" }] }),
      net([], []),
    ],
  },
};
