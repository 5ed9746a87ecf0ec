export * from "./cilium";
export * from "./common";
export * from "./machines";
export * from "./networks";
export * from "./nodes";
export * from "./sriov";
