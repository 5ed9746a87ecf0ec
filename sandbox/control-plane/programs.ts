import { join } from "node:path";
import type { ProcessSpec, Tools } from "../part";

/** TCP ports on 127.0.0.1. */
export interface Ports {
  apiServer: number;
  etcdClient: number;
  etcdPeer: number;
}

/** Folder of the certificates in a sandbox's folder. */
export function certificatesDir(dir: string): string {
  return join(dir, "certificates");
}

/** etcd: one member; clients need a certificate. Nothing in a sandbox outlives a power cut, so it does not sync. */
export function etcd(tools: Tools, dir: string, ports: Ports): ProcessSpec {
  const pki = certificatesDir(dir);
  const client = `https://127.0.0.1:${ports.etcdClient}`;
  const peer = `https://127.0.0.1:${ports.etcdPeer}`;
  return {
    name: "etcd",
    program: tools.program("etcd"),
    args: [
      `--data-dir=${join(dir, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      ...["", "peer-"].flatMap((prefix) => [
        `--${prefix}cert-file=${join(pki, "etcd.crt")}`,
        `--${prefix}key-file=${join(pki, "etcd.key")}`,
        `--${prefix}trusted-ca-file=${join(pki, "ca.crt")}`,
        `--${prefix}client-cert-auth`,
      ]),
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
  };
}

/** The API server. Its front-proxy settings are what aggregated APIs such as KubeVirt's read from the cluster. */
export function apiServer(tools: Tools, dir: string, ports: Ports): ProcessSpec {
  const pki = (name: string): string => join(certificatesDir(dir), name);
  return {
    name: "kube-apiserver",
    program: tools.program("kube-apiserver"),
    args: [
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      // Endpoints of the service `kubernetes` may not be loopback addresses, and no pod would use them.
      "--endpoint-reconciler-type=none",
      `--secure-port=${ports.apiServer}`,
      `--tls-cert-file=${pki("kube-apiserver.crt")}`,
      `--tls-private-key-file=${pki("kube-apiserver.key")}`,
      `--client-ca-file=${pki("ca.crt")}`,
      `--etcd-servers=https://127.0.0.1:${ports.etcdClient}`,
      `--etcd-cafile=${pki("ca.crt")}`,
      `--etcd-certfile=${pki("etcd.crt")}`,
      `--etcd-keyfile=${pki("etcd.key")}`,
      "--authorization-mode=Node,RBAC",
      "--allow-privileged=true",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${pki("service-accounts.pub")}`,
      `--service-account-signing-key-file=${pki("service-accounts.key")}`,
      `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      `--proxy-client-cert-file=${pki("front-proxy-client.crt")}`,
      `--proxy-client-key-file=${pki("front-proxy-client.key")}`,
    ],
  };
}

export function controllerManager(tools: Tools, dir: string): ProcessSpec {
  const pki = (name: string): string => join(certificatesDir(dir), name);
  return {
    name: "kube-controller-manager",
    program: tools.program("kube-controller-manager"),
    args: [
      `--kubeconfig=${componentKubeconfig(dir, "kube-controller-manager")}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--use-service-account-credentials=true",
      `--root-ca-file=${pki("ca.crt")}`,
      `--service-account-private-key-file=${pki("service-accounts.key")}`,
      `--cluster-signing-cert-file=${pki("ca.crt")}`,
      `--cluster-signing-key-file=${pki("ca.key")}`,
      // Nodes fail when an agent says so, not because the machine was asleep for a minute.
      "--node-monitor-grace-period=8760h",
    ],
  };
}

export function scheduler(tools: Tools, dir: string): ProcessSpec {
  return {
    name: "kube-scheduler",
    program: tools.program("kube-scheduler"),
    args: [`--kubeconfig=${componentKubeconfig(dir, "kube-scheduler")}`, "--leader-elect=false", "--secure-port=0"],
  };
}

/** kwok plays the kubelets of the nodes that carry its annotation. It has no server of its own here. */
export function kwok(tools: Tools, dir: string, kubeconfigFile: string): ProcessSpec {
  return {
    name: "kwok",
    program: tools.program("kwok"),
    args: [
      `--config=${kwokConfigFile(dir)}`,
      `--kubeconfig=${kubeconfigFile}`,
      "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
      "--node-lease-duration-seconds=40",
      "--cidr=10.128.0.0/14",
    ],
  };
}

export function componentKubeconfig(dir: string, component: string): string {
  return join(certificatesDir(dir), `${component}.kubeconfig`);
}

/** The stages by which kwok moves nodes and pods along. */
export function kwokConfigFile(dir: string): string {
  return join(dir, "kwok.yaml");
}
