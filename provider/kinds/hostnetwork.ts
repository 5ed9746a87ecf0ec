export { nmstate } from "./nmstate";
export { nodeNetworkConfigurationPolicy } from "./node-network-policies";
