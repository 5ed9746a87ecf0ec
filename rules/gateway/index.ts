export { gatewayRules } from "./gateways";
export { httpRouteRules } from "./routes";
