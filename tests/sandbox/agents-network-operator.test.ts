import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { noticedNow, operatorConditions, wantedOf } from "../../sandbox/agents/network-operator";

const network = (spec: JsonObject): KubernetesObject => ({
  apiVersion: "operator.openshift.io/v1",
  kind: "Network",
  metadata: { name: "cluster" },
  spec,
});

describe("simulated network operator", () => {
  it("makes an attachment of each additional network", () => {
    const config = '{"type":"bridge"}';
    const simple = {
      master: "eth1",
      mode: "Bridge",
      mtu: 9000,
      ipamConfig: { type: "Static", staticIPAMConfig: { addresses: [] } },
    };
    const { attachments } = wantedOf(
      network({
        additionalNetworks: [
          { name: "a", type: "Raw", rawCNIConfig: config },
          { name: "b", namespace: "web", type: "SimpleMacvlan", simpleMacvlanConfig: simple },
        ],
      }),
    );
    expect(attachments[0]).to.deep.equal({ namespace: "default", name: "a", config });
    expect(attachments[1]).to.include({ namespace: "web", name: "b" });
    expect(JSON.parse(attachments[1]?.config ?? "")).to.deep.include({
      type: "macvlan",
      master: "eth1",
      mode: "bridge",
      mtu: 9000,
      ipam: { type: "static", addresses: [] },
    });
  });

  it("refuses what the real one refuses", () => {
    const failure = (spec: JsonObject): string => wantedOf(network(spec)).failure ?? "none";
    expect(failure({ disableMultiNetwork: true, additionalNetworks: [{ name: "a" }] })).to.match(
      /without deploying Multus/,
    );
    expect(failure({ additionalNetworks: [{ name: "a", type: "Raw", rawCNIConfig: "{" }] })).to.match(/unmarshal/);
    expect(failure({ additionalNetworks: [{ name: "a", type: "x" }] })).to.match(/unsupported network type x/);
    expect(failure({ disableMultiNetwork: true })).to.equal("none");
  });

  it("is struck by a fault in what comes while it lasts, not in what is carried out already", () => {
    const at = (generation: number): KubernetesObject => ({
      ...network({}),
      metadata: { name: "cluster", generation },
    });
    const fine = { generation: 1, broken: false };
    const broken = { generation: 2, broken: true };
    expect(noticedNow(at(1), true)).to.deep.equal({ generation: 1, broken: true });
    expect(noticedNow(at(1), true, fine)).to.deep.equal(fine);
    expect(noticedNow(at(2), true, fine)).to.deep.equal(broken);
    expect(noticedNow(at(2), true, broken)).to.deep.equal(broken);
    expect(noticedNow(at(2), false, broken)).to.deep.equal({ generation: 2, broken: false });
  });

  it("says how it is by conditions", () => {
    const status = (progressing: boolean, failure?: string): string =>
      operatorConditions(progressing, failure, "now")
        .map((each) => `${JSON.stringify(each.type)}=${JSON.stringify(each.status)}`.replaceAll('"', ""))
        .join(" ");
    expect(status(true)).to.equal("Available=True Progressing=True Degraded=False Upgradeable=True");
    expect(status(false, "bad")).to.equal("Available=True Progressing=False Degraded=True Upgradeable=True");
  });
});
