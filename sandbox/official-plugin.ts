import { execFile } from "node:child_process";
import { version } from "@pulumi/kubernetes/package.json";

/** How long to try for the official plugin; without the network, its retries would go on for longer. */
const PATIENCE_MS = 10_000;

/**
 * Whether Pulumi's official Kubernetes plugin is installed or can be installed now. Where it cannot, the sandbox uses
 * its own stand-in (sandbox/plugins).
 */
export function hasOfficialKubernetesPlugin(pulumi: string): Promise<boolean> {
  const args = ["plugin", "install", "resource", "kubernetes", version, "--non-interactive"];
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve) => {
    execFile(pulumi, args, { env, timeout: PATIENCE_MS }, (error) => resolve(error === null));
  });
}
