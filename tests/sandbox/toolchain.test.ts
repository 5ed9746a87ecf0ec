import { expect } from "chai";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTime, until } from "../../sandbox/process-table";
import { toolParts } from "../../sandbox/toolchain";
import { folderName, inputsHash } from "../../sandbox/toolchain/cache";
import { Workshop } from "./fake-go";

async function reached(condition: () => boolean): Promise<void> {
  expect(await until(condition, 20), String(condition)).to.equal(true);
}

describe("toolchain", () => {
  let workshop: Workshop;
  beforeEach(() => (workshop = new Workshop()));
  afterEach(() => workshop.close());

  describe("names of cache folders", () => {
    it("stay the same while nothing changes", () => {
      expect(inputsHash(workshop.part)).to.equal(inputsHash({ ...workshop.part }));
    });

    it("do not depend on how long a build is expected to take", () => {
      expect(inputsHash({ ...workshop.part, minutes: 9 })).to.equal(inputsHash(workshop.part));
    });

    for (const file of ["go.mod", "go.sum", "main.go"]) {
      it(`change with ${file}`, () => {
        const before = inputsHash(workshop.part);
        writeFileSync(join(workshop.module, file), "// something else\n");
        expect(inputsHash(workshop.part)).to.not.equal(before);
      });
    }

    it("change with the tags, the linker flags and the Go version", () => {
      const [tool] = workshop.part.programs;
      if (!tool) throw new Error("the part has no program");
      const inputs = [
        inputsHash(workshop.part),
        inputsHash({ ...workshop.part, tags: "other" }),
        inputsHash({ ...workshop.part, programs: [{ ...tool, ldflags: "-X a=b" }] }),
      ];
      expect(new Set(inputs).size).to.equal(3);
      expect(folderName("fake", "inputs", "go1.26.0")).to.not.equal(folderName("fake", "inputs", "go1.26.1"));
    });

    it("differ for all parts of the sandbox", () => {
      expect(new Set(toolParts.map(inputsHash)).size).to.equal(toolParts.length);
    });
  });

  it("is built once when two processes ask at the same time", async () => {
    const first = workshop.ensure();
    await reached(() => workshop.builds().length === 1);
    const second = workshop.ensure();
    await reached(() => second.output.includes(`fake: waiting for process ${first.child.pid}`));
    workshop.letBuildsFinish();
    expect([await first.exit(), await second.exit()], first.output + second.output).to.deep.equal([0, 0]);
    expect(workshop.builds()).to.have.length(1);
    expect(second.output).to.include(first.output.match(/folder .*/)?.[0]);
    expect(readdirSync(workshop.cache)).to.have.length(1); // no lock, no draft is left
  });

  it("is built anew after a process was killed in the middle", async () => {
    const killed = workshop.ensure();
    await reached(() => workshop.builds().length === 1);
    killed.child.kill("SIGKILL");
    await killed.exit();
    expect(
      readdirSync(workshop.cache).filter((entry) => entry.startsWith("fake-") && !entry.endsWith(".lock")),
    ).to.deep.equal([]);
    workshop.letBuildsFinish();
    const next = workshop.ensure();
    expect(await next.exit(), next.output).to.equal(0);
    expect(workshop.builds()).to.have.length(2);
    expect(readdirSync(workshop.cache)).to.have.length(1);
  });

  it("takes its compiler along when it is stopped", async () => {
    const stopped = workshop.ensure();
    await reached(() => workshop.builds().length === 1);
    stopped.child.kill("SIGTERM");
    expect(await stopped.exit()).to.equal(1);
    await reached(() => workshop.builds().every((pid) => startTime(pid) === undefined));
    expect(readdirSync(workshop.cache)).to.deep.equal([]);
  });

  it("builds again when a program of a finished part is gone", async () => {
    workshop.letBuildsFinish();
    const first = workshop.ensure();
    await first.exit();
    const folder = first.output.match(/folder (.*)/)?.[1] ?? "";
    rmSync(join(folder, "tool"));
    const second = workshop.ensure();
    expect(await second.exit(), second.output).to.equal(0);
    expect(workshop.builds()).to.have.length(2);
    expect(readdirSync(folder)).to.include("tool");
  });

  it("says in one message what is missing when there is no Go", async () => {
    const ensurer = workshop.ensure({ withGo: false });
    expect(await ensurer.exit()).to.equal(1);
    expect(ensurer.output).to.match(
      /^The sandbox's tool "fake" has to be built, which needs Go 1\.26 or newer, but there is no `go` on PATH\..*\n$/,
    );
  });

  it("needs no Go once it is built", async () => {
    workshop.letBuildsFinish();
    await workshop.ensure().exit();
    const ensurer = workshop.ensure({ withGo: false });
    expect(await ensurer.exit(), ensurer.output).to.equal(0);
    expect(workshop.builds()).to.have.length(1);
  });

  it("does not take what was built from other sources when there is no Go", async () => {
    workshop.letBuildsFinish();
    await workshop.ensure().exit();
    writeFileSync(join(workshop.module, "main.go"), "package main // changed\n");
    expect(await workshop.ensure({ withGo: false }).exit()).to.equal(1);
  });

  it("passes on why an old Go will not do", async () => {
    writeFileSync(
      join(workshop.dir, "bin", "go"),
      "#!/bin/sh\necho 'go: go.mod requires go >= 1.26.0 (running go 1.22.2; GOTOOLCHAIN=local)' >&2\nexit 1\n",
    );
    const ensurer = workshop.ensure();
    expect(await ensurer.exit()).to.equal(1);
    expect(ensurer.output).to.include("needs Go 1.26 or newer, but go.mod requires go >= 1.26.0 (running go 1.22.2");
  });
});
