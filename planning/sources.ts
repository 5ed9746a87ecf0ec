import { isObject, type Json, type PathStep, valueAt } from "../model";
import type { Environment } from "../model/environment";
import { PLATFORM } from "./domains/domain";

/** Sections whose domain has another name. */
const SECTIONS: Readonly<Record<string, string>> = { nodes: "nodePools", sriov: "fabric" };

interface Named {
  path: PathStep[];
  name: string;
  namespace?: string;
}

function namedElements(list: Json | undefined, path: PathStep[]): Named[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((element, index): Named[] => {
    if (!isObject(element) || typeof element.name !== "string") return [];
    const { name, namespace } = element;
    return [{ path: [...path, index], name, ...(typeof namespace === "string" && { namespace }) }];
  });
}

/** The named things of a section: of its list, or of the lists in it. */
function elementsOf(section: Json, path: PathStep[]): Named[] {
  if (!isObject(section)) return namedElements(section, path);
  return Object.entries(section).flatMap(([key, list]) => namedElements(list, [...path, key]));
}

/** The one element that the steps of an id call by its name and namespace, or by its name; none when several could be. */
function called(elements: readonly Named[], steps: readonly string[]): Named | undefined {
  const found = elements
    .map((element) => {
      const at = steps.findIndex((step, index) => step === element.namespace && steps[index + 1] === element.name);
      return { element, whole: at >= 0, at: at >= 0 ? at : steps.indexOf(element.name) };
    })
    .filter(({ at }) => at >= 0)
    .sort((a, b) => Number(b.whole) - Number(a.whole) || a.at - b.at);
  const [first, second] = found;
  const isTie = second && first?.whole === second.whole && first.at === second.at;
  return isTie ? undefined : first?.element;
}

/**
 * Where in an environment a planned object comes from, as far as its id tells: the element of a section by whose name
 * it is called, or the section.
 */
export function sourceOf(objectId: string, environment: Environment): PathStep[] | undefined {
  const [domain = "", ...steps] = objectId.split("/");
  const name = domain === PLATFORM && steps[0] === "namespace" ? "namespaces" : (SECTIONS[domain] ?? domain);
  const section = valueAt(environment, [name]);
  if (section === undefined) return undefined;
  return called(elementsOf(section, [name]), steps)?.path ?? [name];
}
