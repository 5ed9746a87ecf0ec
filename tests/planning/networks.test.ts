import { expect } from "chai";
import type { z } from "zod";
import { AttachmentsArgs, planAttachments } from "../../planning";
import { arrows, properties } from "./plans";

type Input = z.input<typeof AttachmentsArgs>["attachments"];

const plan = (attachments: Input) => planAttachments(AttachmentsArgs.parse({ attachments }));

/** The plugin configuration of one attachment, as text. */
function config(attachment: Record<string, unknown>): string {
  const [object] = plan([{ name: "net", namespace: "web", ...attachment }] as Input).objects;
  return (object?.properties.spec as { config: string }).config;
}

describe("planning of attachments", () => {
  it("plans a bridge for machines: no addresses, MAC check, and the resource that nodes with the bridge offer", () => {
    const planned = plan([{ name: "tenant", namespace: "web", type: "cnv-bridge", bridge: "br-tenant", vlan: 100 }]);
    expect(properties(planned)).to.deep.equal({
      "networks/web/tenant": {
        metadata: {
          name: "tenant",
          namespace: "web",
          annotations: { "k8s.v1.cni.cncf.io/resourceName": "bridge.network.kubevirt.io/br-tenant" },
        },
        spec: {
          config:
            '{"cniVersion":"0.3.1","name":"tenant","type":"cnv-bridge","bridge":"br-tenant","vlan":100,"macspoofchk":true}',
        },
      },
    });
    expect(planned.components[0]?.gate).to.equal("networks/web/tenant");
  });

  it("writes each plugin's own keys", () => {
    const ipam = { type: "whereabouts", range: "10.0.50.0/24", exclude: ["10.0.50.0/28"] };
    expect(config({ type: "macvlan", master: "ens2", mtu: 9000, ipam })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"macvlan","master":"ens2","mode":"bridge","mtu":9000,' +
        '"ipam":{"type":"whereabouts","range":"10.0.50.0/24","exclude":["10.0.50.0/28"]}}',
    );
    expect(config({ type: "ipvlan", master: "ens2", mode: "l3", ipam: { type: "dhcp" } })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"ipvlan","master":"ens2","mode":"l3","ipam":{"type":"dhcp"}}',
    );
    expect(
      config({ type: "vlan", master: "ens2", vlanId: 7, ipam: { type: "host-local", subnet: "10.1.0.0/24" } }),
    ).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"vlan","master":"ens2","vlanId":7,' +
        '"ipam":{"type":"host-local","subnet":"10.1.0.0/24"}}',
    );
    expect(config({ type: "host-device", device: "ens9" })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"host-device","device":"ens9"}',
    );
  });

  it("writes the same text whatever the order of keys", () => {
    const a = config({ type: "bridge", bridge: "br", mtu: 9000, vlan: 5, portIsolation: true });
    const b = config({ portIsolation: true, vlan: 5, mtu: 9000, bridge: "br", type: "bridge" });
    expect(a).to.equal(b);
  });

  it("is ready with a gate where there are several", () => {
    const bridge = { type: "bridge", bridge: "br" } as const;
    const planned = plan([
      { name: "b", namespace: "web", ...bridge },
      { name: "a", namespace: "web", ...bridge },
    ]);
    expect(planned.components[0]?.gate).to.equal("networks/ready");
    expect(arrows(planned)).to.deep.equal(["networks/ready -> networks/web/a", "networks/ready -> networks/web/b"]);
  });
});
