import { expect } from "chai";
import type { z } from "zod";
import { findingText } from "../../model";
import { Environment } from "../../model/environment";
import {
  ImagesArgs,
  OperatorArgs,
  planImages,
  planOperator,
  planPlatform,
  planVirtualization,
  validate,
  VirtualizationArgs,
} from "../../planning";
import { doubts } from "./checked";
import { full } from "./environments";
import { arrows, properties, waitsFor } from "./plans";

const sriov: z.input<typeof OperatorArgs> = {
  name: "sriov",
  package: "sriov-network-operator",
  namespace: "openshift-sriov-network-operator",
  version: "sriov-network-operator.v4.20.0-202511041201",
};

describe("planning of operators", () => {
  const plan = (input: z.input<typeof OperatorArgs>) => planOperator(OperatorArgs.parse(input));

  it("plans namespace, OperatorGroup and a Subscription of one version, in this order", () => {
    const planned = plan(sriov);
    expect(doubts(planned)).to.deep.equal([]);
    expect(properties(planned)).to.deep.equal({
      "operators/sriov/namespace": {
        metadata: { name: sriov.namespace, labels: { "openshift.io/cluster-monitoring": "true" } },
      },
      "operators/sriov/group": {
        metadata: { name: sriov.namespace, namespace: sriov.namespace },
        spec: { targetNamespaces: [sriov.namespace] },
      },
      "operators/sriov/subscription": {
        metadata: { name: "sriov-network-operator", namespace: sriov.namespace },
        spec: {
          name: "sriov-network-operator",
          source: "redhat-operators",
          sourceNamespace: "openshift-marketplace",
          channel: "stable",
          installPlanApproval: "Manual",
          startingCSV: sriov.version,
        },
      },
    });
    expect(arrows(planned)).to.have.members([
      "operators/sriov/group -> operators/sriov/namespace",
      "operators/sriov/subscription -> operators/sriov/group",
    ]);
    expect(planned.components[0]?.gate).to.equal("operators/sriov/subscription");
  });

  it("leaves a namespace alone and watches all namespaces where it is told so", () => {
    const objects = properties(plan({ ...sriov, createNamespace: false, scope: "all", groupName: "global" }));
    expect(objects).to.not.have.property("operators/sriov/namespace");
    expect(objects["operators/sriov/group"]).to.deep.equal({
      metadata: { name: "global", namespace: sriov.namespace },
      spec: {},
    });
  });
});

describe("planning of OpenShift Virtualization", () => {
  const plan = (input: z.input<typeof VirtualizationArgs>) => planVirtualization(VirtualizationArgs.parse(input));

  it("plans the operand, and after it what machines are made of", () => {
    const planned = plan({
      evictionStrategy: "LiveMigrate",
      migrationNetwork: "migration",
      parallelMigrationsPerCluster: 4,
      nodeSelector: { "node-role.kubernetes.io/virt": "" },
      instanceTypes: [{ name: "database", cpus: 8, memory: "32Gi", dedicated: true, hugepages: "1Gi" }],
      migrationClasses: [
        { name: "databases", machines: { tier: "database" }, bandwidth: "512Mi", allowPostCopy: false },
      ],
    });
    expect(doubts(planned)).to.deep.equal([]);
    const objects = properties(planned);
    expect(objects["virtualization/hyperconverged"]).to.deep.equal({
      metadata: { name: "kubevirt-hyperconverged", namespace: "openshift-cnv" },
      spec: {
        evictionStrategy: "LiveMigrate",
        liveMigrationConfig: { network: "migration", parallelMigrationsPerCluster: 4 },
        workloads: { nodePlacement: { nodeSelector: { "node-role.kubernetes.io/virt": "" } } },
      },
    });
    expect(objects["virtualization/instancetype/database"]?.spec).to.deep.equal({
      cpu: { guest: 8, dedicatedCPUPlacement: true },
      memory: { guest: "32Gi", hugepages: { pageSize: "1Gi" } },
    });
    expect(objects["virtualization/migration/databases"]?.spec).to.deep.equal({
      allowPostCopy: false,
      bandwidthPerMigration: "512Mi",
      selectors: { virtualMachineInstanceSelector: { tier: "database" } },
    });
    expect(arrows(planned)).to.include.members([
      "virtualization/instancetype/database -> virtualization/hyperconverged",
      "virtualization/migration/databases -> virtualization/hyperconverged",
    ]);
  });

  it("leaves to the operator what it is not told", () => {
    const planned = plan({});
    expect(properties(planned)["virtualization/hyperconverged"]?.spec).to.deep.equal({});
    expect(planned.components[0]?.gate).to.equal("virtualization/hyperconverged");
  });

  it("deploys Open vSwitch's plugin when told to, and in an environment with such a network", () => {
    const annotated = { metadata: { name: "kubevirt-hyperconverged", namespace: "openshift-cnv" } };
    const metadata = { ...annotated.metadata, annotations: { deployOVS: "true" } };
    expect(properties(plan({ openVSwitch: true }))["virtualization/hyperconverged"]?.metadata).to.deep.equal(metadata);
    const ovs = { name: "data", namespace: "web", type: "ovs", bridge: "br-data" };
    const platform = (networks: unknown[]) =>
      properties(planPlatform(Environment.parse({ ...full, networks, machines: [], virtualization: {} })));
    expect(platform([ovs])["virtualization/hyperconverged"]?.metadata).to.deep.equal(metadata);
    expect(platform([])["virtualization/hyperconverged"]).to.deep.include(annotated);
  });
});

