/** Ends the program with an exit code, after everything has been said. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit code ${code}`);
  }
}
