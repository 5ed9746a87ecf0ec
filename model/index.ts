export * from "./finding";
export * from "./inventory";
export * from "./json";
export * from "./kubernetes";
export * from "./path";
export * from "./plan";
export * from "./unknown";
