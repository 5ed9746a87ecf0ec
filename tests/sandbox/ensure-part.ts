import { messageOf } from "../../sandbox/plain-error";
import { ensurePart, type ToolPart } from "../../sandbox/toolchain";

// A program for the tests of the toolchain: makes sure of the part in FAKE_PART and prints its folder.
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort(new Error("stopped")));
ensurePart(JSON.parse(process.env.FAKE_PART ?? "") as ToolPart, { progress: console.log, signal: stop.signal }).then(
  (built) => console.log(`folder ${built.dir}`),
  (error) => {
    console.log(messageOf(error));
    process.exitCode = 1;
  },
);
