import { KubeConfig, KubernetesObjectApi, Watch } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../model";

/** A kind to keep the history of. */
export interface Followed {
  kind: string;
  apiVersion: string;
  plural: string;
}

interface Entry {
  version: number;
  type: string;
  object: KubernetesObject;
}

/**
 * Every state of some kinds' objects as the API server's watch shows them. Resource versions come from one etcd, so
 * they order events across kinds.
 */
export class History {
  private readonly entries: Entry[] = [];
  private readonly aborts: AbortController[] = [];
  private ended = false;

  private constructor(private readonly config: KubeConfig) {}

  static async follow(config: KubeConfig, kinds: readonly Followed[]): Promise<History> {
    const history = new History(config);
    await Promise.all(kinds.map((kind) => history.followKind(kind)));
    return history;
  }

  /** The resource version at which an object of that kind first looked like this. */
  first(kind: string, name: RegExp, looks: (object: KubernetesObject) => boolean = () => true): number {
    const found = this.entries
      .filter(
        (entry) =>
          entry.type !== "DELETED" &&
          entry.object.kind === kind &&
          name.test(entry.object.metadata.name) &&
          looks(entry.object),
      )
      .sort((a, b) => a.version - b.version)[0];
    if (!found) throw new Error(`no ${kind} ${String(name)} ever looked like this`);
    return found.version;
  }

  /** The highest of the versions at which each named object first looked like this. */
  allOf(kind: string, names: readonly string[], looks: (object: KubernetesObject) => boolean = () => true): number {
    return Math.max(...names.map((name) => this.first(kind, new RegExp(`^${name}$`), looks)));
  }

  /** The resource version at which an object of that kind was removed. */
  gone(kind: string, name: string): number {
    const found = this.entries.find(
      ({ type, object }) => type === "DELETED" && object.kind === kind && object.metadata.name === name,
    );
    if (!found) throw new Error(`${kind} ${name} was never removed`);
    return found.version;
  }

  /** The states of one object in order. */
  of(kind: string, name: string): KubernetesObject[] {
    return this.entries
      .filter((entry) => entry.object.kind === kind && entry.object.metadata.name === name)
      .sort((a, b) => a.version - b.version)
      .map((entry) => entry.object);
  }

  /** Forgets what was, to tell a later part of a test apart. */
  clear(): void {
    this.entries.length = 0;
  }

  stop(): void {
    this.ended = true;
    for (const abort of this.aborts) abort.abort();
  }

  private async followKind(followed: Followed): Promise<void> {
    const watch = new Watch(this.config);
    const path = `${followed.apiVersion.includes("/") ? "/apis" : "/api"}/${followed.apiVersion}/${followed.plural}`;
    const begin = async (version: string): Promise<void> => {
      if (this.ended) return;
      let last = version;
      const abort = await watch.watch(
        path,
        { resourceVersion: version, allowWatchBookmarks: true },
        (type: string, object: KubernetesObject) => {
          last = object.metadata.resourceVersion ?? last;
          if (type !== "BOOKMARK")
            this.entries.push({ version: Number(last), type, object: { ...object, kind: followed.kind } });
        },
        () => void begin(last),
      );
      this.aborts.push(abort);
    };
    const api = KubernetesObjectApi.makeApiClient(this.config);
    const list = await api.list(followed.apiVersion, followed.kind).catch(() => undefined);
    await begin(list?.metadata?.resourceVersion ?? "0");
  }
}
