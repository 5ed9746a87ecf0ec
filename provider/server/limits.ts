/** Messages carry whole objects and dependency lists; the default limit of gRPC is 4 MiB. */
export const MESSAGE_LIMIT = 400 * 1024 * 1024;
