export { ciliumBGPAdvertisementRules } from "./bgp-advertisements";
export { ciliumBGPClusterConfigRules } from "./bgp-clusters";
export { ciliumBGPPeerConfigRules } from "./bgp-peers";
export { ciliumL2AnnouncementPolicyRules } from "./l2";
export { ciliumLoadBalancerIPPoolRules } from "./pools";
