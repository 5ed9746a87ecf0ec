import { condition } from "../../model";
import type { DisruptionRow, KubernetesObject } from "../../model";
import { nmstateRules } from "../../rules";
import type { Before, ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import type { Shape } from "../shape";
import { endpointsReady, endpointsWatch } from "./endpoints";
import { affinity, textMap, tolerations } from "./placement";
import { conditionIs, conditionText, daemonSetReady, failed, inOrder, ready, waiting } from "./verdict";
import { all, one } from "./watches";

const minutes = 60;
const handlerName = "nmstate-handler";
const webhookName = "nmstate-webhook";

/** The handler, wherever the operator was installed: it has another namespace outside of OpenShift. */
const handlerWatch: Watch = {
  id: "handler",
  apiVersion: "apps/v1",
  plural: "daemonsets",
  labelSelector: "component=kubernetes-nmstate-handler",
};

function degraded(nmstate: KubernetesObject, before: Before): Verdict {
  const now = condition(nmstate, "Degraded");
  // A TLS profile that is only partly honoured is reported here as well; the operator works with it.
  if (now?.status !== "True" || now.reason === "TLSProfileNotFullyHonored") return ready;
  const text = now.message || now.reason || "no message given";
  const same = conditionText(before.object, "Degraded") === conditionText(nmstate, "Degraded");
  return same ? waiting("Degraded is False", text) : failed(`NMState is degraded: ${text}`);
}

/**
 * Gate of NMState: its handler runs on all nodes, its webhook has a pod, and it says Available. Releases of the
 * operator before October 2025 write no conditions at all, so a missing one is not waited for.
 */
export function nmstateReady(nmstate: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => degraded(nmstate, before),
    () => daemonSetReady(one(related, "handler"), handlerName),
    () => endpointsReady(all(related, "webhook"), webhookName),
    () => (condition(nmstate, "Available") ? conditionIs(nmstate, "Available", "True") : ready),
  );
}

/** After it is gone: the handler is collected, so that nothing acts on policies any more. */
function handlerGone(): Step[] {
  const verdict = (related: Related): Verdict =>
    one(related, "handler") ? waiting(`DaemonSet ${handlerName} is gone`, "still there") : ready;
  return [{ act: "wait", watches: [handlerWatch], verdict }];
}

const disruptions: readonly DisruptionRow[] = [
  {
    on: ["update"],
    paths: ["spec"],
    cost: "none",
    reach: "all-nodes",
    by: "kubernetes-nmstate-operator",
    why: "The operator's own pods restart; the network of the nodes stays as it is.",
    source: "nmstate/kubernetes-nmstate controllers/operator/nmstate_controller.go applyHandler",
  },
];

const text: Shape = { type: "string" };

/** Source: nmstate/kubernetes-nmstate api/v1/nmstate_types.go. */
const shape: Shape = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        affinity: { ...affinity, doc: "Affinity of the handler." },
        infraAffinity: { ...affinity, doc: "Affinity of webhook, metrics and console plugin." },
        nodeSelector: { ...textMap, doc: "Nodes that the handler runs on; all of them when absent." },
        tolerations: { ...tolerations, doc: "Tolerations of the handler; it tolerates everything when absent." },
        infraNodeSelector: { ...textMap, doc: "Nodes for webhook, metrics and console plugin." },
        infraTolerations: { ...tolerations, doc: "Tolerations of webhook, metrics and console plugin." },
        selfSignConfiguration: {
          type: "object",
          doc: "How often the webhook's certificates are renewed, as Go durations; not used on OpenShift.",
          properties: {
            caRotateInterval: text,
            caOverlapInterval: text,
            certRotateInterval: text,
            certOverlapInterval: text,
          },
        },
        probeConfiguration: {
          type: "object",
          doc: "What the handler checks after a change, before it keeps it.",
          properties: { dns: { type: "object", properties: { host: text } } },
        },
        metricsConfiguration: {
          type: "object",
          doc: "Where metrics are served; newer releases only.",
          properties: { bindAddress: text },
        },
        logLevel: { type: "string", enum: ["info", "debug"], doc: "How much the handler logs; newer releases only." },
      },
    },
  },
};

export const nmstate: ObjectKind = {
  is: "object",
  token: "ove:hostnetwork:NMState",
  doc: "The NMState operator's one object: it starts the handler that configures the network of nodes.",
  waits: "The handler runs on all its nodes, the webhook has a pod, and it is Available.",
  deletes:
    "Deleted when the stack made it, then waited for until the handler is gone; given back when it was there before.",
  example: { metadata: { name: "nmstate" }, spec: { nodeSelector: { "kubernetes.io/os": "linux" } } },
  disruptions,
  apiVersion: "nmstate.io/v1",
  kind: "NMState",
  plural: "nmstates",
  scope: "Cluster",
  shape: () => shape,
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => true,
  rules: nmstateRules,
  otherVersions: [
    {
      apiVersion: "nmstate.io/v1beta1",
      status: "deprecated",
      note: "The API server warns of it. Use nmstate.io/v1.",
    },
  ],
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 10 * minutes },
  ready: {
    watches: () => [handlerWatch, endpointsWatch("webhook", webhookName)],
    verdict: nmstateReady,
  },
  deletion: { after: handlerGone },
};
