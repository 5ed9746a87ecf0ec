import type { Suite } from "mocha";

/**
 * Makes the tests of a suite, and of those inside it, one story: after one that fails the rest is skipped, since each
 * begins where the one before it ended. Mocha's `bail` would skip it for a failure in any other file, too.
 *
 * @param independent titles of suites inside whose failures say nothing of what comes after them
 */
export function oneStory(suite: Suite, independent: readonly string[] = []): void {
  let broken: string | undefined;
  const isIndependent = (inner: Suite | undefined): boolean =>
    inner !== undefined && inner !== suite && (independent.includes(inner.title) || isIndependent(inner.parent));
  suite.beforeEach(function () {
    if (broken === undefined || !this.currentTest) return;
    this.currentTest.title += ` (not begun, since this failed: ${broken})`;
    this.skip();
  });
  suite.afterEach(function () {
    const test = this.currentTest;
    if (test?.state === "failed" && !isIndependent(test.parent)) broken ??= test.title;
  });
}
