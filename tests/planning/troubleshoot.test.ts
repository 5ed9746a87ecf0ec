import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { format, resolveConfig } from "prettier";
import { troubleshootingPage } from "../../cli/troubleshooting-page";
import type { TroubleshootingGuide, TroubleshootingKind } from "../../model";
import { Environment } from "../../model/environment";
import { macAddress, NoSuchTarget, planPlatform, troubleshoot } from "../../planning";
import { command, quoted } from "../../planning/troubleshoot/commands";
import { packageRoot } from "../../provider/package";
import { full } from "./environments";

const environment = Environment.parse({
  ...full,
  hostNetwork: {
    groups: [
      {
        name: "workers",
        nodePool: "worker",
        bridges: [{ name: "br-tenant", ports: ["ens2f1"] }],
        ovsBridges: [{ name: "br-data", ports: ["ens3"] }],
      },
    ],
  },
  networks: [
    ...(full.networks ?? []),
    { name: "switch", namespace: "web", type: "ovs", bridge: "br-data" },
    { name: "pods", namespace: "web", type: "macvlan", master: "ens4", ipam: { type: "dhcp" } },
  ],
  tenants: [{ name: "shop", namespaces: [{ name: "shop-a" }, { name: "shop-b" }] }],
  policies: [
    { name: "web", namespace: "web", subjects: { app: "web" }, ingress: [{ from: [{ entity: "cluster" }] }] },
    { name: "other", namespace: "web", subjects: { app: "other" }, ingress: [{ from: [{ entity: "cluster" }] }] },
    {
      name: "pods",
      namespace: "web",
      subjects: {},
      attachment: "pods",
      ingress: [{ from: [{ labels: { app: "web" } }] }],
    },
  ],
  loadBalancers: {
    pools: [{ name: "edge", blocks: [{ cidr: "10.9.0.0/24" }] }],
    bgp: [{ name: "edge", pools: ["edge"], localASN: 1, peers: [{ name: "tor", asn: 2, address: "192.0.2.1" }] }],
    services: [{ name: "site", namespace: "web", pool: "edge", selector: { app: "web" }, ports: [{ port: 80 }] }],
  },
});
const plan = planPlatform(environment);
const guide = (kind: TroubleshootingKind, name: string): TroubleshootingGuide =>
  troubleshoot(environment, plan, kind, name);
const commandsOf = ({ steps }: TroubleshootingGuide): string => steps.flatMap(({ commands }) => commands).join("\n");

