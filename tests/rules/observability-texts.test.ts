import { expect } from "chai";
import { milliseconds } from "../../rules/observability/durations";
import { queryProblem, templateProblem } from "../../rules/observability/expressions";

describe("texts of Prometheus", () => {
  it("reads durations as Prometheus does", () => {
    const cases: [string, number | undefined][] = [
      ["0", 0],
      ["1h30m", 5_400_000],
      ["500ms", 500],
      ["1y2w", 32_745_600_000],
      ["30", undefined],
      ["", undefined],
      ["1s1s", undefined],
      ["1ms1s", undefined],
      ["-1s", undefined],
      ["1m5ms", 60_005],
      ["1d2h3m4s5ms", 93_784_005],
      ["1m1h", undefined],
      ["1.5h", undefined],
      ["292y", 9_208_512_000_000],
      ["293y", undefined],
    ];
    for (const [text, expected] of cases) expect(milliseconds(text), text).to.equal(expected);
  });

  it("says what is open in an expression or a template", () => {
    expect(queryProblem("sum(rate(up[5m])")).to.equal("lacks a )");
    expect(queryProblem('up{a="x\ny"}')).to.equal("has a text without an end");
    expect(queryProblem("up # (")).to.equal(undefined);
    expect(queryProblem("up)")).to.equal("has a ) that closes nothing");
    expect(queryProblem("rate(up[5m)]")).to.equal("has a ) that closes nothing");
    expect(queryProblem('up{a="\\"}"}')).to.equal(undefined);
    expect(queryProblem("up{a=`\\`}")).to.equal(undefined);
    expect(queryProblem("up{a=`x")).to.equal("has a text without an end");
    expect(queryProblem("up{a=`x\ny`}")).to.equal(undefined);
    expect(queryProblem("# (\nup")).to.equal(undefined);
    expect(templateProblem("a {{- b -}} c")).to.equal(undefined);
    expect(templateProblem("a {{-  -}}")).to.equal("has an empty {{ }}");
    expect(templateProblem("a {{ b }} c {{")).to.equal("has a {{ without its }}");
  });
});
