import { sameJson } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { objectsAt, textAt, textsAt } from "../../rules/read";

/**
 * What a MachineConfig contributes to the rendered one, by the thing that it is about (`file /etc/x`). Only what merging
 * leaves as it is: the source of a file, the content of a unit, a kernel argument. When two MachineConfigs are about the
 * same thing the later one wins or they are merged, so such things are not compared.
 */
type Content = Map<string, JsonObject>;

function addFiles(content: Content, spec: JsonObject): void {
  for (const file of objectsAt(spec, "config", "storage", "files")) {
    content.set(`file ${textAt(file, "path")}`, { source: textAt(file, "contents", "source"), mode: file.mode });
  }
}

function addUnits(content: Content, spec: JsonObject): void {
  for (const unit of objectsAt(spec, "config", "systemd", "units")) {
    const name = textAt(unit, "name");
    content.set(`unit ${name}`, { contents: unit.contents, enabled: unit.enabled, mask: unit.mask });
    for (const dropin of objectsAt(unit, "dropins")) {
      content.set(`drop-in ${name}/${textAt(dropin, "name")}`, { contents: dropin.contents });
    }
  }
}

function contentOf(config: KubernetesObject): Content {
  const spec = config.spec ?? {};
  const content: Content = new Map();
  addFiles(content, spec);
  addUnits(content, spec);
  for (const argument of textsAt(spec, "kernelArguments")) content.set(`kernel argument ${argument}`, {});
  for (const extension of textsAt(spec, "extensions")) content.set(`extension ${extension}`, {});
  for (const user of objectsAt(spec, "config", "passwd", "users")) {
    if (user.passwordHash) content.set(`password of ${textAt(user, "name")}`, { hash: user.passwordHash });
    for (const key of textsAt(user, "sshAuthorizedKeys")) content.set(`key of ${textAt(user, "name")} ${key}`, {});
  }
  const kernel = textAt(spec, "kernelType") ?? "default";
  if (kernel !== "default" && kernel !== "") content.set("kernel type", { kernel });
  return content;
}

/** Whether every field that is declared has its value in the rendered MachineConfig. */
function contains(present: JsonObject | undefined, declared: JsonObject): boolean {
  const same = ([key, value]: [string, Json | undefined]): boolean =>
    value === undefined || value === null || sameJson(present?.[key], value);
  return present !== undefined && Object.entries(declared).every(same);
}

/**
 * The first thing in which the rendered MachineConfig is not yet up to date with one of its sources: something of
 * `config` that it does not have, or something that `previous` had and `config` has no more. Undefined when there is none.
 * `others` are the other sources of the rendered MachineConfig. Source: MergeMachineConfigs in the
 * machine-config-operator's pkg/controller/common/helpers.go.
 */
export function notRendered(
  rendered: KubernetesObject,
  config: KubernetesObject,
  previous: KubernetesObject | undefined,
  others: readonly KubernetesObject[],
): string | undefined {
  const shared = new Set(others.flatMap((other) => [...contentOf(other).keys()]));
  const present = contentOf(rendered);
  const wanted = contentOf(config);
  const behind = [...wanted].find(([key, value]) => !shared.has(key) && !contains(present.get(key), value));
  if (behind) return behind[0];
  const removed = [...(previous ? contentOf(previous).keys() : [])].filter((key) => !wanted.has(key));
  return removed.find((key) => !shared.has(key) && present.has(key));
}
