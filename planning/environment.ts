import { type Finding, parsePath } from "../model";
import { Environment } from "../model/environment";
import { type Layer, readLayer, readStackLayer } from "../model/layer-file";
import { merge, originAt, type PlacedFinding, plain, sourced, type Sourced } from "../model/layers";
import { validate } from "./validate";

/** A file of an environment. */
export interface LayerText {
  /** As it is called in findings. */
  file: string;
  text: string;
}

/** An environment that was read, or everything that is wrong with it. */
export interface ReadEnvironment {
  /** With defaults filled in; absent when something is wrong. */
  environment?: Environment;
  /** What its files say, laid over one another, and where. */
  origins: Sourced;
  findings: PlacedFinding[];
}

/** A finding on an environment with the place in its files. */
export function placed(finding: Finding, origins: Sourced): PlacedFinding {
  // A finding on objects that names no path is about the whole plan, and not about a line.
  if (finding.path === "" && finding.objects) return finding;
  const origin = originAt(origins, parsePath(finding.path));
  return origin ? { ...finding, origin } : finding;
}

/** Lays layers over one another, the first at the bottom. Empty files count as empty maps. */
export function mergeAll(layers: readonly Layer[]): Sourced {
  const values = layers.flatMap(({ value }) => (value === undefined || value.content === null ? [] : [value]));
  return values.reduce(merge, sourced({}));
}

/** Reads what all environments share and a stack's file, and checks the environment that they make. */
export function readEnvironment(common: LayerText | undefined, stack: LayerText): ReadEnvironment {
  const layers = [...(common ? [readLayer(common.text, common.file)] : []), readStackLayer(stack.text, stack.file)];
  const origins = mergeAll(layers);
  const unreadable = layers.flatMap((layer) => layer.findings);
  if (unreadable.length > 0) return { origins, findings: unreadable };
  const { value, findings } = validate(Environment, plain(origins), "platform/arguments");
  return { environment: value, origins, findings: findings.map((finding) => placed(finding, origins)) };
}
