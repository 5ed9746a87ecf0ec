import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { evaluate, hyperConvergedRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const base = { kind: "HyperConverged", metadata: { name: "kubevirt-hyperconverged", namespace: "openshift-cnv" } };
const flat = (input: JsonObject): KubernetesObject =>
  merged({ apiVersion: "hco.kubevirt.io/v1beta1", ...base }, input) as unknown as KubernetesObject;
const nested = (input: JsonObject): KubernetesObject =>
  merged({ apiVersion: "hco.kubevirt.io/v1", ...base }, input) as unknown as KubernetesObject;

const spec = (content: JsonObject): JsonObject => ({ spec: content });
const certs = (content: JsonObject): JsonObject => spec({ certConfig: content });
const tls = (content: JsonObject): JsonObject => spec({ tlsSecurityProfile: content });
const macs = (content: JsonObject): JsonObject => spec({ kubeMacPoolConfiguration: content });
const cron = (content: JsonObject): JsonObject => spec({ dataImportCronTemplates: [content] });
const mdev = (content: JsonObject): JsonObject => spec({ mediatedDevicesConfiguration: content });
const pci = (content: JsonObject): JsonObject => spec({ permittedHostDevices: { pciHostDevices: [content] } });
const annotated = (annotations: JsonObject, content: JsonObject = {}): JsonObject => ({
  metadata: { annotations },
  spec: content,
});
const enable = (value: string): JsonObject => ({
  metadata: { name: "x", annotations: { "dataimportcrontemplate.kubevirt.io/enable": value } },
});
const rates = (text: string): JsonObject =>
  annotated({ "hco.kubevirt.io/tuningPolicy": text }, { tuningPolicy: "annotation" });
const gcm = "ECDHE-RSA-AES128-GCM-SHA256";
const rateless = 'metadata.annotations["hco.kubevirt.io/tuningPolicy"]';

testRules("rules of HyperConverged", hyperConvergedRules, flat, {
  "virtualization/name": {
    bad: [[{ metadata: { name: "hco" } }, "metadata.name"]],
    good: [{}],
  },
  "virtualization/namespace": {
    bad: [[{ metadata: { namespace: "default" } }, "metadata.namespace"]],
    good: [{}, { metadata: { namespace: "kubevirt-hyperconverged" } }],
  },
  "virtualization/json-patch": {
    bad: [
      [annotated({ "kubevirt.kubevirt.io/jsonpatch": "[]" }), 'metadata.annotations["kubevirt.kubevirt.io/jsonpatch"]'],
    ],
    good: [annotated({ deployOVS: "true" })],
  },
  "virtualization/certificate-duration": {
    bad: [
      [certs({ ca: { duration: "5m" } }), "spec.certConfig.ca.duration"],
      [certs({ server: { renewBefore: "1 day" } }), "spec.certConfig.server.renewBefore"],
    ],
    good: [{}, certs({ ca: { duration: "72h" }, server: { renewBefore: "10m" } })],
  },
  "virtualization/certificate-order": {
    bad: [
      [certs({ ca: { renewBefore: "49h" } }), "spec.certConfig.ca.renewBefore"],
      [certs({ ca: { duration: "12h", renewBefore: "1h" } }), "spec.certConfig.ca.duration"],
      [certs({ server: { duration: "72h" } }), "spec.certConfig.server.duration"],
    ],
    good: [{}, certs({ ca: { duration: "24h" }, server: { duration: "24h" } })],
  },
  "virtualization/tls-profile": {
    bad: [
      [tls({ type: "Custom" }), "spec.tlsSecurityProfile.custom"],
      [tls({ type: "Custom", custom: {} }), "spec.tlsSecurityProfile.custom.minTLSVersion"],
      [tls({ custom: { minTLSVersion: "VersionTLS12", ciphers: ["X"] } }), "spec.tlsSecurityProfile.custom.ciphers"],
      [tls({ custom: { minTLSVersion: "VersionTLS12" } }), "spec.tlsSecurityProfile.custom.ciphers"],
      [tls({ custom: { minTLSVersion: "VersionTLS13", ciphers: [gcm] } }), "spec.tlsSecurityProfile.custom.ciphers"],
    ],
    good: [
      tls({ type: "Old" }),
      tls({ custom: { minTLSVersion: "VersionTLS13" } }),
      tls({ custom: { minTLSVersion: "VersionTLS12", ciphers: [gcm] } }),
    ],
  },
  "virtualization/mac-range": {
    bad: [
      [macs({ rangeStart: "02:00:00:00:00:00" }), "spec.kubeMacPoolConfiguration.rangeEnd"],
      [macs({ rangeEnd: "02:00:00:00:00:00" }), "spec.kubeMacPoolConfiguration.rangeStart"],
    ],
    good: [macs({}), macs({ rangeStart: "02:00:00:00:00:00", rangeEnd: "02:00:00:00:ff:ff" })],
  },
  "virtualization/import-cron-templates": {
    bad: [
      [cron({ metadata: { name: "x" } }), "spec.dataImportCronTemplates[0].spec"],
      [cron(enable("TRUE")), "spec.dataImportCronTemplates[0].spec"],
      [
        cron({ ...enable("yes"), spec: {} }),
        'spec.dataImportCronTemplates[0].metadata.annotations["dataimportcrontemplate.kubevirt.io/enable"]',
      ],
    ],
    good: [cron(enable("False")), cron({ metadata: { name: "x" }, spec: {} })],
  },
  "virtualization/mediated-devices": {
    bad: [
      [mdev({}), "spec.mediatedDevicesConfiguration.mediatedDeviceTypes"],
      [
        mdev({ mediatedDeviceTypes: ["a"], mediatedDevicesTypes: ["b"] }),
        "spec.mediatedDevicesConfiguration.mediatedDevicesTypes",
      ],
      [
        mdev({
          mediatedDeviceTypes: ["a"],
          nodeMediatedDeviceTypes: [{ nodeSelector: {}, mediatedDeviceTypes: ["a"], mediatedDevicesTypes: ["b"] }],
        }),
        "spec.mediatedDevicesConfiguration.nodeMediatedDeviceTypes[0].mediatedDevicesTypes",
      ],
    ],
    good: [
      mdev({ mediatedDeviceTypes: ["a"], mediatedDevicesTypes: ["a"] }),
      mdev({ mediatedDevicesTypes: ["b"] }),
      {},
    ],
  },
  "virtualization/tuning-policy": {
    bad: [
      [spec({ tuningPolicy: "annotation" }), rateless],
      [rates("{"), rateless],
      [rates('{"qps": 0, "burst": 1}'), rateless],
      [rates("null"), rateless],
    ],
    good: [rates('{"qps": 100, "burst": 200}'), {}],
  },
  "virtualization/high-burst": {
    bad: [[spec({ tuningPolicy: "highBurst" }), "spec.tuningPolicy"]],
    good: [{}],
  },
  "virtualization/former-gates": {
    bad: [
      [spec({ featureGates: { nonRoot: true } }), "spec.featureGates.nonRoot"],
      [spec({ featureGates: { deployVmConsoleProxy: false } }), "spec.featureGates.deployVmConsoleProxy"],
    ],
    good: [spec({ featureGates: { downwardMetrics: true } })],
  },
  "virtualization/repeated-gates": {
    bad: [[spec({ featureGates: [{ name: "alignCPUs" }, { name: "aligncpus" }] }), "spec.featureGates[1].name"]],
    good: [spec({ featureGates: [{ name: "alignCPUs" }, { name: "objectGraph" }, {}] })],
  },
  "virtualization/virtual-functions": {
    bad: [
      [
        pci({ pciDeviceSelector: "15B3:1018", resourceName: "x/y" }),
        "spec.permittedHostDevices.pciHostDevices[0].pciDeviceSelector",
      ],
    ],
    good: [
      pci({ pciDeviceSelector: "10de:1eb8", resourceName: "x/y" }),
      pci({ pciDeviceSelector: "15b3:1018", resourceName: "x/y", externalResourceProvider: true }),
    ],
  },
});

testFine(
  "rules of HyperConverged and a fine one",
  hyperConvergedRules,
  flat({
    metadata: { annotations: { "hco.kubevirt.io/tuningPolicy": '{"qps": 100, "burst": 200}' } },
    spec: {
      tuningPolicy: "annotation",
      certConfig: { ca: { duration: "48h", renewBefore: "24h" }, server: { duration: "24h", renewBefore: "12h" } },
      tlsSecurityProfile: { type: "Custom", custom: { minTLSVersion: "VersionTLS12", ciphers: [gcm] } },
      kubeMacPoolConfiguration: { rangeStart: "02:00:00:00:00:00", rangeEnd: "02:00:00:00:ff:ff" },
      dataImportCronTemplates: [{ ...enable("true"), spec: { schedule: "0 0 * * *" } }],
      mediatedDevicesConfiguration: { mediatedDeviceTypes: ["nvidia-1"] },
      permittedHostDevices: {
        pciHostDevices: [{ pciDeviceSelector: "15b3:1018", resourceName: "x/y", externalResourceProvider: true }],
      },
      featureGates: { downwardMetrics: true },
    },
  }),
);

describe("rules of HyperConverged in hco.kubevirt.io/v1", () => {
  const found = (input: JsonObject): string[] =>
    evaluate(hyperConvergedRules, nested(input)).map(({ rule, path }) => `${rule} ${path}`);

  it("look into the groups of v1", () => {
    expect(found(spec({ security: { certConfig: { ca: { duration: "5m" } } } }))).to.include(
      "virtualization/certificate-duration spec.security.certConfig.ca.duration",
    );
    expect(found(spec({ networking: { kubeMacPoolConfiguration: { rangeEnd: "02:00:00:00:00:00" } } }))).to.deep.equal([
      "virtualization/mac-range spec.networking.kubeMacPoolConfiguration.rangeStart",
    ]);
  });

  it("do not look for what only v1beta1 has", () => {
    expect(found(spec({ featureGates: [{ name: "nonRoot" }], mediatedDevicesConfiguration: {} }))).to.deep.equal([]);
  });
});
