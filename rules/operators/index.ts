export { catalogSourceRules, operatorGroupRules } from "./catalogs";
export { APPROVE_ANNOTATION, declaredVersions, subscriptionRules } from "./subscriptions";