describe("troubleshooting", () => {
  it("has the names of the environment for a machine, its networks and its nodes", () => {
    const found = guide("machine", "web/frontend");
    const text = commandsOf(found);
    for (const part of [
      "oc get vm frontend -n web ",
      "vm.kubevirt.io/name=frontend",
      "virsh domiflist web_frontend",
      ".status.allocatable.hugepages-1Gi",
      "oc get machineconfigpools worker ",
      "hubble observe --pod web/virt-launcher-frontend- --verdict DROPPED",
      "oc get ciliumnetworkpolicies -n web web ",
      "oc get ciliumloadbalancerippools edge",
      "cilium-dbg bgp peers",
      "cilium-dbg encrypt status",
      "oc get network-attachment-definitions tenant -n web",
      String.raw`.status.allocatable.bridge\.network\.kubevirt\.io/br-tenant`,
      "nmstate.io/policy=workers",
      "oc get sriovnetworknodepolicies -n openshift-sriov-network-operator fast",
      String.raw`.status.allocatable.openshift\.io/fast`,
    ]) {
      expect(text).to.include(part);
    }
    const mac = macAddress({ environment: "test", namespace: "web", name: "frontend" }, "tenant");
    expect(JSON.stringify(found)).to.include(`tenant ${mac}`);
    expect(text).to.not.include("--verdict DENIED");
    expect(text).to.not.include("cilium-l2announce");
  });

  it("asks only what can be wrong: a plain machine has neither huge pages nor networks", () => {
    const found = commandsOf(guide("machine", "plain"));
    expect(found).to.include("oc get datavolume plain-root -n db");
    for (const part of ["hugepages", "network-attachment-definitions", "sriov", "ciliumnetworkpolicies"]) {
      expect(found.replaceAll("sriovnetwork\\.openshift\\.io/state", "")).to.not.include(part);
    }
  });

  it("goes through all namespaces of a tenant", () => {
    const text = commandsOf(guide("tenant", "shop"));
    expect(text).to.include("oc get namespaces -l pulumi-ove/tenant=shop");
    for (const namespace of ["shop-a", "shop-b"]) {
      expect(text).to.include(`-n ${namespace} baseline-dns baseline-images baseline-isolation`);
      expect(text).to.include(`hubble observe --namespace ${namespace} --verdict DROPPED`);
    }
  });

  it("follows a network down to the nodes, by its type", () => {
    const ovs = commandsOf(guide("network", "switch"));
    expect(ovs).to.include("systemctl is-active openvswitch.service");
    expect(ovs).to.include(String.raw`.status.allocatable.ovs-cni\.network\.kubevirt\.io/br-data`);
    const pods = commandsOf(guide("network", "web/pods"));
    expect(pods).to.include("oc get daemonset dhcp-daemon -n openshift-multus");
    expect(pods).to.include("oc get multi-networkpolicies -n web pods");
    expect(pods).to.include("link show dev ens4");
    const functions = commandsOf(guide("network", "backup"));
    expect(functions).to.include("oc get sriovnetworks backup -n openshift-sriov-network-operator");
    expect(functions).to.include("node-role.kubernetes.io/dpdk=");
    for (const text of [ovs, pods, functions]) expect(text).to.not.include("hubble");
  });

  it("asks for encryption as the environment has it", () => {
    const good = (type: "wireguard" | "ipsec"): string => {
      const own = Environment.parse({ ...full, cilium: { encryption: { type } }, tenants: environment.tenants });
      const { steps } = troubleshoot(own, planPlatform(own), "tenant", "shop");
      return steps.find(({ question }) => question.includes("encrypt"))?.good ?? "";
    };
    expect(good("wireguard")).to.include("Wireguard");
    expect(good("ipsec")).to.include("IPsec");
  });

  it("names what is near when there is nothing of the name, or several", () => {
    expect(() => guide("machine", "web/frontent")).to.throw(
      NoSuchTarget,
      /no machine "web\/frontent".*: web\/frontend,/,
    );
    expect(() => guide("machine", "fronted")).to.throw(NoSuchTarget, /: web\/frontend,/);
    expect(() => guide("network", "tenant")).to.throw(NoSuchTarget, /Say which: web\/tenant, db\/tenant\./);
    const none = Environment.parse({ ...full, machines: [] });
    expect(() => troubleshoot(none, planPlatform(none), "tenant", "x")).to.throw(NoSuchTarget, "no tenants at all");
  });

  it("quotes every word for the shell", () => {
    const word = fc.string({ unit: "binary-ascii" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const printed = execFileSync("sh", ["-c", `printf '%s\\0' ${words.map(quoted).join(" ")}`]).toString();
        expect(printed.split("\0").slice(0, -1)).to.deep.equal(words);
      }),
      { numRuns: 30 },
    );
    expect(command("echo", "$(reboot)")).to.equal("echo '$(reboot)'");
  });

  it("prints lines that a shell can read", () => {
    for (const [kind, name] of [
      ["machine", "frontend"],
      ["tenant", "shop"],
      ["network", "switch"],
    ] as const) {
      execFileSync("sh", ["-n", "-c", commandsOf(guide(kind, name))]);
    }
  });

  it("is told in the documentation with the same steps", async () => {
    const file = join(packageRoot, "docs", "troubleshooting.md");
    const page = readFileSync(file, "utf8");
    const options = { ...(await resolveConfig(file)), parser: "markdown" };
    expect(await format(troubleshootingPage(page), options)).to.equal(page);
  });
});
