import type { KubernetesObject, PathStep } from "../../model";
import { goDuration } from "../duration";
import { listAt, missing, objectAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { place } from "./places";

const validator = "kubevirt/hyperconverged-cluster-operator pkg/webhooks/validator";

/** What the API server fills in. Source: HCO deploy/crds/hco00.crd.yaml. */
const defaults = {
  "ca.duration": "48h0m0s",
  "ca.renewBefore": "24h0m0s",
  "server.duration": "24h0m0s",
  "server.renewBefore": "12h0m0s",
} as const;

type Lifetime = keyof typeof defaults;
const lifetimes = Object.keys(defaults) as Lifetime[];
const least = 10 * 60;

/** Path of a lifetime and its seconds: undefined when it is not known, NaN when it is no duration. */
function lifetime(object: KubernetesObject, which: Lifetime): { path: PathStep[]; seconds: number | undefined } {
  const [side = "", field = ""] = which.split(".");
  const path = place(object, "security", "certConfig", side, field);
  const isUnknown = path.some((step, at) => {
    const parent = objectAt(object, ...path.slice(0, at));
    return String(step) in parent && parent[String(step)] === undefined;
  });
  if (isUnknown) return { path, seconds: undefined };
  const seconds = goDuration(textAt(object, ...path) ?? defaults[which]);
  return { path, seconds: seconds ?? Number.NaN };
}

const durations: Rule<KubernetesObject> = {
  id: "virtualization/certificate-duration",
  severity: "error",
  source: `${validator} validateCertConfig`,
  check(object) {
    return lifetimes.flatMap((which): Violation[] => {
      const { path, seconds } = lifetime(object, which);
      if (seconds === undefined || seconds >= least) return [];
      if (Number.isNaN(seconds)) return [{ path, message: "It is no duration.", fix: "Write it as 48h0m0s." }];
      return [{ path, message: "It is shorter than ten minutes.", fix: "Use at least 10m0s." }];
    });
  },
};

/** Which lifetime may not be longer than which. */
const pairs: readonly [Lifetime, Lifetime][] = [
  ["ca.renewBefore", "ca.duration"],
  ["server.renewBefore", "server.duration"],
  ["server.duration", "ca.duration"],
];

const order: Rule<KubernetesObject> = {
  id: "virtualization/certificate-order",
  severity: "error",
  source: `${validator} validateCertConfig`,
  check(object) {
    return pairs.flatMap(([shorter, longer]): Violation[] => {
      const [inner, outer] = [lifetime(object, shorter), lifetime(object, longer)];
      if (inner.seconds === undefined || outer.seconds === undefined || !(inner.seconds > outer.seconds)) return [];
      const isDeclared = textAt(object, ...inner.path) !== undefined;
      const path = isDeclared ? inner.path : outer.path;
      return [{ path, message: `${shorter} is longer than ${longer}; what is left out has its default.` }];
    });
  },
};

const http2 = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"];

const tls: Rule<KubernetesObject> = {
  id: "virtualization/tls-profile",
  severity: "error",
  source: `${validator} validateTLSSecurityProfiles`,
  check(object) {
    const path = place(object, "security", "tlsSecurityProfile");
    const profile = objectAt(object, ...path);
    const at = [...path, "custom"];
    if (missing(profile, "custom")) {
      const wanted = profile.type === "Custom";
      return wanted ? [{ path: at, message: "A profile of type Custom needs its settings here." }] : [];
    }
    const custom = objectAt(object, ...at);
    if (profile.custom === undefined) return [];
    const ciphers = textsAt(custom, "ciphers");
    const isKnown = !("ciphers" in custom) || ciphers.length === listAt(custom, "ciphers").length;
    const hasCiphers = custom.ciphers !== undefined || !("ciphers" in custom);
    if (missing(custom, "minTLSVersion")) return [{ path: [...at, "minTLSVersion"], message: "It is required." }];
    if (custom.minTLSVersion === undefined || !isKnown || !hasCiphers) return [];
    if (custom.minTLSVersion === "VersionTLS13") {
      const message = "With VersionTLS13 ciphers cannot be chosen.";
      return ciphers.length > 0 ? [{ path: [...at, "ciphers"], message, fix: "Leave them out." }] : [];
    }
    if (ciphers.some((cipher) => http2.includes(cipher))) return [];
    return [
      { path: [...at, "ciphers"], message: "HTTP/2 needs one of its ciphers.", fix: `Add ${http2.join(" or ")}.` },
    ];
  },
};

/** Rules on certificates and TLS. */
export const certificateRules: readonly Rule<KubernetesObject>[] = [durations, order, tls];
