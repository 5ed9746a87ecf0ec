import { type KubeConfig, Watch } from "@kubernetes/client-node";
import { type KubernetesObject, objectName } from "../../model";
import type { Api } from "./api";

/** Milliseconds before a broken watch, or a list of a kind that is not served yet, is tried again. */
const RETRY_MS = 1000;

type Listener = (object: KubernetesObject, gone: boolean) => void;

/** A live copy of all objects under one API path; `namespace/name` (or `name`) is the key. */
export class Store {
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly api: Api,
    private readonly kubeconfig: KubeConfig,
    private readonly path: string,
  ) {
    void this.run();
  }

  get(key: string): KubernetesObject | undefined {
    return this.objects.get(key);
  }

  all(): KubernetesObject[] {
    return [...this.objects.values()];
  }

  /** Calls the listener for every object that is there, and on each change from now on. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
    for (const object of this.objects.values()) listener(object, false);
  }

  private async run(): Promise<void> {
    for (;;) {
      try {
        await this.follow();
      } catch {
        // The kind may be served later (its CRD appears late), or the server restarts: both mean asking again.
        await delay(RETRY_MS);
      }
    }
  }

  private async follow(): Promise<void> {
    const list = await this.api.list(this.path);
    const present = new Map(list.items.map((item) => [objectName(item.metadata), item]));
    for (const [key, object] of this.objects) if (!present.has(key)) this.change(object, true);
    for (const object of present.values()) this.change(object, false);
    await new Promise<void>((resolve, reject) => {
      const watch = new Watch(this.kubeconfig);
      const events = (type: string, object: KubernetesObject): void => {
        if (type === "ADDED" || type === "MODIFIED") this.change(object, false);
        if (type === "DELETED") this.change(object, true);
      };
      const end = (error?: Error | null): void => (error ? reject(error) : resolve());
      watch.watch(this.path, { resourceVersion: list.metadata.resourceVersion }, events, end).catch(reject);
    });
  }

  private change(object: KubernetesObject, gone: boolean): void {
    const key = objectName(object.metadata);
    if (!gone && this.objects.get(key)?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    if (gone) this.objects.delete(key);
    else this.objects.set(key, object);
    for (const listener of this.listeners) listener(object, gone);
  }
}

/** Resolves after that many milliseconds. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Remembers since when a step has been due, so that simulators act late, as the real agents do. */
export class Lateness {
  private readonly due = new Map<string, { step: string; since: number }>();

  /** Milliseconds left until the key's step, which takes that many in all, is done; 0 ends it. */
  left(key: string, step: string, milliseconds: number): number {
    const before = this.due.get(key);
    const now = Date.now();
    const since = before?.step === step ? before.since : now;
    const left = Math.max(0, since + milliseconds - now);
    if (left > 0) this.due.set(key, { step, since });
    else this.due.delete(key);
    return left;
  }
}

/**
 * Runs one function per key: never twice at once for the same key, and once more when the key was asked for while the
 * function ran. A failure is reported and tried again.
 */
export class Worker {
  private readonly running = new Set<string>();
  private readonly again = new Set<string>();
  /** At most one per key: a key that is worked on meanwhile says anew when it wants to be looked at again. */
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** `work` may return a number: milliseconds after which the key is worked on again. */
  constructor(
    private readonly name: string,
    private readonly work: (key: string) => Promise<number | void>,
  ) {}

  wake(key: string): void {
    if (this.running.has(key)) {
      this.again.add(key);
      return;
    }
    clearTimeout(this.timers.get(key));
    this.running.add(key);
    void this.run(key);
  }

  private async run(key: string): Promise<void> {
    let next: number | void = undefined;
    try {
      next = await this.work(key);
    } catch (error) {
      console.error(`${this.name} ${key}: ${error instanceof Error ? error.message : String(error)}`);
      next = RETRY_MS;
    }
    this.running.delete(key);
    if (this.again.delete(key)) this.wake(key);
    else if (next !== undefined)
      this.timers.set(
        key,
        setTimeout(() => this.wake(key), next),
      );
  }
}
