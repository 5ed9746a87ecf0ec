import type { KindRow } from "../row";
import { firstRows } from "./first";

/** Every kind's row; a row stands after those that it needs. */
export const rows: readonly KindRow[] = [...firstRows];
