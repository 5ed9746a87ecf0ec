import { expect } from "chai";
import { unitFileProblem } from "../../model/unit-file";

describe("texts of systemd units", () => {
  // Each was read by Ignition's own parser, coreos/go-systemd unit.Deserialize.
  const fine = [
    "",
    "[Unit]",
    "text before the first section is passed over\n[Unit]\nA=b\n",
    "# a [comment] \\\n that goes on ]\n[Unit]\n; another\nA=b",
    "[Service]\nEnvironment=A=b\nExecStart=/bin/sh -c \\\n  'true' \\\n\n[Install]\nWantedBy=multi-user.target\n",
    "[Unit]  \r\nA=b\r\n",
    "[Unit]\nA=b \\",
  ];
  for (const text of fine) {
    it(`read ${JSON.stringify(text)}`, () => expect(unitFileProblem(text)).to.equal(undefined));
  }

  const broken: [string, RegExp][] = [
    ["[Unit\nA=b\n", /no closing bracket/],
    ["[Unit] A=b\n", /"A=b" stands behind/],
    ["[Unit]\nA\n", /the line "A" has no "="/],
    ["[Unit]\nA=b\nC", /the line "C" has no "="/],
  ];
  for (const [text, problem] of broken) {
    it(`refuse ${JSON.stringify(text)}`, () => expect(unitFileProblem(text)).to.match(problem));
  }
});
