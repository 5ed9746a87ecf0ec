import { expect } from "chai";
import * as fc from "fast-check";
import type { JsonObject, KubernetesObject } from "../../model";
import { NodePoolArgs } from "../../model/arguments";
import { planNodePool } from "../../planning";
import { ignitionConfig } from "../../planning/ignition";
import { evaluate, machineConfigRules } from "../../rules";

interface EncodedFile {
  path: string;
  mode: number;
  overwrite: boolean;
  contents: { source: string };
}

const pool = (more: object): NodePoolArgs => NodePoolArgs.parse({ name: "worker", machineCount: 1, ...more });

/** The MachineConfigs of a pool as they are written. */
const configs = (args: NodePoolArgs): KubernetesObject[] =>
  planNodePool(args)
    .objects.filter((object) => object.token === "ove:nodes:MachineConfig")
    .map(({ properties }) => properties as unknown as KubernetesObject);

const filesOf = (args: NodePoolArgs): EncodedFile[] => {
  const config = ignitionConfig(args) as { storage?: { files: EncodedFile[] } };
  return config.storage?.files ?? [];
};

/** Node's own reading of data URLs is a second one, made by others. */
const decoded = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());

const segment = fc.stringMatching(/^[^/\0]{1,12}$/).filter((name) => name !== "." && name !== "..");
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
const mode = fc.integer({ min: 0, max: 0o777 }).map((bits) => `0${bits.toString(8).padStart(3, "0")}`);
const text = fc.string({ unit: "binary", maxLength: 200 });
const content = fc.oneof(
  text.map((written) => ({ content: written })),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ base64: Buffer.from(bytes).toString("base64") })),
);
const file = fc.tuple(path, mode, content, fc.boolean()).map(([at, bits, what, overwrite]) => ({
  path: at,
  mode: bits,
  overwrite,
  ...what,
}));
const apart = (files: { path: string }[]): boolean =>
  files.every((each) => !files.some((other) => other.path.startsWith(`${each.path}/`)));
const files = fc.uniqueArray(file, { selector: (each) => each.path, maxLength: 6 }).filter(apart);

const name = (ending: string) => fc.stringMatching(/^[a-z0-9@._-]{1,12}$/).map((stem) => `${stem}${ending}`);
const unitText = fc.constantFrom("", "[Service]\nExecStart=/bin/true\n", "# only a comment\n", "[Unit]\nA=b \\\n c\n");
const unit = fc.record(
  {
    name: name(".service"),
    enabled: fc.boolean(),
    mask: fc.boolean(),
    content: unitText,
    dropins: fc.uniqueArray(fc.record({ name: name(".conf"), content: unitText }), {
      selector: (each) => each.name,
      maxLength: 3,
    }),
  },
  { requiredKeys: ["name"] },
);
const units = fc.uniqueArray(unit, { selector: (each) => each.name, maxLength: 4 });
const key = fc
  .uint8Array({ minLength: 24, maxLength: 48 })
  .map((bytes) => `ssh-ed25519 AAAA${Buffer.from(bytes).toString("base64")} somebody`);
const keys = fc.uniqueArray(key, { maxLength: 3 });
const hash = fc.stringMatching(/^[a-zA-Z0-9./]{8,20}$/).map((salt) => `$6$${salt}`);
const argument = fc.stringMatching(/^[a-z_.]{1,10}(=[^\s"]{1,8})?$/);

describe("Ignition configurations", () => {
  it("give back the content and mode of every file, any text and any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (wanted) => {
        const encoded = filesOf(pool({ files: wanted }));
        expect(encoded.map((each) => each.path)).to.deep.equal(wanted.map((each) => each.path).sort());
        for (const each of wanted) {
          const found = encoded.find((other) => other.path === each.path);
          const bytes = "content" in each ? Buffer.from(each.content, "utf8") : Buffer.from(each.base64, "base64");
          expect((await decoded(found?.contents.source ?? "")).equals(bytes)).to.equal(true);
          expect([`0${found?.mode.toString(8).padStart(3, "0")}`, found?.overwrite]).to.deep.equal([
            each.mode,
            each.overwrite,
          ]);
        }
      }),
    );
  });

  it("have units and drop-ins as they were given, ordered by name, whatever their order was", () => {
    fc.assert(
      fc.property(units, (wanted) => {
        const { systemd } = ignitionConfig(pool({ units: wanted })) as { systemd?: { units: JsonObject[] } };
        const back = (systemd?.units ?? []).map(({ contents, dropins, ...rest }) => ({
          ...rest,
          content: contents,
          dropins: (dropins as JsonObject[] | undefined)?.map((each) => ({ name: each.name, content: each.contents })),
        }));
        const plain = (list: unknown): unknown => JSON.parse(JSON.stringify(list));
        const byName = <T extends { name: string }>(list: T[]): T[] =>
          [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
        const sorted = byName(wanted).map((each) => ({ ...each, dropins: each.dropins && byName(each.dropins) }));
        expect(plain(back)).to.deep.equal(plain(sorted));
        expect(ignitionConfig(pool({ units: [...wanted].reverse() }))).to.deep.equal(
          ignitionConfig(pool({ units: wanted })),
        );
      }),
    );
  });

  it("pass the rules of a MachineConfig, whatever a pool declares", () => {
    const version = fc.constantFrom("3.2.0", "3.3.0", "3.4.0", "3.5.0");
    const args = fc.record({
      files,
      units,
      sshKeys: keys,
      passwordHash: fc.option(hash, { nil: undefined }),
      kernelArguments: fc.uniqueArray(argument, { maxLength: 4 }),
      ignition: version,
    });
    fc.assert(
      fc.property(args, (given) => {
        const found = configs(pool(given)).flatMap((config) => evaluate(machineConfigRules, config));
        // Nodes do take a mode such as 0620, which 400 looks like when it is read as octal digits.
        expect(found.filter(({ rule }) => rule !== "nodes/file-mode-decimal")).to.deep.equal([]);
      }),
    );
  });

  it("have the oldest version unless another is given", () => {
    expect(ignitionConfig({})).to.deep.equal({ ignition: { version: "3.2.0" } });
    expect(ignitionConfig({ version: "3.4.0" })).to.deep.equal({ ignition: { version: "3.4.0" } });
  });

  it("keep keys and password of the user core apart from what reboots nodes", () => {
    const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO somebody"];
    const [files_, user] = configs(
      pool({ files: [{ path: "/etc/a", content: "a" }], sshKeys, passwordHash: "$6$salt$hash", ignition: "3.4.0" }),
    ).sort((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1));
    expect(files_?.metadata.name).to.equal("60-worker-files");
    expect(user).to.deep.equal({
      metadata: {
        name: "60-worker-core-user",
        labels: { "machineconfiguration.openshift.io/role": "worker" },
      },
      spec: {
        config: {
          ignition: { version: "3.4.0" },
          passwd: { users: [{ name: "core", sshAuthorizedKeys: sshKeys, passwordHash: "$6$salt$hash" }] },
        },
      },
    });
    expect(configs(pool({ passwordHashFrom: "corePassword" }))[0]?.spec?.config).to.deep.equal({
      ignition: { version: "3.2.0" },
      passwd: { users: [{ name: "core", passwordHash: "*" }] },
    });
  });
});

