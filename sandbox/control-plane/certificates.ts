import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Tools } from "../part";
import { PlainError } from "../plain-error";

/** One key pair, written as <file>.crt and <file>.key in PEM. */
export interface CertificateRequest {
  file: string;
  /** File of the authority that signs it; without one it is itself an authority. */
  issuer?: string;
  commonName: string;
  /** The groups of a user, for a client certificate. */
  organizations?: string[];
  /** DNS names and IP addresses, for a server certificate. */
  hosts?: string[];
}

/** Issues certificates into a folder. An issuer may be in the folder already. */
export async function issueCertificates(tools: Tools, dir: string, requests: CertificateRequest[]): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const child = spawn(tools.program("certificates"), [dir], { stdio: ["pipe", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(JSON.stringify(requests));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new PlainError(`The sandbox's certificates could not be made: ${stderr.trim()}`);
}

/** First address of the service network: what `kubernetes.default.svc` resolves to inside a cluster. */
const apiServiceIP = "10.96.0.1";

/** Everything that the control plane's programs show each other. */
export async function issueControlPlaneCertificates(tools: Tools, dir: string): Promise<void> {
  const local = ["127.0.0.1", "localhost"];
  await issueCertificates(tools, dir, [
    { file: "ca", commonName: "pulumi-ove sandbox" },
    { file: "front-proxy-ca", commonName: "pulumi-ove sandbox front proxy" },
    {
      file: "kube-apiserver",
      issuer: "ca",
      commonName: "kube-apiserver",
      hosts: [...local, apiServiceIP, "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
    },
    { file: "etcd", issuer: "ca", commonName: "etcd", hosts: local },
    { file: "front-proxy-client", issuer: "front-proxy-ca", commonName: "front-proxy-client" },
    { file: "admin", issuer: "ca", commonName: "sandbox-admin", organizations: ["system:masters"] },
    { file: "kube-controller-manager", issuer: "ca", commonName: "system:kube-controller-manager" },
    { file: "kube-scheduler", issuer: "ca", commonName: "system:kube-scheduler" },
  ]);
  const keys = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(join(dir, "service-accounts.key"), keys.privateKey, { mode: 0o600 });
  writeFileSync(join(dir, "service-accounts.pub"), keys.publicKey);
}

/** Writes a kubeconfig for the holder of <user>.crt in the certificates' folder, with everything inlined. */
export function writeKubeconfig(file: string, certificates: string, user: string, server: string): void {
  const inline = (name: string): string => readFileSync(join(certificates, name)).toString("base64");
  const name = "pulumi-ove-sandbox";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": inline("ca.crt") } }],
    users: [
      {
        name: user,
        user: { "client-certificate-data": inline(`${user}.crt`), "client-key-data": inline(`${user}.key`) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
}
