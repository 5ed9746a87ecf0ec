import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const watched = new ove.Observability("watched", { virtualization: true, nodes: true, bgp: true }, { provider });

export const { namespace, ready } = watched;
