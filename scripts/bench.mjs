// Speed as ratios measured in one run, on a control plane without operators. Prints a table, asserts nothing.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, root, setup } from "./setup.mjs";

const ATTACHMENTS = 300;
const RESOURCES = 1000;
const STARTS = 5;

await setup();
const require = createRequire(import.meta.url);
const { up, down } = require("../dist/sandbox/sandbox.js");
const { attachment } = require("../dist/scripts/bench/attachments.js");
const { measurePlanning } = require("../dist/scripts/bench/planning.js");
const Table = require("cli-table3");

/** Runs a program to its end and gives the seconds it took and what it printed. */
function run(program, args, options = {}) {
  const start = process.hrtime.bigint();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once("error", (error) => fail(`${program}: ${error.message}`));
    child.once("close", (code) => {
      if (code !== 0) fail(`${program} ${args.join(" ")} ended with exit code ${code}:\n${output}`);
      resolve({ seconds: Number(process.hrtime.bigint() - start) / 1e9, output });
    });
  });
}

/** Runs a program to its end and gives the seconds it took. */
async function timed(program, args, options) {
  return (await run(program, args, options)).seconds;
}

/** Starts the plugin; resolves when it has printed its port. */
function startProvider(env) {
  const start = process.hrtime.bigint();
  const child = spawn(join(root, "bin", "pulumi-resource-ove"), [], { stdio: ["ignore", "pipe", "inherit"], env });
  return new Promise((resolve) => {
    child.stdout.once("data", (chunk) => {
      resolve({ child, port: Number(String(chunk).trim()), seconds: Number(process.hrtime.bigint() - start) / 1e9 });
    });
  });
}

/** Rows on planning alone, of environments that double in size twice. */
function planningRows() {
  const sizes = measurePlanning();
  return sizes.map(({ nodes, machines, objects, edgesPerObject, seconds }, index) => [
    `planning ${nodes} nodes and ${machines} machines: ${objects} objects, ${edgesPerObject.toFixed(2)} edges each`,
    `${seconds.toFixed(2)} s`,
    index === 0 ? "1" : `${(seconds / sizes[0].seconds).toFixed(1)} x for ${2 ** index} times the size`,
  ]);
}

/** Creates and reads resources through one plugin process; gives its peak memory in MiB. */
async function providerMemory(env, count) {
  const { child, port } = await startProvider(env);
  const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
  const proto = require("@pulumi/pulumi/proto/provider_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const grpc = require("@grpc/grpc-js");
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const ask = (method, request) =>
    new Promise((resolve, reject) =>
      client[method](request, (error, value) => (error ? reject(error) : resolve(value))),
    );
  const configure = new proto.ConfigureRequest();
  configure.setArgs(Struct.fromJavaScript({ kubeconfig: env.KUBECONFIG }));
  await ask("configure", configure);
  const create = async (index) => {
    const request = new proto.CreateRequest();
    request.setUrn(`urn:pulumi:bench::bench::ove:networks:NetworkAttachmentDefinition::m${index}`);
    request.setProperties(Struct.fromJavaScript(attachment("bench-memory", index)));
    await ask("create", request);
  };
  for (let index = 0; index < count; index += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, offset) => create(index + offset)));
  }
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  child.kill();
  client.close();
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

// Before the sandbox starts, which would take processors away.
const planning = planningRows();
const name = `bench-${process.pid}`;
const dir = mkdtempSync(join(tmpdir(), "pulumi-ove-bench-"));
const sandbox = await up({ name, progress: (line) => process.stderr.write(`${line}\n`) });
try {
  const env = {
    ...process.env,
    ...sandbox.env(),
    PULUMI_BACKEND_URL: `file://${dir}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    BENCH_ATTACHMENTS: String(ATTACHMENTS),
  };
  const inBench = { cwd: join(root, "scripts", "bench"), env };
  const pulumi = (...args) => timed("pulumi", [...args, "--stack", "bench", "--non-interactive"], inBench);
  for (const namespace of ["bench-ove", "bench-kubectl", "bench-memory"]) {
    await timed("kubectl", ["create", "namespace", namespace], { env });
  }
  const manifests = Array.from({ length: ATTACHMENTS }, (_, index) => ({
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    ...attachment("bench-kubectl", index),
  }));
  const file = join(dir, "attachments.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests }));

  const kubectl = await timed("kubectl", ["apply", "--server-side", "-f", file], { env });
  const kubectlAgain = await timed("kubectl", ["apply", "--server-side", "-f", file], { env });
  await timed("pulumi", ["stack", "init", "bench", "--non-interactive"], inBench);
  const empty = await timed("pulumi", ["preview", "--stack", "bench", "--non-interactive"], {
    ...inBench,
    env: { ...env, BENCH_ATTACHMENTS: "0" },
  });
  const upSeconds = await pulumi("up", "--yes", "--skip-preview");
  const made = await run("kubectl", ["get", "network-attachment-definitions", "-n", "bench-ove", "-o", "name"], {
    env,
  });
  const count = made.output.trim().split("\n").length;
  if (count !== ATTACHMENTS) fail(`pulumi up made ${count} attachments instead of ${ATTACHMENTS}.`);
  const preview = await pulumi("preview", "--expect-no-changes");
  const refresh = await pulumi("refresh", "--preview-only", "--expect-no-changes");
  const starts = [];
  for (let index = 0; index < STARTS; index += 1) {
    const { child, seconds } = await startProvider(env);
    child.kill();
    starts.push(seconds);
  }
  const memory = await providerMemory(env, RESOURCES);
  await pulumi("destroy", "--yes", "--skip-preview");

  const table = new Table({ head: ["measured", "value", "ratio"], style: { head: [], border: [] } });
  const s = (seconds) => `${seconds.toFixed(1)} s`;
  const x = (ratio, of) => `${ratio.toFixed(1)} x ${of}`;
  table.push(
    ...planning,
    [`kubectl apply --server-side, ${ATTACHMENTS} attachments`, s(kubectl), "1"],
    ["the same again, nothing to change", s(kubectlAgain), x(kubectlAgain / kubectl, "the first apply")],
    ["pulumi preview of an empty program", s(empty), x(empty / kubectl, "kubectl")],
    [`pulumi up through ove, ${ATTACHMENTS} attachments`, s(upSeconds), x(upSeconds / kubectl, "kubectl")],
    ["pulumi preview, nothing to change", s(preview), x(preview / kubectlAgain, "kubectl again")],
    ["pulumi refresh, nothing to change", s(refresh), x(refresh / kubectlAgain, "kubectl again")],
    ["provider start, median", s(starts.sort()[Math.floor(STARTS / 2)]), ""],
    [`provider memory after ${RESOURCES} resources`, `${memory.toFixed(0)} MiB`, ""],
  );
  process.stdout.write(`${table.toString()}\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
  await down(name);
}
