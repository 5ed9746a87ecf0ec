// Mocha's own report, and one plain closing line that counts what ran.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

// Coverage is that of this process: programs that the tests start shall run as they always do.
delete process.env.NODE_V8_COVERAGE;

// Where the closing line goes when something else is told before it.
const closing = process.env.OVE_TEST_CLOSING_LINE;
delete process.env.OVE_TEST_CLOSING_LINE;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const line = `${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}\n`;
      if (closing) writeFileSync(closing, line);
      else process.stdout.write(line);
    });
  }
};
