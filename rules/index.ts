export * from "./cilium";
export * from "./machines";
export * from "./networks";
export * from "./nodes";
export * from "./quantity";
export * from "./read";
export * from "./rule";
export * from "./sriov";
