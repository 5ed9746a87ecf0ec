import { isObject, type JsonObject, type KubernetesObject, sameJson } from "../../model";
import { pathOf } from "./api";
import { addressesOf } from "./cilium-addresses";
import { conditionsWith, type Said } from "./cilium-conditions";
import type { AgentContext } from "./context";
import { objectsOf, textOf } from "./read";
import { delay, Worker } from "./store";

const GROUP = "gateway.networking.k8s.io";
const API = `${GROUP}/v1`;
const CONTROLLER = "io.cilium/gateway-controller";
/** On services that Cilium makes for gateways: the gateway's name. */
const OWNER = "io.cilium.gateway/owning-gateway";

/** Milliseconds until the operator notices a change. */
const NOTICE_MS = 700;

const yes = (type: string, reason: string, message: string): Said => ({ type, status: "True", reason, message });
const no = (type: string, reason: string, message: string): Said => ({ type, status: "False", reason, message });

/** Kinds of routes by protocol. */
const routeKinds: Readonly<Record<string, readonly string[]>> = {
  HTTP: ["HTTPRoute", "GRPCRoute"],
  HTTPS: ["HTTPRoute", "GRPCRoute"],
  TLS: ["TLSRoute"],
};

/** What the operator says of one listener; `secrets` are the names of those in the gateway's namespace. */
export function listenerSaid(listener: JsonObject, secrets: readonly string[]): Said[] {
  const protocol = textOf(listener.protocol);
  const tls = isObject(listener.tls) ? listener.tls : {};
  const absent = objectsOf(tls.certificateRefs).find((ref) => !secrets.includes(textOf(ref.name)));
  if (!routeKinds[protocol]) {
    const message = "Listener not valid. Unsupported Listener Protocol.";
    return [no("Accepted", "UnsupportedProtocol", message), yes("ResolvedRefs", "ResolvedRefs", "Resolved Refs")];
  }
  if (protocol === "TLS" && tls.mode === "Terminate") {
    const message = "Listener not valid. Using TLSRoute with TLS.mode Terminate is unsupported.";
    return [no("Accepted", "UnsupportedValue", message), yes("ResolvedRefs", "ResolvedRefs", "Resolved Refs")];
  }
  if (absent) {
    const message = `Listener not valid. Invalid CertificateRef, secrets "${textOf(absent.name)}" not found`;
    return [no("Accepted", "Invalid", message), no("ResolvedRefs", "InvalidCertificateRef", "Invalid CertificateRef")];
  }
  return [yes("Accepted", "Accepted", "Listener Accepted"), yes("ResolvedRefs", "ResolvedRefs", "Resolved Refs")];
}

/** The status of a gateway. Source: cilium operator/pkg/gateway-api/gateway_reconcile.go. */
export function gatewayStatus(
  gateway: KubernetesObject,
  secrets: readonly string[],
  address: string | undefined,
  attached: number,
): JsonObject {
  const before = objectsOf(gateway.status?.listeners);
  const said = objectsOf(gateway.spec?.listeners).map((listener) => ({
    listener,
    said: listenerSaid(listener, secrets),
  }));
  const valid = said.some((each) => each.said[0]?.status === "True");
  const unsupported = objectsOf(gateway.spec?.addresses).find(
    (each) => (textOf(each.type) || "IPAddress") !== "IPAddress",
  );
  const conditions = unsupported
    ? [
        no("Accepted", "UnsupportedAddress", "Unsupported Gateway address, address type is not supported"),
        no("Programmed", "ListenersNotReady", "Address is not ready"),
      ]
    : !valid
      ? ["Accepted", "Programmed"].map((type) => no(type, "ListenersNotValid", "No Accepted Listeners"))
      : [
          yes("Accepted", "Accepted", "Gateway successfully scheduled"),
          address
            ? yes("Programmed", "Programmed", "Gateway Programmed")
            : no("Programmed", "AddressNotAssigned", "Gateway waiting for address"),
        ];
  const listeners = said.map(({ listener, said: own }): JsonObject => {
    const old = objectsOf(before.find((each) => each.name === listener.name)?.conditions);
    const kinds = routeKinds[textOf(listener.protocol)] ?? [];
    const accepted = own[0]?.status === "True" && address;
    const programmed = accepted ? [yes("Programmed", "Programmed", "Listener Programmed")] : [];
    return {
      name: listener.name ?? "",
      attachedRoutes: attached,
      supportedKinds: kinds.map((kind) => ({ group: GROUP, kind })),
      conditions: conditionsWith(gateway, [...own, ...programmed], old),
    };
  });
  const addresses = valid && address ? [{ type: "IPAddress", value: address }] : [];
  return { addresses, conditions: conditionsWith(gateway, conditions), listeners };
}

/** What the operator says of a route at one of its parents. */
export function routeSaid(
  route: KubernetesObject,
  ref: JsonObject,
  gateways: readonly KubernetesObject[],
  services: readonly KubernetesObject[],
): Said[] {
  const namespace = route.metadata.namespace ?? "";
  const within = textOf(ref.namespace) || namespace;
  const parent = gateways.find(({ metadata }) => metadata.name === ref.name && metadata.namespace === within);
  if (!parent) return [no("Accepted", "InvalidHTTPRoute", `Gateway.${GROUP} "${textOf(ref.name)}" not found`)];
  const section = textOf(ref.sectionName);
  if (section && !objectsOf(parent.spec?.listeners).some((listener) => listener.name === section)) {
    return [no("Accepted", "NoMatchingParent", `No matching listener with sectionName ${section}`)];
  }
  const absent = objectsOf(route.spec?.rules)
    .flatMap((rule) => objectsOf(rule.backendRefs))
    .find((backend) => {
      const of = textOf(backend.namespace) || namespace;
      return !services.some(({ metadata }) => metadata.name === backend.name && metadata.namespace === of);
    });
  return [
    yes("Accepted", "Accepted", "Accepted HTTPRoute"),
    absent
      ? no("ResolvedRefs", "BackendNotFound", `services "${textOf(absent.name)}" not found`)
      : yes("ResolvedRefs", "ResolvedRefs", "Service reference is valid"),
  ];
}