describe("planning of images", () => {
  type Input = z.input<typeof ImagesArgs>["images"][number];
  const image = (source: Input["source"], more: Partial<Input> = {}): unknown => {
    const planned = planImages(ImagesArgs.parse({ images: [{ name: "a", namespace: "web", source, ...more }] }));
    expect(doubts(planned)).to.deep.equal([]);
    return planned.objects[0]?.properties;
  };

  it("writes each source in CDI's form", () => {
    const url = "docker://quay.io/containerdisks/fedora:42";
    expect(
      image(
        { from: "registry", url },
        { size: "30Gi", storageClass: "fast", accessMode: "ReadWriteMany", immediate: true },
      ),
    ).to.deep.equal({
      metadata: {
        name: "a",
        namespace: "web",
        annotations: { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" },
      },
      spec: {
        source: { registry: { url } },
        storage: {
          storageClassName: "fast",
          accessModes: ["ReadWriteMany"],
          resources: { requests: { storage: "30Gi" } },
        },
      },
    });
    expect(image({ from: "volume", name: "b" })).to.deep.equal({
      metadata: { name: "a", namespace: "web" },
      spec: { source: { pvc: { name: "b", namespace: "web" } }, storage: {} },
    });
    expect(image({ from: "blank" }, { size: "1Gi" })).to.deep.include({
      spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
    });
    expect(image({ from: "http", url: "https://images.example/a.qcow2" }, { size: "1Gi" })).to.deep.include({
      spec: {
        source: { http: { url: "https://images.example/a.qcow2" } },
        storage: { resources: { requests: { storage: "1Gi" } } },
      },
    });
  });

  it("asks for a size unless it is cloned, and for an image's transport", () => {
    const wrong = (source: unknown): string[] =>
      validate(ImagesArgs, { images: [{ name: "a", namespace: "web", source }] }, "x").findings.map(findingText);
    expect(wrong({ from: "blank" })).to.deep.equal(["images[0].size: Is required unless the volume is cloned."]);
    expect(wrong({ from: "registry", url: "quay.io/a" })).to.include(
      "images[0].source.url: Must begin with docker:// or oci-archive://.",
    );
  });
});

describe("virtualization of an environment", () => {
  const input: z.input<typeof Environment> = {
    ...full,
    operators: [
      sriov,
      {
        name: "cnv",
        package: "kubevirt-hyperconverged",
        namespace: "openshift-cnv",
        version: "kubevirt-hyperconverged.v4.20.1",
      },
    ],
    virtualization: { instanceTypes: [{ name: "small", cpus: 1, memory: "1Gi" }] },
    images: [
      { name: "fedora", namespace: "db", source: { from: "blank" }, size: "1Gi" },
      { name: "plain-root", namespace: "db", source: { from: "volume", name: "fedora" } },
    ],
  };
  const plan = (more: Partial<z.input<typeof Environment>> = {}) =>
    planPlatform(Environment.parse({ ...input, ...more }));

  it("starts operands after their operators, and machines after all that they are made of", () => {
    const planned = plan();
    expect(planned.findings).to.deep.equal([]);
    expect(arrows(planned)).to.include.members(
      [
        "sriov/operator -> operators/sriov/subscription",
        "virtualization/hyperconverged -> operators/cnv/subscription",
        "images/db/fedora -> virtualization/ready",
        "images/db/fedora -> platform/namespace/db",
        "images/db/plain-root -> images/db/fedora",
        "machines/db/plain/vm -> images/db/plain-root",
      ].map((arrow) => arrow.replace("virtualization/ready", "virtualization/instancetype/small")),
    );
    expect(waitsFor(planned, "virtualization/hyperconverged")).to.include("nodes/worker/release");
  });

  it("reports two operators in a namespace, and a migration network that is not there", () => {
    const found = plan({
      operators: [sriov, { ...sriov, name: "other", package: "other" }],
      virtualization: { migrationNetwork: "migration" },
    }).findings.map(findingText);
    expect(found).to.include.members([
      'operators[1].namespace: Operator "sriov" is in this namespace. Give each a namespace of its own: a second OperatorGroup stops both.',
      'virtualization.migrationNetwork: The environment has no network "openshift-cnv/migration". Add it to `networks`, in that namespace.',
    ]);
  });
});
