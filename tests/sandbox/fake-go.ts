import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import type { ToolPart } from "../../sandbox/toolchain";
import { moduleFolder } from "../../sandbox/toolchain/cache";

/** A workshop of its own: a cache, a module folder, and a `go` that only does what the test lets it do. */
export class Workshop {
  readonly dir = mkdtempSync(join(tmpdir(), "ove-toolchain-"));
  readonly cache = join(this.dir, "cache", "pulumi-ove", "toolchain");
  readonly module = join(this.dir, "module");
  readonly part: ToolPart;

  constructor() {
    mkdirSync(this.module);
    mkdirSync(join(this.dir, "bin"));
    writeFileSync(join(this.module, "go.mod"), "module fake\n\ngo 1.26.0\n");
    writeFileSync(join(this.module, "go.sum"), "");
    writeFileSync(join(this.module, "main.go"), "package main\n\nfunc main() {}\n");
    const folder = relative(moduleFolder(""), this.module);
    this.part = {
      name: "fake",
      folders: [folder],
      programs: [{ name: "tool", version: "1", package: "fake" }],
      minutes: 1,
    };
    this.goVersion("go1.26.0");
  }

  /** Sets what `go env GOVERSION` says. A build notes itself and waits until the test lets it finish. */
  goVersion(version: string): void {
    const script = [
      "#!/bin/sh",
      `if [ "$1" = env ]; then echo ${version}; exit; fi`,
      `echo "$$" >>'${this.dir}/builds'`,
      `while [ -e '${this.dir}' ] && [ ! -e '${this.dir}/finish' ]; do sleep 0.05; done`,
      'while [ "$1" != -o ]; do shift; done; echo built >"$2"; chmod +x "$2"',
    ];
    writeFileSync(join(this.dir, "bin", "go"), script.join("\n"));
    chmodSync(join(this.dir, "bin", "go"), 0o755);
  }

  /** Removes everything; builds that still wait end by it. */
  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  letBuildsFinish(): void {
    writeFileSync(join(this.dir, "finish"), "");
  }

  /** Process numbers of the builds that were begun. */
  builds(): number[] {
    const file = join(this.dir, "builds");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
  }

  /** A process that makes sure of the part. `withGo: false` gives it a PATH without any `go`. */
  ensure(options: { withGo: boolean } = { withGo: true }): Ensurer {
    const path = options.withGo ? `${join(this.dir, "bin")}${delimiter}${process.env.PATH}` : join(this.dir, "empty");
    return new Ensurer(this, path);
  }
}

/** A process of its own that asks for the part, and what it said. */
export class Ensurer {
  readonly child: ChildProcess;
  output = "";
  private readonly closed: Promise<number | null>;

  constructor(workshop: Workshop, path: string) {
    const script = join(__dirname, "ensure-part.ts");
    const env = {
      ...process.env,
      PATH: path,
      XDG_CACHE_HOME: join(workshop.dir, "cache"),
      FAKE_PART: JSON.stringify(workshop.part),
    };
    this.child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", script], { env });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    this.closed = new Promise((resolve) => this.child.once("close", resolve));
  }

  exit(): Promise<number | null> {
    return this.closed;
  }
}
