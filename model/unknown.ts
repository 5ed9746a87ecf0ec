/**
 * Stands for a value that is not known before other resources exist. It is Pulumi's own marker for unknown strings,
 * used here for unknown values of every type. Checks accept it everywhere.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
