// Command webhook serves the SR-IOV operator's own admission webhook on 127.0.0.1. The operator's program does the same
// on all interfaces and has no flag for the address.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"

	admission "k8s.io/api/admission/v1"

	"github.com/k8snetworkplumbingwg/sriov-network-operator/pkg/webhook"
)

type review func(admission.AdmissionReview) *admission.AdmissionResponse

// handler answers admission reviews by the operator's own function.
func handler(answer review) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		var asked admission.AdmissionReview
		if err := json.NewDecoder(request.Body).Decode(&asked); err != nil || asked.Request == nil {
			http.Error(response, fmt.Sprintf("this is no AdmissionReview: %v", err), http.StatusBadRequest)
			return
		}
		answered := admission.AdmissionReview{TypeMeta: asked.TypeMeta, Response: answer(asked)}
		answered.Response.UID = asked.Request.UID
		response.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(response).Encode(answered); err != nil {
			log.Printf("the answer was not sent: %v", err)
		}
	}
}

func main() {
	port := flag.Int("port", 0, "port on 127.0.0.1")
	certificate := flag.String("tls-cert-file", "", "certificate to serve with")
	key := flag.String("tls-private-key-file", "", "its key")
	flag.Parse()
	if err := webhook.SetupInClusterClient(); err != nil {
		log.Fatal(err)
	}
	if err := webhook.RetriveSupportedNics(); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/mutating-custom-resource", handler(webhook.MutateCustomResource))
	http.HandleFunc("/validating-custom-resource", handler(webhook.ValidateCustomResource))
	http.HandleFunc("/readyz", func(response http.ResponseWriter, _ *http.Request) { fmt.Fprint(response, "ok") })
	log.Fatal(http.ListenAndServeTLS(fmt.Sprintf("127.0.0.1:%d", *port), *certificate, *key, nil))
}
