import type { JsonObject } from "../../model";
import { I, P, multus, net, nic, template } from "./machine-inputs";
import type { Cases } from "./support";

/** Cases of the rules on a machine, part: network. */
export const networkCases: Record<string, Cases> = {
  "machines/network-repeated": {
    bad: [[net([{ name: "a" }, { name: "a" }], []), `${P}.networks[1].name`]],
    good: [net([{ name: "a" }, { name: "b" }], [])],
  },
  "machines/interface-repeated": {
    bad: [[net([], [{ name: "a" }, { name: "a" }]), `${I}[1].name`]],
    good: [net([], [{ name: "a" }, { name: "b" }])],
  },
  "machines/network-without-interface": {
    bad: [
      [net([{ name: "a" }], []), `${P}.networks[0].name`],
      [template({ networks: [{ name: "a" }] }), `${P}.networks[0].name`],
    ],
    good: [nic({}), template({ networks: [{ name: "a" }], domain: { devices: { interfaces: undefined } } })],
  },
  "machines/interface-without-network": {
    bad: [[net([], [{ name: "a" }]), `${I}[0].name`]],
    good: [nic({}), template({ networks: undefined, domain: { devices: { interfaces: [{ name: "a" }] } } })],
  },
  "machines/network-source": {
    bad: [
      [nic({}, {}), `${P}.networks[0]`],
      [nic({}, { pod: null }), `${P}.networks[0]`],
      [nic({}, { pod: {}, ...multus("a") }), `${P}.networks[0]`],
    ],
    good: [nic({}), nic({}, multus("a")), nic({}, { pod: undefined })],
  },
  "machines/network-default": {
    bad: [
      [
        net(
          [
            { name: "a", pod: {} },
            { name: "b", pod: {} },
          ],
          [],
        ),
        `${P}.networks`,
      ],
      [
        net(
          [
            { name: "a", pod: {} },
            { name: "b", multus: { networkName: "x", default: true } },
          ],
          [],
        ),
        `${P}.networks`,
      ],
      [
        net(
          [
            { name: "a", multus: { default: true } },
            { name: "b", multus: { default: true } },
          ],
          [],
        ),
        `${P}.networks`,
      ],
    ],
    good: [
      net(
        [
          { name: "a", pod: {} },
          { name: "b", ...multus("x") },
        ],
        [],
      ),
    ],
  },
  "machines/network-name": {
    bad: [
      [nic({}, multus("")), `${P}.networks[0]`],
      [nic({}, { multus: {} }), `${P}.networks[0]`],
    ],
    good: [nic({}, multus("a")), nic({}), nic({}, { multus: { networkName: undefined } })],
  },
  "machines/network-namespace": {
    bad: [[nic({}, multus("db/tenant")), `${P}.networks[0].multus.networkName`]],
    good: ["tenant", "web/tenant", "default/tenant", "openshift-sriov-network-operator/x"].map((name) =>
      nic({}, multus(name)),
    ),
  },
  "machines/binding": {
    bad: [
      [nic({}), `${I}[0]`],
      [nic({ masquerade: null }), `${I}[0]`],
      [nic({ bridge: {}, sriov: {} }), `${I}[0]`],
      [nic({ slirp: {} }), `${I}[0].slirp`],
    ],
    good: [nic({ bridge: {} }), nic({ binding: { name: "l2bridge" } }), nic({ sriov: undefined })],
  },
  "machines/masquerade": {
    bad: [
      [nic({ masquerade: {} }, multus("a")), `${I}[0].name`],
      [nic({ masquerade: {}, macAddress: "02:00:00:00:00:00" }), `${I}[0].macAddress`],
    ],
    good: [nic({ masquerade: {} }), nic({ bridge: {} }, multus("a"))],
  },
  "machines/passt": {
    bad: [[nic({ passtBinding: {} }, multus("a")), `${I}[0].name`]],
    good: [nic({ passtBinding: {} }), nic({ bridge: {} }, multus("a")), net([], [{ name: "a", passtBinding: {} }])],
  },
  "machines/bridge-on-pod-network": {
    bad: [[nic({ bridge: {} }), `${I}[0].name`]],
    good: [nic({ bridge: {} }, multus("a")), nic({ masquerade: {} })],
  },
  "machines/interface-name": {
    bad: [[net([], [{ name: "a.b" }]), `${I}[0].name`]],
    good: [net([], [{ name: "A_b-1" }])],
  },
  "machines/interface-model": {
    bad: [[nic({ model: "vmxnet3" }), `${I}[0].model`]],
    good: [nic({ model: "virtio" }), nic({ model: "" })],
  },
  "machines/mac-address": {
    bad: ["02:00:00:00:00", "02:00:00:00:00:zz", "02:00-00:00:00:00", "02:00:00:00:00:00:00:00"].map(
      (macAddress): [JsonObject, string] => [nic({ macAddress }), `${I}[0].macAddress`],
    ),
    good: ["02:00:00:00:00:01", "02-00-00-00-00-01", "0200.0000.1002", ""].map((macAddress) => nic({ macAddress })),
  },
  "machines/mac-address-group": {
    bad: ["01:00:00:00:00:01", "00:00:00:00:00:00", "03-00-00-00-00-01"].map((macAddress): [JsonObject, string] => [
      nic({ macAddress }),
      `${I}[0].macAddress`,
    ]),
    good: [nic({ macAddress: "02:00:00:00:00:01" }), nic({})],
  },
  "machines/pci-address": {
    bad: [[nic({ pciAddress: "01:00.0" }), `${I}[0].pciAddress`]],
    good: [nic({ pciAddress: "0000:01:00.0" })],
  },
  "machines/interface-state": {
    bad: [
      [nic({ state: "gone" }), `${I}[0].state`],
      [nic({ sriov: {}, state: "down" }, multus("a")), `${I}[0].state`],
      [nic({ sriov: {}, state: "absent" }, multus("a")), `${I}[0].state`],
      [nic({ bridge: {}, state: "absent" }), `${I}[0].state`],
      [nic({ state: "absent" }, multus("a")), `${I}[0].state`],
    ],
    good: [
      nic({ bridge: {}, state: "absent" }, multus("a")),
      nic({ masquerade: {}, state: "down" }),
      nic({ state: "" }),
    ],
  },
};
