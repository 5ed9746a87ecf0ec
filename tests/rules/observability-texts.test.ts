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
    ];
    for (const [text, expected] of cases) expect(milliseconds(text), text).to.equal(expected);
  });

  it("says what is open in an expression or a template", () => {
    expect(queryProblem("sum(rate(up[5m])")).to.equal("lacks a )");
    expect(queryProblem('up{a="x\ny"}')).to.equal("has a text without an end");
    expect(queryProblem("up # (")).to.equal(undefined);
    expect(queryProblem("# (\nup")).to.equal(undefined);
    expect(templateProblem("a {{ b }} c {{")).to.equal("has a {{ without its }}");
  });
});
