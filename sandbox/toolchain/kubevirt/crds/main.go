// Command crds prints CustomResourceDefinitions as one JSON list: those in the YAML files that are its arguments, read
// as kubectl reads them, and KubeVirt's, which KubeVirt builds in code instead of shipping them as YAML.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"kubevirt.io/kubevirt/pkg/virt-operator/resource/generate/components"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "crds:", err)
		os.Exit(1)
	}
}

func run() error {
	var crds []any
	for _, file := range os.Args[1:] {
		documents, err := read(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		crds = append(crds, documents...)
	}
	for _, build := range []func() (*extv1.CustomResourceDefinition, error){
		components.NewVirtualMachineInstanceCrd,
		components.NewVirtualMachineCrd,
		components.NewPresetCrd,
		components.NewReplicaSetCrd,
		components.NewVirtualMachineInstanceMigrationCrd,
		components.NewKubeVirtCrd,
		components.NewVirtualMachinePoolCrd,
		components.NewVirtualMachineSnapshotCrd,
		components.NewVirtualMachineSnapshotContentCrd,
		components.NewVirtualMachineRestoreCrd,
		components.NewVirtualMachineExportCrd,
		components.NewVirtualMachineBackupCrd,
		components.NewVirtualMachineBackupTrackerCrd,
		components.NewVirtualMachineInstancetypeCrd,
		components.NewVirtualMachineClusterInstancetypeCrd,
		components.NewVirtualMachinePreferenceCrd,
		components.NewVirtualMachineClusterPreferenceCrd,
		components.NewMigrationPolicyCrd,
		components.NewVirtualMachineCloneCrd,
	} {
		crd, err := build()
		if err != nil {
			return err
		}
		crds = append(crds, crd)
	}
	return json.NewEncoder(os.Stdout).Encode(crds)
}

// read returns the CustomResourceDefinitions among the documents of a YAML file, with every field as it stands there.
func read(path string) ([]any, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoder := yaml.NewYAMLToJSONDecoder(bufio.NewReader(file))
	var crds []any
	for {
		var document map[string]any
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return crds, nil
		} else if err != nil {
			return nil, err
		}
		if document["kind"] == "CustomResourceDefinition" {
			crds = append(crds, document)
		}
	}
}
