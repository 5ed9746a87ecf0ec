import type { KubernetesObject, PathStep } from "../../model";
import { isAddress } from "../../model/addresses";
import { indexedAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { listenerRules } from "./listeners";

const reconcile = "cilium v1.20.2 operator/pkg/gateway-api/gateway_reconcile.go Reconcile";
const addressesPath: PathStep[] = ["spec", "addresses"];

const gatewayClass: Rule<KubernetesObject> = {
  id: "gateway/class",
  severity: "info",
  source: `${reconcile}: gateways of other controllers' classes are left alone`,
  check(object) {
    const name = textAt(object, "spec", "gatewayClassName");
    if (name === undefined || name === "cilium") return [];
    const message = `Cilium's own class is cilium; whether it serves "${name}" depends on that GatewayClass.`;
    return [{ path: ["spec", "gatewayClassName"], message }];
  },
};

const address: Rule<KubernetesObject> = {
  id: "gateway/address",
  severity: "error",
  source: "cilium v1.20.2 operator/pkg/gateway-api/status_gateway_address.go ValidateStaticAddresses",
  check: (object) =>
    indexedAt(object, ...addressesPath).flatMap(([index, each]): Violation[] => {
      const type = missing(each, "type") ? "IPAddress" : textAt(each, "type");
      const fix = "Give an address of a CiliumLoadBalancerIPPool.";
      if (type !== undefined && type !== "IPAddress") {
        return [{ path: [...addressesPath, index, "type"], message: `Cilium takes no address of type ${type}.`, fix }];
      }
      const value = missing(each, "value") ? "" : textAt(each, "value");
      if (value === undefined || isAddress(value)) return [];
      const message = value === "" ? "The address is missing." : `"${value}" is not an address.`;
      return [{ path: [...addressesPath, index, "value"], message, fix }];
    }),
};

const repeated: Rule<KubernetesObject> = {
  id: "gateway/address-repeated",
  severity: "error",
  source: "gateway-api v1.6.1 CRD Gateway, rules on spec.addresses",
  check(object) {
    const all = indexedAt(object, ...addressesPath).map(([index, each]) => ({
      index,
      text: textAt(each, "value") && `${textAt(each, "type") ?? "IPAddress"} ${textAt(each, "value")}`,
    }));
    return all.flatMap(({ index, text }, at): Violation[] => {
      if (!text || all.findIndex((each) => each.text === text) === at) return [];
      return [{ path: [...addressesPath, index, "value"], message: "The address is there already." }];
    });
  },
};

const parameters: Rule<KubernetesObject> = {
  id: "gateway/parameters",
  severity: "error",
  source: `${reconcile}: reason InvalidParameters`,
  check(object) {
    if (missing(objectAt(object, "spec", "infrastructure"), "parametersRef")) return [];
    const message = "Cilium takes no parameters of a single gateway.";
    const fix = "Give them to the GatewayClass, as a CiliumGatewayClassConfig.";
    return [{ path: ["spec", "infrastructure", "parametersRef"], message, fix }];
  },
};

const key =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;

const keys: Rule<KubernetesObject> = {
  id: "gateway/infrastructure-key",
  severity: "error",
  source: "gateway-api v1.6.1 CRD Gateway, rules on spec.infrastructure",
  check: (object) =>
    ["labels", "annotations"].flatMap((field) =>
      Object.keys(objectAt(object, "spec", "infrastructure", field))
        .filter((each) => !key.test(each) || each.replace(/\/.*/s, "").length >= 253)
        .map((each) => ({
          path: ["spec", "infrastructure", field, each],
          message: `"${each}" cannot be the key of a label or annotation.`,
        })),
    ),
};

const certificates: Rule<KubernetesObject> = {
  id: "gateway/client-certificates",
  severity: "warning",
  source: "cilium v1.20.2 operator/pkg/gateway-api/gatewayclass_status.go exemptFeatures",
  check(object) {
    const tls = objectAt(object, "spec", "tls");
    return ["frontend", "backend"]
      .filter((side) => !missing(tls, side) && tls[side] !== undefined)
      .map((side) => ({
        path: ["spec", "tls", side],
        message: "Cilium neither asks for client certificates nor shows any.",
      }));
  },
};

/** What the API server or Cilium's operator refuses of a Gateway, and what it ignores. */
export const gatewayRules: readonly Rule<KubernetesObject>[] = [
  gatewayClass,
  ...listenerRules,
  address,
  repeated,
  parameters,
  keys,
  certificates,
];
