module toolchain/crds

go 1.26.0

require (
	github.com/cilium/cilium v1.20.2
	github.com/k8snetworkplumbingwg/multi-networkpolicy v1.0.1
	github.com/k8snetworkplumbingwg/network-attachment-definition-client v1.7.5
	github.com/openshift/api v0.0.0-20250227152946-1ee1ef831100
	github.com/operator-framework/api v0.30.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
	sigs.k8s.io/gateway-api v1.6.1
)
