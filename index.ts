export * from "./components";
export * as cilium from "./provider/resources/cilium";
export * as machines from "./provider/resources/machines";
export * as networks from "./provider/resources/networks";
export * as nodes from "./provider/resources/nodes";
export * as platform from "./provider/resources/platform";
export * as sriov from "./provider/resources/sriov";
