import type { KubernetesObject } from "../../model";
import { indexedAt, listAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { selectorProblems, selectorRule } from "./label-selectors";

const defaults = { hold: 90, keepAlive: 30 };
const advertised = "cilium pkg/bgp/manager/reconciler/peer_advertisements.go";

const timers: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-timers",
  severity: "error",
  source: "CiliumBGPPeerConfig CRD, CEL on timers; defaults are filled in before the comparison",
  check: (config) => {
    const given = objectAt(config, "spec", "timers");
    const unknown = ["holdTimeSeconds", "keepAliveTimeSeconds"].some((key) => key in given && given[key] === undefined);
    if (unknown) return [];
    const hold = numberAt(given, "holdTimeSeconds") ?? defaults.hold;
    const keepAlive = numberAt(given, "keepAliveTimeSeconds") ?? defaults.keepAlive;
    if (keepAlive <= hold) return [];
    const implied = missing(given, "keepAliveTimeSeconds") ? ", the default," : "";
    const message = `The keep-alive time of ${keepAlive} s${implied} is longer than the hold time of ${hold} s.`;
    const fix = `Set keepAliveTimeSeconds to a third of the hold time, ${Math.max(1, Math.floor(hold / 3))}.`;
    return [{ path: ["spec", "timers", "keepAliveTimeSeconds"], message, fix }];
  },
};

const families: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisements-selected",
  severity: "warning",
  source: `${advertised} familySelectedAdvertisements: a family without a selector selects no CiliumBGPAdvertisement`,
  check: (config) => {
    const spec = config.spec;
    if (!spec || (!missing(spec, "families") && spec.families === undefined)) return [];
    const fix = "Set advertisements to a selector of the labels of your CiliumBGPAdvertisements.";
    if (listAt(spec, "families").length === 0) {
      const message = "Without families nothing is advertised to the peers.";
      return [{ path: ["spec", "families"], message, fix }];
    }
    return indexedAt(spec, "families").flatMap(([index, family]) => {
      if (!missing(family, "advertisements")) return [];
      const message = "The family selects no advertisements, so nothing is advertised for it.";
      return [{ path: ["spec", "families", index, "advertisements"], message, fix }];
    });
  },
};

const repeated: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-family-repeated",
  severity: "warning",
  source: `${advertised} getPeerAdvertisements: the last entry of a family wins`,
  check: (config) => {
    const entries = indexedAt(config, "spec", "families");
    return entries.flatMap(([index, family], at) => {
      const [afi, safi] = [textAt(family, "afi"), textAt(family, "safi")];
      if (afi === undefined || safi === undefined) return [];
      const later = entries.slice(at + 1).some(([, other]) => other.afi === afi && other.safi === safi);
      if (!later) return [];
      const message = `A later entry for ${afi} ${safi} replaces this one.`;
      return [{ path: ["spec", "families", index], message, fix: "Make one entry of them." }];
    });
  },
};

const selector = selectorRule(
  "loadbalancing/bgp-family-selector",
  `${advertised} familySelectedAdvertisements: a selector that cannot be read stops the peer's advertisements`,
  (config) =>
    indexedAt(config, "spec", "families").flatMap(([index]) =>
      selectorProblems(config, "spec", "families", index, "advertisements"),
    ),
);

/** What the API server refuses of a peer's configuration, and what has no effect. */
export const ciliumBGPPeerConfigRules: readonly Rule<KubernetesObject>[] = [timers, families, repeated, selector];
