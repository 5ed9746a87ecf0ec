import { KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";

/** A control plane with all CRDs and no operators, shared by the tests of one run. */
export interface TestCluster {
  kubeconfigFile: string;
  api: KubernetesObjectApi;
  ensureNamespace(name: string): Promise<void>;
}

export function testCluster(): Promise<TestCluster> {
  const kubeconfigFile = process.env.KUBECONFIG ?? "";
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigFile);
  const api = KubernetesObjectApi.makeApiClient(config);
  const ensureNamespace = async (name: string): Promise<void> => {
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }).catch((error: { code?: number }) => {
      if (error.code !== 409) throw error;
    });
  };
  return Promise.resolve({ kubeconfigFile, api, ensureNamespace });
}
