import { endTestCluster } from "./cluster";

/** Mocha's root hooks: what the tests of one run share is ended after the last of them. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    await endTestCluster();
  },
};
