/** Files of KubeVirt in which the webhooks' rules are written. */
export const admitters = "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/";
export const instances = `${admitters}vmi-create-admitter.go`;
export const network = "KubeVirt pkg/network/admitter/";
export const disksFile = "KubeVirt pkg/storage/admitters/disks.go";
export const kubernetes = `${admitters}validate-k8s-utils.go`;
export const instancetypes = "KubeVirt pkg/instancetype/";
