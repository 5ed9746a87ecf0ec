import { expect } from "chai";
import { parse } from "yaml";
import { ciliumMinors, defaultVersions } from "../../model";
import { Environment } from "../../model/environment";
import { ciliumValues, planCilium } from "../../planning/cilium";
import { planDayOne } from "../../planning/day1";
import { ciliumArgs } from "../../planning/domains/cilium";
import { verifyManifests } from "../../provider/manifests/verify";
import { full } from "./environments";

type Input = typeof full;

const environment = (cilium: Input["cilium"] = {}): Environment => Environment.parse({ ...full, cilium });
const dayOne = (cilium?: Input["cilium"]) => planDayOne(environment(cilium));
const object = (cilium: Input["cilium"], path: RegExp): unknown => {
  const text = dayOne(cilium).files.find((file) => path.test(file.path))?.text;
  return text === undefined ? undefined : parse(text);
};

describe("files of a new cluster", () => {
  it("bear the installer's names where they take the place of its own, and order themselves by name", () => {
    expect(dayOne().files.map(({ path }) => path)).to.deep.equal([
      "manifests/cluster-network-02-config.yml",
      "manifests/cluster-network-03-config.yml",
      "manifests/cluster-network-06-cilium-00000-cilium-namespace.yaml",
      "manifests/cluster-network-07-cilium-ciliumconfig.yaml",
    ]);
    // The installer takes every YAML file in manifests/ for a manifest.
    expect(dayOne({ management: "helm" }).files.map(({ path }) => path)).to.deep.equal([
      "manifests/cluster-network-02-config.yml",
      "manifests/cluster-network-03-config.yml",
      "manifests/cluster-network-06-cilium-00000-cilium-namespace.yaml",
      "cilium-values.yaml",
    ]);
  });

  it("say to OpenShift that the network is Cilium's, and kube-proxy is off", () => {
    const networks = { clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }], serviceNetwork: ["172.30.0.0/16"] };
    expect(object({}, /02-config/)).to.deep.equal({
      apiVersion: "config.openshift.io/v1",
      kind: "Network",
      metadata: { name: "cluster" },
      spec: { ...networks, networkType: "Cilium", externalIP: { policy: {} } },
    });
    const operator = (deployKubeProxy: boolean) => ({
      apiVersion: "operator.openshift.io/v1",
      kind: "Network",
      metadata: { name: "cluster" },
      spec: { ...networks, defaultNetwork: { type: "Cilium" }, deployKubeProxy, managementState: "Managed" },
    });
    expect(object({}, /03-config/)).to.deep.equal(operator(false));
    expect(object({ kubeProxyReplacement: false }, /03-config/)).to.deep.equal(operator(true));
  });

  it("hold the very objects that are managed afterwards", () => {
    const args = ciliumArgs(
      environment({ preset: "secure" }),
      environment({ preset: "secure" }).cilium ?? expect.fail(),
    );
    const planned = planCilium({ ...args, createNamespace: true });
    const byId = new Map(planned.objects.map(({ id, properties }) => [id, properties]));
    expect(object({ preset: "secure" }, /ciliumconfig/)).to.deep.equal({
      apiVersion: "cilium.io/v1alpha1",
      kind: "CiliumConfig",
      ...byId.get("cilium/config"),
    });
    expect(object({ preset: "secure" }, /namespace/)).to.deep.equal({
      apiVersion: "v1",
      kind: "Namespace",
      ...byId.get("cilium/namespace"),
    });
    const helm = { preset: "secure", management: "helm" } as const;
    expect(object(helm, /values/)).to.deep.equal(JSON.parse(JSON.stringify(ciliumValues(args))));
  });

  it("pass the checks of manifests", () => {
    for (const cilium of ciliumMinors) {
      const cluster = { ...full.cluster, cilium };
      const { files } = planDayOne(Environment.parse({ ...full, cluster, cilium: { preset: "secure" } }));
      const manifests = files.map(({ path, text }) => ({ file: path, text, named: true }));
      const { findings } = verifyManifests(manifests, { versions: { ...defaultVersions, cilium } });
      expect(findings.filter(({ severity }) => severity === "error")).to.deep.equal([]);
    }
  });

  it("are the same bytes for the same environment, whatever the order of its maps", () => {
    const text = JSON.stringify(dayOne({ preset: "throughput", deviceMtu: 9000 }).files);
    expect(JSON.stringify(dayOne({ deviceMtu: 9000, preset: "throughput" }).files)).to.equal(text);
    for (const { text: each } of dayOne().files) expect(each).to.match(/[^\n]\n$/);
  });

  it("come with what is left to do: the operator or the rendered chart, and the key that is never written", () => {
    const steps = (cilium?: Input["cilium"]) => dayOne(cilium).steps.join("\n");
    expect(steps()).to.include("KUBERNETES_SERVICE_HOST=api-int.test.example and KUBERNETES_SERVICE_PORT=6443");
    expect(steps({ management: "helm" })).to.include(
      "helm template cilium cilium --repo https://helm.cilium.io --version 1.20.5 --namespace cilium --values cilium-values.yaml",
    );
    expect(steps()).not.to.include("Secret");
    expect(steps({ encryption: { type: "ipsec" } })).to.include("the Secret cilium/cilium-ipsec-keys");
  });

  it("are not planned without a section on Cilium, and findings have the environment's paths", () => {
    const without = planDayOne(Environment.parse({ ...full, cilium: undefined }));
    expect([without.files, without.findings.map(({ path }) => path)]).to.deep.equal([[], ["cilium"]]);
    const wrong = dayOne({ bpf: { bbr: true } }).findings.map(({ path }) => path);
    expect(new Set(wrong)).to.deep.equal(new Set(["cilium.bpf.bbr"]));
  });
});
