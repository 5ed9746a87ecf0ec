import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { gateway, gatewayReady, httpRoute, httpRouteReady } from "../../../provider/kinds/gateway";
import { before, object, said } from "./objects";

const api = "gateway.networking.k8s.io/v1";
const condition = (type: string, status = "True", observedGeneration = 2, reason = type): JsonObject => ({
  type,
  status,
  observedGeneration,
  reason,
  message: `${type} says ${reason}`,
});

describe("readiness of a Gateway", () => {
  const fine = [condition("Accepted"), condition("Programmed")];
  const listener = (...conditions: JsonObject[]): JsonObject => ({ name: "http", conditions });
  const fineListener = listener(condition("Accepted"), condition("ResolvedRefs"));
  const gatewayClass = object(api, "GatewayClass", { name: "cilium" });
  const live = (status: JsonObject): KubernetesObject =>
    object(api, "Gateway", {
      metadata: { name: "web", namespace: "shop", generation: 2 },
      spec: { gatewayClassName: "cilium" },
      status,
    });
  const check = (status: JsonObject, related = { class: [gatewayClass] }): string =>
    said(gatewayReady(live(status), related));
  const status = (changes: JsonObject = {}): JsonObject => ({
    conditions: fine,
    listeners: [fineListener],
    addresses: [{ value: "192.0.2.1" }],
    ...changes,
  });

  it("waits for its class", () => {
    expect(gateway.ready.watches(live({}))[0]).to.include({ plural: "gatewayclasses", name: "cilium" });
    expect(check(status(), { class: [] })).to.equal("waiting: GatewayClass cilium exists (not there)");
  });

  it("is ready when gateway and listeners are and an address is there", () => {
    expect(check(status())).to.equal("ready");
    expect(said(gateway.ready.verdict(live(status()), { class: [gatewayClass] }, before()))).to.equal("ready");
    expect(check(status({ addresses: [] }))).to.equal("waiting: the gateway has an address (none)");
  });

  it("is not fooled by conditions of its earlier form or those that the API server fills in", () => {
    const stale = [condition("Accepted", "True", 1), condition("Programmed", "True", 1)];
    expect(check(status({ conditions: stale }))).to.match(/^waiting: the gateway is Accepted/);
    expect(check({ conditions: [{ type: "Accepted", status: "Unknown", reason: "Pending" }] })).to.match(/^waiting/);
    const staleListener = listener(condition("Accepted", "True", 1));
    expect(check(status({ listeners: [staleListener] }))).to.match(/^waiting: listener http is Accepted/);
  });

  it("waits for what may still come, and fails for what is wrong in itself", () => {
    const pending = [condition("Accepted"), condition("Programmed", "False", 2, "AddressNotAssigned")];
    expect(check(status({ conditions: pending }))).to.equal(
      "waiting: the gateway is Programmed (Programmed says AddressNotAssigned)",
    );
    const certificate = listener(condition("Accepted"), condition("ResolvedRefs", "False", 2, "InvalidCertificateRef"));
    expect(check(status({ listeners: [certificate] }))).to.match(/^waiting: listener http is ResolvedRefs/);
    const protocol = listener(condition("Accepted", "False", 2, "UnsupportedProtocol"));
    expect(check(status({ listeners: [protocol] }))).to.equal(
      "failed: listener http: Accepted says UnsupportedProtocol",
    );
    const parameters = [condition("Accepted", "False", 2, "InvalidParameters")];
    expect(check(status({ conditions: parameters }))).to.match(/^failed: the gateway/);
  });

  it("makes do with a status that says little", () => {
    const bare = { type: "Accepted", observedGeneration: 2 };
    expect(check(status({ listeners: [{ conditions: [bare] }] }))).to.equal("waiting: listener  is Accepted ()");
    const unnamed = object(api, "Gateway", { spec: {} });
    expect(gateway.ready.watches(unnamed)[0]).to.include({ name: "" });
    expect(said(gatewayReady(unnamed, {}))).to.match(/^waiting: GatewayClass/);
  });

  it("waits after its deletion until its Service is gone", () => {
    const [step] = gateway.deletion?.after?.(live({})) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(step.watches[0]).to.include({
      plural: "services",
      namespace: "shop",
      labelSelector: "io.cilium.gateway/owning-gateway=web",
    });
    const service = object("v1", "Service", { name: "cilium-gateway-web" });
    expect(said(step.verdict({ services: [service] }, {}))).to.match(/cilium-gateway-web is still there/);
    expect(said(step.verdict({ services: [] }, {}))).to.equal("ready");
  });
});

describe("readiness of an HTTPRoute", () => {
  const fine = [condition("Accepted"), condition("ResolvedRefs")];
  const check = (refs: JsonObject[], parents: JsonObject[]): string => {
    const live = object(api, "HTTPRoute", {
      metadata: { name: "web", namespace: "shop", generation: 2 },
      spec: { parentRefs: refs },
      status: { parents },
    });
    expect(httpRoute.ready.watches(live)).to.deep.equal([]);
    expect(said(httpRoute.ready.verdict(live, {}, before()))).to.equal(said(httpRouteReady(live)));
    return said(httpRouteReady(live));
  };
  const http = { name: "web", sectionName: "http" };
  const https = { name: "web", sectionName: "https" };
  const parent = (parentRef: JsonObject, conditions: JsonObject[]): JsonObject => ({
    parentRef: { group: "gateway.networking.k8s.io", kind: "Gateway", ...parentRef },
    conditions,
  });

  it("is ready when every parent that it names has accepted it", () => {
    expect(check([http, https], [parent(https, fine), parent(http, fine)])).to.equal("ready");
    expect(check([http, https], [parent(http, fine)])).to.match(/^waiting: the route at web is Accepted/);
    expect(check([http], [])).to.match(/^waiting/);
    expect(check([{}], [])).to.match(/^waiting: the route at {2}is/);
    expect(check([http], [{ conditions: fine }])).to.match(/^waiting/);
  });

  it("is not fooled by what a parent said of the earlier form", () => {
    expect(check([http], [parent(http, [condition("Accepted", "True", 1)])])).to.match(/has not seen its present form/);
  });

  it("waits for a backend that may come, and fails for one that cannot be", () => {
    const missing = [condition("Accepted"), condition("ResolvedRefs", "False", 2, "BackendNotFound")];
    expect(check([http], [parent(http, missing)])).to.match(/^waiting: .*BackendNotFound/);
    const wrong = [condition("Accepted"), condition("ResolvedRefs", "False", 2, "InvalidKind")];
    expect(check([http], [parent(http, wrong)])).to.match(/^failed: the route at web/);
  });
});

describe("gateway kinds", () => {
  it("are the stack's own", () => {
    for (const kind of [gateway, httpRoute]) expect(kind.adopt({ name: "x" })).to.equal(false);
  });
});
