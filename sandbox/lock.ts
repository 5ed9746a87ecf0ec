import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readIfThere } from "./files";
import { startTime } from "./process-table";

interface LockOptions {
  /** Called once when another live process holds the lock. */
  onWait?: (pid: number) => void;
  signal?: AbortSignal;
}

/**
 * Does the work while no other process does work under the same lock file. A lock whose owner is gone is taken over.
 * The file holds the owner's process number and start time, so a number that is used again is not mistaken for it.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${process.pid} ${startTime(process.pid)} ${Math.random()}`;
  let told = false;
  while (!acquire(file, mine)) {
    const owner = readIfThere(file);
    if (owner === undefined) continue;
    if (!alive(owner)) {
      takeAway(file, owner, mine);
      continue;
    }
    if (!told) options.onWait?.(Number(owner.split(" ")[0]));
    told = true;
    await delay(100);
    options.signal?.throwIfAborted();
  }
  try {
    return await work();
  } finally {
    if (readIfThere(file) === mine) rmSync(file, { force: true });
  }
}

/** A hard link appears with its content, unlike a file that is created and then written. */
function acquire(file: string, mine: string): boolean {
  const draft = draftOf(file, mine);
  writeFileSync(draft, mine);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function alive(owner: string): boolean {
  const [pid, started] = owner.split(" ");
  return startTime(Number(pid)) === started;
}

/** Moves a dead owner's lock away. If somebody took it over just before, what was moved is theirs: it goes back. */
function takeAway(file: string, dead: string, mine: string): void {
  const moved = `${draftOf(file, mine)}.stale`;
  try {
    renameSync(file, moved);
    if (readIfThere(moved) !== dead) linkSync(moved, file);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(moved, { force: true });
  }
}

function draftOf(file: string, mine: string): string {
  return `${file}.${mine.replace(/[^\d]+/g, "-")}`;
}
