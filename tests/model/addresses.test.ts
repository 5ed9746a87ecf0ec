import { expect } from "chai";
import fc from "fast-check";
import { contains, hostAddressProblem, isAddress, isNetwork, overlaps, podMtu } from "../../model/addresses";

describe("addresses", () => {
  it("takes only addresses without a prefix length as addresses", () => {
    for (const text of ["10.0.0.1", "fd00::1"]) expect(isAddress(text), text).to.equal(true);
    for (const text of ["10.0.0.1/24", "10.0.0", "10.0.0.256", "010.0.0.1", "x", ""]) {
      expect(isAddress(text), text).to.equal(false);
    }
  });

  it("takes only addresses without host bits as networks", () => {
    for (const text of ["10.128.0.0/14", "0.0.0.0/0", "10.0.0.1/32", "fd00::/64"]) {
      expect(isNetwork(text), text).to.equal(true);
    }
    for (const text of ["10.128.0.1/14", "10.0.0.0", "10.0.0.0/33", "fd00::1/64"]) {
      expect(isNetwork(text), text).to.equal(false);
    }
  });

  it("refuses addresses that no interface can have, each with its reason", () => {
    const reasons: Record<string, RegExp> = {
      "192.168.100.0/24": /network's own/,
      "192.168.100.255/24": /broadcast/,
      "224.0.0.5/24": /multicast/,
      "127.0.0.5/8": /cannot be/,
      "0.0.0.0/8": /cannot be/,
      "192.168.100.5": /prefix length/,
      "fd00::/64": /network's own/,
    };
    for (const [text, reason] of Object.entries(reasons)) expect(hostAddressProblem(text), text).to.match(reason);
    for (const text of ["192.168.100.5/24", "10.0.0.0/31", "10.0.0.1/32", "fd00::5/64"]) {
      expect(hostAddressProblem(text), text).to.equal(undefined);
    }
  });

  it("finds overlaps in both directions and never between families", () => {
    expect(contains("10.0.0.0/8", "10.1.2.3")).to.equal(true);
    expect(contains("10.0.0.0/8", "11.1.2.3")).to.equal(false);
    expect(contains("10.0.0.0/8", "fd00::1")).to.equal(false);
    expect(overlaps("10.0.0.0/8", "10.1.0.0/16")).to.equal(true);
    expect(overlaps("10.1.0.0/16", "10.0.0.0/8")).to.equal(true);
    expect(overlaps("10.1.0.0/16", "10.2.0.0/16")).to.equal(false);
  });

  it("says that a network overlaps itself and that overlap is symmetric", () => {
    const network = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
      .map(([bits, prefix]) => {
        const masked = prefix === 0 ? 0 : Math.floor(bits / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
        return `${[24, 16, 8, 0].map((shift) => Math.floor(masked / 2 ** shift) % 256).join(".")}/${prefix}`;
      });
    fc.assert(
      fc.property(network, network, (a, b) => {
        expect(isNetwork(a), a).to.equal(true);
        expect(overlaps(a, a)).to.equal(true);
        expect(overlaps(a, b)).to.equal(overlaps(b, a));
      }),
    );
  });

  it("takes tunnel and encryption off the MTU", () => {
    expect(podMtu(1500, 0)).to.equal(1450);
    expect(podMtu(9000, 95)).to.equal(8855);
  });
});
