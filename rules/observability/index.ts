export { prometheusRuleRules } from "./alerts";
export { serviceMonitorRules } from "./monitors";
