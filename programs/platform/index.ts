import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Platform, type PlatformArgs, Provider } from "../../components";
import type { Json } from "../../model";
import { mergeLayers } from "../../model/environment";

const COMMON = join(__dirname, "..", "..", "stacks", "common.yaml");

const config = new pulumi.Config("ove");
const common = parse(readFileSync(COMMON, "utf8")) as Json;
const environment = mergeLayers(common, config.requireObject<Json>("environment")) as unknown as PlatformArgs;

// Without it, both providers read the files that KUBECONFIG names.
const kubeconfig = config.getSecret("kubeconfig");
const { openshift, cilium, kubevirt } = environment.cluster;
const ove = new Provider("ove", { kubeconfig, versions: { openshift, cilium, kubevirt } });
// The cloud-init Secrets of machines change in place: replacing one would take it from under its machine.
const kubernetes = new k8s.Provider("kubernetes", { kubeconfig, enableSecretMutable: true });

const platform = withoutStack(() => new Platform("platform", environment, { providers: { ove, kubernetes } }));

/** What is wrong with an environment is not where in the program it was found: the message says it all. */
function withoutStack<T>(plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (pulumi.InputPropertiesError.isInstance(error)) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** What the stack offers. */
export const ready = platform.ready;
export const networks = platform.networks;
export const machines = platform.machines;
