import { status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ApiError, NotReady, Unreachable, UserError, messageOf } from "../../../provider/engine/errors";
import { InitFailed, serviceError, textOf } from "../../../provider/server/failures";

const subject = "Pod shop/web";

describe("what the user reads of a failure", () => {
  const cases: [title: string, error: unknown, text: string][] = [
    [
      "a refusal with the API server's message",
      new ApiError(403, "Forbidden", "pods is forbidden"),
      "Pod shop/web was refused by the API server: pods is forbidden",
    ],
    ["a refusal without a message", new ApiError(500, "", ""), "Pod shop/web was refused by the API server: HTTP 500"],
    [
      "causes that the message does not hold",
      new ApiError(422, "Invalid", "it is invalid: a: wrong", [
        { field: "spec.a", message: "wrong" },
        { field: "spec.b", message: "missing" },
        { message: "without a field" },
      ]),
      "Pod shop/web was refused by the API server: it is invalid: a: wrong\n  spec.b: missing",
    ],
    [
      "no cluster",
      new Unreachable("https://a", "refused"),
      `${subject}: the cluster at https://a does not answer: refused`,
    ],
    ["not ready", new NotReady("no node"), `${subject}: no node`],
    ["a message for the user as it is", new UserError("Set a context."), "Set a context."],
    ["a fault of the provider", new Error("oops"), `${subject}: internal error in the ove provider: oops`],
    ["what is no error", "oops", `${subject}: internal error in the ove provider: oops`],
  ];
  for (const [title, error, text] of cases) {
    it(title, () => {
      expect(textOf(error, subject)).to.equal(text);
      const answer = serviceError(error, subject);
      expect(answer).to.include({ code: status.UNKNOWN, details: text });
      expect(serviceError(answer, "another"), "an answer stays what it is").to.equal(answer);
    });
  }

  it("an object that does not work yet is kept, with its inputs and the reasons", () => {
    const inputs = Struct.fromJavaScript({ a: 1 });
    const answer = serviceError(new InitFailed("shop/web", new Struct(), inputs, ["no node", "no image"]), subject);
    expect(answer.details).to.equal("no node; no image");
    const [details] = answer.metadata.get("grpc-status-details-bin");
    const [any] = Status.deserializeBinary(details as Buffer).getDetailsList();
    expect(any?.getTypeName()).to.equal("pulumirpc.ErrorResourceInitFailed");
    const kept = ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
    expect([kept.getId(), kept.getReasonsList(), kept.getInputs()?.toJavaScript()]).to.deep.equal([
      "shop/web",
      ["no node", "no image"],
      { a: 1 },
    ]);
  });
});

describe("an answer of the API server", () => {
  it("tells an object that is gone from a kind that is not served", () => {
    const gone = new ApiError(404, "NotFound", "pods a not found");
    const unknown = new ApiError(404, "", "404 page not found");
    expect([gone.notFound, gone.notServed, unknown.notFound, unknown.notServed]).to.deep.equal([
      true,
      false,
      false,
      true,
    ]);
  });

  it("tells a refusal of a webhook from one that passes", () => {
    const denied = new ApiError(400, "", 'admission webhook "a.b" denied the request: no');
    const down = new ApiError(500, "InternalError", 'Internal error occurred: failed calling webhook "a.b"');
    expect([denied.denied, denied.passing, down.denied, down.passing]).to.deep.equal([true, false, false, true]);
    const passing = [429, 503, 500].map((code) => new ApiError(code, "", "busy").passing);
    expect(passing).to.deep.equal([true, true, false]);
  });

  it("has a text, as everything that is thrown has", () => {
    expect([messageOf(new Error("a")), messageOf("b")]).to.deep.equal(["a", "b"]);
  });
});
