import { isObject, type Json, type JsonObject, type KubernetesObject } from "../../model";
import { pathOf } from "./api";
import { type AgentContext, annotation } from "./context";
import { objectsOf, textOf } from "./read";
import { Worker } from "./store";

const ADMISSION = "admissionregistration.k8s.io/v1";

/** Annotation in which a configuration keeps how its webhooks are reached when the fault is over, by their names. */
const REACHED = "sandbox.pulumi-ove/reached-at";

/** Nothing listens here. */
const DEAD = "https://127.0.0.1:1";

/** What is to be written into a webhook configuration. */
export interface WebhookPatch {
  annotation: string | null;
  webhooks: JsonObject[];
}

const clientOf = (hook: JsonObject): JsonObject => (isObject(hook.clientConfig) ? hook.clientConfig : {});
const isDead = (hook: JsonObject): boolean => textOf(clientOf(hook).url).startsWith(DEAD);

function kept(configuration: KubernetesObject): Record<string, JsonObject> {
  const text = annotation(configuration, REACHED);
  return text === "" ? {} : (JSON.parse(text) as Record<string, JsonObject>);
}

/** Points webhooks at a port where nothing listens, or back; undefined when there is nothing to do. */
export function webhookPatch(configuration: KubernetesObject, down: boolean): WebhookPatch | undefined {
  const hooks = objectsOf(configuration.webhooks as Json | undefined);
  const before = kept(configuration);
  if (down) {
    const alive = hooks.filter((hook) => !isDead(hook));
    if (alive.length === 0) return undefined;
    const found = Object.fromEntries(alive.map((hook) => [textOf(hook.name), clientOf(hook)]));
    const webhooks = hooks.map((hook) => ({ ...hook, clientConfig: { url: `${DEAD}/${textOf(hook.name)}` } }));
    return { annotation: JSON.stringify({ ...before, ...found }), webhooks };
  }
  if (annotation(configuration, REACHED) === "") return undefined;
  const webhooks = hooks.map((hook) => {
    const client = isDead(hook) ? before[textOf(hook.name)] : undefined;
    return client ? { ...hook, clientConfig: client } : hook;
  });
  return { annotation: null, webhooks };
}

/** Makes the webhooks of the named configurations unreachable as long as the fault lasts. */
export function startWebhookDown(context: AgentContext): void {
  for (const resource of ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"]) {
    const configurations = context.store(ADMISSION, resource);
    const worker = new Worker(`webhook-down ${resource}`, async (name) => {
      const path = pathOf(ADMISSION, resource, { name });
      const live = await context.api.get(path);
      const patch = live && webhookPatch(live, context.fault("webhook-down", name));
      if (!patch) return;
      const { resourceVersion } = live.metadata;
      const metadata = { resourceVersion, annotations: { [REACHED]: patch.annotation } };
      await context.api.patch(path, { metadata, webhooks: patch.webhooks });
    });
    const wake = ({ metadata }: KubernetesObject): void => worker.wake(metadata.name);
    // An operator that writes its webhooks anew while the fault lasts does not end it.
    configurations.onChange((configuration, gone) => gone || wake(configuration));
    context.onFaults(() => configurations.all().forEach(wake));
  }
}
