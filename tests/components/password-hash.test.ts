import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { NodePool, Platform } from "../../components";
import { full } from "../planning/environments";
import { type Registration, run, valueOf } from "./registrations";

const args = { name: "worker", machineCount: 3 };
const hash = "$6$salt$hash";

interface Spec {
  config: { passwd: { users: object[] } };
}

/** The spec of the MachineConfig of the user `core` as the engine would get it. */
const specOf = (registered: Registration[]): pulumi.Output<Spec> =>
  pulumi.output<Spec>(
    registered.find((resource) => resource.name === "nodes/worker/60-worker-core-user")?.props.spec as Spec,
  );

const users = async (registered: Registration[]): Promise<object[]> => {
  const spec = specOf(registered);
  expect(await pulumi.isSecret(spec)).to.equal(true);
  return (await valueOf(spec)).config.passwd.users;
};

describe("password of the nodes' user core", () => {
  it("is a secret, whether it is given as text or comes from another resource", async () => {
    const sshKeys = [`ssh-ed25519 AAAA${"B".repeat(40)} me`];
    for (const passwordHash of [hash, pulumi.output(hash)]) {
      const { registered } = await run(() => new NodePool("workers", { ...args, sshKeys, passwordHash }));
      expect(await users(registered)).to.deep.equal([{ name: "core", sshAuthorizedKeys: sshKeys, passwordHash: hash }]);
    }
  });

  it("comes from Pulumi's configuration where the environment says so", async () => {
    pulumi.runtime.setAllConfig({ "ove:core": hash }, ["ove:core"]);
    const nodePools = (full.nodePools ?? []).map((pool) => ({ ...pool, passwordHashFrom: "core" }));
    const { registered } = await run(() => new Platform("platform", { ...full, nodePools }));
    expect(await users(registered)).to.deep.equal([{ name: "core", passwordHash: hash }]);
  });
});
