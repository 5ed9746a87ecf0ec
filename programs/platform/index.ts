import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Platform, type PlatformArgs, Provider } from "../../components";
import type { Json } from "../../model";
import { plain } from "../../model/layers";
import { stackEnvironment, withPlaces } from "./environment";

const config = new pulumi.Config("ove");
const root = join(__dirname, "..", "..");
const layers = stackEnvironment(root, pulumi.getStack(), config.requireObject<Json>("environment"));
const environment = plain(layers) as unknown as PlatformArgs;

// Without it, both providers read the files that KUBECONFIG names.
const kubeconfig = config.getSecret("kubeconfig");
// Whether the environment is complete is for the platform to say.
const { cluster, inventory } = environment as Partial<PlatformArgs>;
const versions = cluster && { openshift: cluster.openshift, cilium: cluster.cilium, kubevirt: cluster.kubevirt };
const ove = new Provider("ove", { kubeconfig, versions, nodes: inventory?.nodes });
// The cloud-init Secrets of machines change in place: replacing one would take it from under its machine.
const kubernetes = new k8s.Provider("kubernetes", { kubeconfig, enableSecretMutable: true });

const platform = withPlaces(layers, () => new Platform("platform", environment, { providers: { ove, kubernetes } }));

/** What the stack offers. */
export const ready = platform.ready;
export const networks = platform.networks;
export const machines = platform.machines;
