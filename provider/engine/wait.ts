import type { KubernetesObject } from "../../model";
import type { Apply, Related, Verdict, Watch } from "../kind";
import type { Cluster } from "./cluster";
import { ApiError, NotReady, Unreachable, UserError, messageOf } from "./errors";

/** How long to pause before a watch that cannot be had is tried again. */
const RETRY_MS = 500;

export interface WaitOptions {
  watches: Watch[];
  verdict(related: Related): Verdict;
  /** Does what an `acting` verdict asks for. */
  act?(step: Apply): Promise<void>;
  /** Milliseconds since 1970. */
  deadline: number;
  signal: AbortSignal;
  /** Told what is missing whenever that changes. */
  progress(text: string): void;
}

/** The objects of all watches at one moment. A kind that is not served has none, nor have details that cannot be had. */
export async function snapshot(cluster: Cluster, watches: readonly Watch[]): Promise<Related> {
  const lists = await Promise.all(
    watches.map(async (watch): Promise<[string, KubernetesObject[]]> => {
      try {
        return [watch.id, (await cluster.list(watch)).objects];
      } catch (error) {
        if (watch.details || (error instanceof ApiError && error.notServed)) return [watch.id, []];
        throw error;
      }
    }),
  );
  return Object.fromEntries(lists);
}

/**
 * Watches until the verdict is ready.
 * @throws NotReady when the verdict is `failed` or the deadline passes (naming the condition and the value last seen).
 */
export async function waitFor(cluster: Cluster, options: WaitOptions): Promise<Related> {
  const scope = new AbortController();
  const stop = (): void => scope.abort();
  options.signal.addEventListener("abort", stop, { once: true });
  const seen = new Map<string, Map<string, KubernetesObject>>();
  try {
    return await new Promise<Related>((resolve, reject) => {
      let last = "nothing seen yet";
      let trouble = "";
      let acted = "";
      const act = (step: Apply, related: Related): void => {
        const form = JSON.stringify([step.object, versionsOf(related)]);
        if (form === acted || !options.act) return;
        acted = form;
        options.act(step).catch(reject);
      };
      const judge = (): void => {
        if (seen.size < options.watches.length) return;
        const related = Object.fromEntries([...seen].map(([id, objects]) => [id, [...objects.values()]]));
        try {
          const verdict = options.verdict(related);
          if (verdict.state === "ready") return resolve(related);
          if (verdict.state === "failed") return reject(new NotReady(verdict.reason));
          const text = `${verdict.condition} (now: ${verdict.seen})`;
          if (text !== last) options.progress(`waiting: ${text}`);
          last = text;
          if (verdict.state === "acting") act(verdict.does, related);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const timer = setTimeout(
        () => reject(new NotReady(`timed out waiting: ${last}${trouble ? `; ${trouble}` : ""}`)),
        Math.max(0, options.deadline - Date.now()),
      );
      scope.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(new UserError("the wait was cancelled"));
      });
      const report = (text: string): void => {
        if (text && text !== trouble) options.progress(text);
        trouble = text;
      };
      for (const watch of options.watches) {
        keepWatching(cluster, watch, scope.signal, seen, judge, report).catch(reject);
      }
      if (options.watches.length === 0) judge();
    });
  } finally {
    options.signal.removeEventListener("abort", stop);
    stop();
  }
}

async function keepWatching(
  cluster: Cluster,
  watch: Watch,
  signal: AbortSignal,
  seen: Map<string, Map<string, KubernetesObject>>,
  judge: () => void,
  report: (text: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { objects, version } = await cluster.list(watch);
      if (signal.aborted) return;
      report("");
      const current = new Map(objects.map((object) => [keyOf(object), object]));
      seen.set(watch.id, current);
      judge();
      const onChange = (type: string, object: KubernetesObject): void => {
        if (type === "DELETED") current.delete(keyOf(object));
        else if (type !== "BOOKMARK") current.set(keyOf(object), object);
        judge();
      };
      await cluster.follow(watch, version, onChange, signal);
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof ApiError ? error.code : 0;
      if ((watch.details && code !== 410) || (error instanceof ApiError && error.notServed)) {
        seen.set(watch.id, new Map());
        judge();
        if (code === 403) return;
      } else if (error instanceof ApiError && code === 403) {
        throw new NotReady(`cannot watch ${watch.plural}: ${error.message}`);
      } else if (code !== 410) {
        report(error instanceof Unreachable ? error.message : `cannot watch ${watch.plural}: ${messageOf(error)}`);
      }
      await pause(RETRY_MS, signal);
    }
  }
}

function versionsOf(related: Related): (string | undefined)[] {
  return Object.values(related).flatMap((objects) => objects.map((object) => object.metadata.resourceVersion));
}

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

/** Lets some time pass, less when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
