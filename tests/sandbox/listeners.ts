import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { processesWith } from "../../sandbox/process-table";

/** Numbers of the live processes of the sandbox in that folder. */
export function processNumbers(dir: string): number[] {
  return processesWith("PULUMI_OVE_SANDBOX_PROCESS")
    .filter(({ value }) => value.startsWith(`${dir}#`))
    .map(({ pid }) => pid);
}

/** The local addresses on which processes listen for TCP, as the kernel writes them: hexadecimal address and port. */
export function listeners(pids: number[]): string[] {
  const sockets = new Set(pids.flatMap(socketsOf));
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && sockets.has(`socket:[${fields[9]}]`)) // 0A: LISTEN
      .map((fields) => fields[1] ?? ""),
  );
}

function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed in the meantime
    }
  });
}
