import type { KubernetesObject } from "../../model";
import { expressionProblem } from "../policies/expressions";
import { listAt } from "../read";
import type { Rule } from "../rule";
import { foreignKeyProblems, selectorProblems, selectorRule } from "./label-selectors";

const announcer = "cilium pkg/l2announcer/l2announcer.go";

const addresses: Rule<KubernetesObject> = {
  id: "loadbalancing/l2-addresses",
  severity: "error",
  source: `${announcer} upsertSvc: both kinds of addresses are off by default`,
  check: (policy) => {
    const spec = policy.spec ?? {};
    const off = (key: string): boolean => !(key in spec) || spec[key] === false || spec[key] === null;
    if (("spec" in policy && policy.spec === undefined) || !off("loadBalancerIPs") || !off("externalIPs")) return [];
    const message = "The policy announces nothing: loadBalancerIPs and externalIPs are both off, which is the default.";
    return [{ path: ["spec"], message, fix: "Set loadBalancerIPs, externalIPs or both to true." }];
  },
};

const interfaces: Rule<KubernetesObject> = {
  id: "loadbalancing/l2-interface",
  severity: "error",
  source: `${announcer} upsertPolicy: Go regular expressions; a broken one sets io.cilium/bad-interface-regex`,
  check: (policy) =>
    listAt(policy, "spec", "interfaces").flatMap((text, index) => {
      if (typeof text !== "string") return [];
      const problem = expressionProblem(text);
      return problem ? [{ path: ["spec", "interfaces", index], message: `"${text}" ${problem}.` }] : [];
    }),
};

const glob: Rule<KubernetesObject> = {
  id: "loadbalancing/l2-interface-glob",
  severity: "warning",
  source: `${announcer} upsertPolicy: interfaces are regular expressions that match anywhere in the name`,
  check: (policy) =>
    listAt(policy, "spec", "interfaces").flatMap((text, index) => {
      if (typeof text !== "string" || !/[A-Za-z0-9]\*$/.test(text)) return [];
      const message = `"${text}" is a regular expression, not a file pattern: the last character may be absent.`;
      const fix = `Write "^${text.replace(/^\^/, "").slice(0, -1)}.*".`;
      return [{ path: ["spec", "interfaces", index], message, fix }];
    }),
};

const selectors = selectorRule(
  "loadbalancing/l2-selector",
  `${announcer} upsertPolicy: a selector that cannot be read stops the policy`,
  (policy) => ["nodeSelector", "serviceSelector"].flatMap((key) => selectorProblems(policy, "spec", key)),
);

const selectorKeys: Rule<KubernetesObject> = {
  id: "loadbalancing/l2-selector-key",
  severity: "warning",
  source: `${announcer} svcAndMetaLabels: the Service's own labels, its name and namespace`,
  check: (policy) => foreignKeyProblems(policy, "spec", "serviceSelector"),
};

/** What the announcer in the agent refuses or ignores of a policy. */
export const ciliumL2AnnouncementPolicyRules: readonly Rule<KubernetesObject>[] = [
  addresses,
  interfaces,
  glob,
  selectors,
  selectorKeys,
];