/** The service of a gateway, with the labels that its infrastructure is to have: pools choose by them. */
export function serviceFor(gateway: KubernetesObject): KubernetesObject {
  const { name, namespace = "", uid = "" } = gateway.metadata;
  const infrastructure = isObject(gateway.spec?.infrastructure) ? gateway.spec.infrastructure : {};
  const labels = isObject(infrastructure.labels) ? (infrastructure.labels as Record<string, string>) : {};
  const wanted = objectsOf(gateway.spec?.addresses).map((each) => textOf(each.value));
  const annotations: Record<string, string> = wanted.length > 0 ? { "lbipam.cilium.io/ips": wanted.join(",") } : {};
  const ports = [...new Set(objectsOf(gateway.spec?.listeners).map((listener) => Number(listener.port)))];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `cilium-gateway-${name}`,
      namespace,
      labels: { ...labels, [OWNER]: name },
      annotations,
      ownerReferences: [{ apiVersion: API, kind: "Gateway", name, uid, controller: true }],
    },
    spec: { type: "LoadBalancer", ports: ports.map((port) => ({ name: `port-${port}`, port, protocol: "TCP" })) },
  };
}

/** Runs the part of Cilium's operator that serves the Gateway API: its classes, their gateways, the routes at them. */
export function startCiliumGateway(context: AgentContext): void {
  const { api } = context;
  const list = async (version: string, plural: string): Promise<KubernetesObject[]> =>
    (await api.list(pathOf(version, plural))).items;
  const write = async (plural: string, object: KubernetesObject, status: JsonObject): Promise<void> => {
    if (sameJson(object.status ?? {}, { ...object.status, ...status })) return;
    const { name, namespace } = object.metadata;
    await api.patch(pathOf(API, plural, { namespace, name, subresource: "status" }), { status });
  };
  const ownClasses = async (): Promise<string[]> => {
    const own = (await list(API, "gatewayclasses")).filter((each) => each.spec?.controllerName === CONTROLLER);
    const accepted = yes("Accepted", "Accepted", "Valid GatewayClass");
    for (const each of own) await write("gatewayclasses", each, { conditions: conditionsWith(each, [accepted]) });
    return own.map((each) => each.metadata.name);
  };

  const work = async (): Promise<void> => {
    await delay(NOTICE_MS);
    const classes = await ownClasses();
    const gateways = (await list(API, "gateways")).filter((each) =>
      classes.includes(textOf(each.spec?.gatewayClassName)),
    );
    const [routes, services, secrets] = await Promise.all([
      list(API, "httproutes"),
      list("v1", "services"),
      list("v1", "secrets"),
    ]);
    for (const route of routes) {
      const before = objectsOf(route.status?.parents);
      const parents = objectsOf(route.spec?.parentRefs).map((parentRef): JsonObject => {
        const old = before.find((each) => sameJson(each.parentRef, parentRef));
        const said = routeSaid(route, parentRef, gateways, services);
        return {
          parentRef,
          controllerName: CONTROLLER,
          conditions: conditionsWith(route, said, objectsOf(old?.conditions)),
        };
      });
      await write("httproutes", route, { parents });
    }
    for (const gateway of gateways.filter((each) => !each.metadata.deletionTimestamp)) {
      const { name, namespace } = gateway.metadata;
      const service = serviceFor(gateway);
      const live = await api.apply(pathOf("v1", "services", { namespace, name: service.metadata.name }), service);
      const here = secrets.filter((each) => each.metadata.namespace === namespace).map((each) => each.metadata.name);
      const attached = routes.filter((route) =>
        objectsOf(route.spec?.parentRefs).some((ref) => ref.name === name),
      ).length;
      await write("gateways", gateway, gatewayStatus(gateway, here, addressesOf(live)[0], attached));
    }
  };
  // The chart makes the class when gatewayAPI.enabled is set; here every Cilium that runs has it.
  const classMaker = new Worker("cilium-gateway-class", async () => {
    const path = pathOf(API, "gatewayclasses", { name: "cilium" });
    if (await api.get(path)) return;
    const metadata = { name: "cilium" };
    await api.apply(path, { apiVersion: API, kind: "GatewayClass", metadata, spec: { controllerName: CONTROLLER } });
  });
  context.store("cilium.io/v2", "ciliumnodes").onChange((_node, gone) => gone || classMaker.wake("cilium"));
  const worker = new Worker("cilium-gateway", work);
  const wake = (): void => worker.wake("gateways");
  const gateways = context.store(API, "gateways");
  for (const plural of ["gatewayclasses", "httproutes"]) context.store(API, plural).onChange(wake);
  gateways.onChange(wake);
  for (const plural of ["services", "secrets"]) {
    context.store("v1", plural).onChange(() => gateways.all().length > 0 && wake());
  }
}