describe("what a pool declares of its nodes", () => {
  const wrong = (more: object): string[] =>
    (NodePoolArgs.safeParse({ name: "worker", machineCount: 1, ...more }).error?.issues ?? []).map(
      ({ path: at, message }) => `${at.join(".")}: ${message}`,
    );
  const one = (more: object): string[] => wrong({ files: [{ path: "/etc/a", content: "", ...more }] });

  it("has no number for a mode, since nobody knows whether it is octal", () => {
    for (const bits of [644, 0o644, "644", "0o644", "01755", "0648"]) {
      expect(one({ mode: bits }), String(bits))
        .to.match(/^files.0.mode: Must be four octal digits/)
        .and.have.length(1);
    }
  });

  it("has files by clean paths, each once, with one content", () => {
    for (const at of [
      "etc/a",
      "/",
      "/etc/",
      "/etc//a",
      "/etc/./a",
      "/../a",
      "/a\0",
      "/run/machine-config-daemon-force",
    ]) {
      expect(one({ path: at }), at).to.have.length(1);
    }
    for (const at of ["/etc/a", "/etc/..a/...", "/ü b"]) expect(one({ path: at }), at).to.deep.equal([]);
    expect(one({ base64: "" })).to.deep.equal(["files.0.content: Give either `content` or `base64`."]);
    expect(wrong({ files: [{ path: "/etc/a" }] })).to.have.length(1);
    for (const base64 of ["a", "YQ=", "YQ\n==", "YQ=="]) {
      expect(wrong({ files: [{ path: "/a", base64 }] }), base64).to.have.length(base64 === "YQ==" ? 0 : 1);
    }
    expect(one({ content: "half of a pair: \ud83d" })).to.deep.equal(["files.0.content: Must be well-formed Unicode."]);
    const two = (a: string, b: string): string[] =>
      wrong({
        files: [
          { path: a, content: "" },
          { path: b, content: "" },
        ],
      });
    expect(two("/a", "/a")).to.deep.equal(['files.1.path: "/a" occurs twice.']);
    expect(two("/a/b", "/a")).to.deep.equal(['files.1.path: "/a" cannot be a file, since "/a/b" is in it.']);
  });

  it("has units that systemd can read, and drop-ins, each once", () => {
    const units_ = (more: object): string[] => wrong({ units: [{ name: "a.service", ...more }] });
    expect(units_({ content: "[Service]\nExecStart\n" })).to.have.length(1);
    expect(units_({ dropins: [{ name: "a/b.conf", content: "" }] })).to.have.length(1);
    const dropin = { name: "a.conf", content: "" };
    expect(units_({ dropins: [dropin, dropin] })).to.deep.equal(['units.0.dropins.1.name: "a.conf" occurs twice.']);
    expect(wrong({ units: [{ name: "a.snapshot" }] })).to.have.length(1);
  });

  it("has public keys and hashes, neither private keys nor passwords", () => {
    const rsa = `ssh-rsa AAAA${"B".repeat(40)}== me@example`;
    expect(wrong({ sshKeys: [rsa, `from="10.0.0.0/8" ${rsa}`], passwordHash: "$y$j9T$salt$hash" })).to.deep.equal([]);
    expect(wrong({ sshKeys: [rsa, rsa] })).to.deep.equal(["sshKeys.1: Occurs twice."]);
    expect(wrong({ sshKeys: ["-----BEGIN OPENSSH PRIVATE KEY-----", `${rsa}\n${rsa}`, ""] })).to.have.length(3);
    expect(wrong({ passwordHash: "secret" })).to.have.length(1);
    expect(wrong({ passwordHash: "$6$a$b", passwordHashFrom: "corePassword" })).to.deep.equal([
      "passwordHashFrom: Give either `passwordHash` or `passwordHashFrom`.",
    ]);
  });
});
