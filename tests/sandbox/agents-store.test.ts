import { expect } from "chai";
import { Lateness, Worker } from "../../sandbox/agents/store";

/** A promise and the function that resolves it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

describe("a worker", () => {
  it("works on a key once at a time, and once more when it was asked for meanwhile", async () => {
    const [first, second] = [gate(), gate()];
    let [running, most, runs] = [0, 0, 0];
    const worker = new Worker("test", async () => {
      runs++;
      most = Math.max(most, ++running);
      if (runs === 1) await first.passed;
      running--;
      if (runs === 2) second.open();
    });
    for (let index = 0; index < 5; index++) worker.wake("a");
    first.open();
    await second.passed;
    expect([runs, most]).to.deep.equal([2, 1]);
  });

  it("works on different keys side by side", async () => {
    const both = gate();
    const seen = new Set<string>();
    const worker = new Worker("test", async (key) => {
      seen.add(key);
      if (seen.size === 2) both.open();
      await both.passed;
    });
    worker.wake("a");
    worker.wake("b");
    await both.passed;
    expect([...seen]).to.deep.equal(["a", "b"]);
  });

  it("comes back to a key when the work says so", async () => {
    const done = gate();
    let runs = 0;
    const worker = new Worker("test", async () => {
      if (++runs === 3) done.open();
      return Promise.resolve(runs < 3 ? 1 : undefined);
    });
    worker.wake("a");
    await done.passed;
    expect(runs).to.equal(3);
  });
});

describe("lateness", () => {
  it("is over when the step has been due for its whole time", () => {
    const lateness = new Lateness();
    expect(lateness.left("a", "start", 60_000)).to.be.within(1, 60_000);
    expect(lateness.left("a", "start", 0)).to.equal(0);
  });

  it("begins anew for another step, and is kept per key", () => {
    const lateness = new Lateness();
    lateness.left("a", "start", 60_000);
    expect(lateness.left("a", "stop", 60_000)).to.equal(60_000);
    expect(lateness.left("b", "start", 60_000)).to.equal(60_000);
  });
});
