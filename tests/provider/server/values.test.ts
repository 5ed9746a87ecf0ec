import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../../../model";
import { decode, encode } from "../../../provider/server/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const secret = (value: unknown): Record<string, unknown> => ({ [SIGNATURE]: SECRET, value });
const struct = (value: Record<string, unknown>): Struct => Struct.fromJavaScript(value as never);

describe("property values on the wire", () => {
  it("opens secrets at any depth and remembers under which top-level key they were", () => {
    const { value, secrets } = decode(struct({ metadata: { name: "n" }, spec: { list: [{ password: secret("x") }] } }));
    expect(value).to.deep.equal({ metadata: { name: "n" }, spec: { list: [{ password: "x" }] } });
    expect([...secrets]).to.deep.equal(["spec"]);
  });

  it("puts everything under such a key out as one secret", () => {
    const out = encode({ metadata: { name: "n" }, spec: { a: 1 }, status: undefined }, new Set(["spec"]));
    expect(out.toJavaScript()).to.deep.equal({ metadata: { name: "n" }, spec: secret({ a: 1 }) });
  });

  it("takes Pulumi's markers of unknown values of every type for unknown, also inside secrets and lists", () => {
    const number = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
    const object = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
    const decoded = decode(struct({ a: secret(number), b: [object, "text"], c: UNKNOWN }));
    expect(decoded.value).to.deep.equal({ a: UNKNOWN, b: [UNKNOWN, "text"], c: UNKNOWN });
    expect(decoded.hasUnknown).to.equal(true);
    expect(decode(struct({ a: "known" })).hasUnknown).to.equal(false);
  });

  it("leaves out nulls, which stand for absent values", () => {
    expect(decode(struct({ a: null, b: { c: null } })).value).to.deep.equal({ b: {} });
    expect(decode(struct({ a: [null, 1] })).value, "elements keep their places").to.deep.equal({ a: [null, 1] });
    expect(decode(undefined)).to.deep.include({ value: {}, hasUnknown: false });
  });
});
