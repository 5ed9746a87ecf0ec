import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Serving, serve } from "../../sandbox/language-host/server";

/** Stands in for the SDK's entry point: writes down how it was started and ends as the program's name says. */
const SDK = `
const { writeFileSync } = require("node:fs");
const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT, PULUMI_NODEJS_TRANSPILE_ONLY } = process.env;
const args = process.argv.slice(2);
writeFileSync("started.json", JSON.stringify({
  args, cwd: process.cwd(),
  env: { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT, PULUMI_NODEJS_TRANSPILE_ONLY },
}));
const program = args[args.length - 1];
if (program === "waits.ts") setInterval(() => {}, 1000);
else process.exit(Number(program.split(".")[0]));
`;

function request(folder: string, program: string): messages.RunRequest {
  const info = new messages.ProgramInfo();
  info.setRootDirectory("/projects/demo");
  info.setEntryPoint(program);
  const run = new messages.RunRequest();
  run.setInfo(info);
  run.setProject("project");
  run.setStack("stack");
  run.setOrganization("organization");
  run.setPwd(folder);
  run.setParallel(4);
  run.setMonitorAddress("127.0.0.1:2");
  run.getConfigMap().set("ove:a", "b");
  run.setConfigsecretkeysList(["ove:a"]);
  return run;
}

describe("the sandbox's language host", () => {
  let folder: string;
  let host: Serving;
  let client: LanguageRuntimeClient;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "language-host-"));
    const sdk = join(folder, "node_modules", "@pulumi", "pulumi");
    mkdirSync(join(sdk, "cmd", "run"), { recursive: true });
    writeFileSync(join(sdk, "package.json"), JSON.stringify({ name: "@pulumi/pulumi", version: "3.0.1" }));
    writeFileSync(join(sdk, "cmd", "run", "index.js"), SDK);
    const dependencies = { "@pulumi/pulumi": "^3.0.0", absent: "^1.0.0" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
    host = await serve("127.0.0.1:1", "1.2.3");
    client = new LanguageRuntimeClient(`127.0.0.1:${host.port}`, grpc.credentials.createInsecure());
  });

  after(() => {
    client.close();
    host.stop();
    rmSync(folder, { recursive: true });
  });

  function run(program: string, change: (run: messages.RunRequest) => void = () => {}): Promise<messages.RunResponse> {
    const message = request(folder, program);
    change(message);
    return new Promise((resolve, reject) =>
      client.run(message, (error, response) => (error ? reject(error) : resolve(response))),
    );
  }

  const started = () =>
    JSON.parse(readFileSync(join(folder, "started.json"), "utf8")) as {
      args: string[];
      cwd: string;
      env: Record<string, string>;
    };

  it("starts the SDK of the program with everything that it needs", async () => {
    const response = await run("0.ts", (message) => message.setDryrun(true));
    expect(response.toObject()).to.deep.equal({ error: "", bail: false });
    const { args, cwd, env } = started();
    expect(cwd.endsWith(folder)).to.equal(true);
    expect(args).to.deep.equal(
      [
        ["--monitor", "127.0.0.1:2"],
        ["--engine", "127.0.0.1:1"],
        ["--organization", "organization"],
        ["--project", "project"],
        ["--stack", "stack"],
        ["--root-directory", "/projects/demo"],
        ["--pwd", folder],
        ["--parallel", "4"],
        ["--dry-run", "0.ts"],
      ].flat(),
    );
    expect(env).to.deep.equal({
      PULUMI_CONFIG: '{"ove:a":"b"}',
      PULUMI_CONFIG_SECRET_KEYS: '["ove:a"]',
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    });
  });

  it("runs plain JavaScript where the project says so", async () => {
    await run("0.js", (message) => message.getInfo()?.setOptions(Struct.fromJavaScript({ typescript: false })));
    expect(started().env.PULUMI_NODEJS_TYPESCRIPT).to.equal("false");
    expect(started().args).not.to.include("--dry-run");
  });

  it("tells a program that has reported its errors from one that has not", async () => {
    expect((await run("32.ts")).toObject()).to.deep.equal({ error: "", bail: true });
    expect((await run("3.ts")).toObject()).to.deep.equal({ error: "The program ended with exit code 3.", bail: false });
  });

  it("says what to do where the program's packages are not installed", async () => {
    const error = await run("0.ts", (message) => message.setPwd("/")).catch((reason: grpc.ServiceError) => reason);
    expect((error as grpc.ServiceError).details).to.equal(
      "@pulumi/pulumi is not installed for the program in /. Run npm install there.",
    );
  });

  it("ends running programs when the engine cancels", async () => {
    rmSync(join(folder, "started.json"), { force: true });
    const running = run("waits.ts");
    let ended = false;
    void running.finally(() => (ended = true));
    // Cancelling before the program has started would find nothing to end, so it is repeated until it has ended.
    while (!ended) {
      await new Promise<void>((resolve, reject) =>
        client.cancel(new Empty(), (error) => (error ? reject(error) : setImmediate(resolve))),
      );
    }
    expect((await running).getError()).to.equal("The program ended with SIGTERM.");
  });

  it("reports dependencies with the installed version, or the wanted one", async () => {
    const message = new messages.GetProgramDependenciesRequest();
    message.setPwd(folder);
    const response = await new Promise<messages.GetProgramDependenciesResponse>((resolve, reject) =>
      client.getProgramDependencies(message, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    expect(response.toObject().dependenciesList).to.deep.equal([
      { name: "@pulumi/pulumi", version: "3.0.1" },
      { name: "absent", version: "^1.0.0" },
    ]);
  });

  it("asks for no plugins: those of the sandbox are where the engine finds them", async () => {
    const response = await new Promise<messages.GetRequiredPackagesResponse>((resolve, reject) =>
      client.getRequiredPackages(new messages.GetRequiredPackagesRequest(), (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    );
    expect(response.toObject()).to.deep.equal({ packagesList: [], specsList: [] });
  });
});
