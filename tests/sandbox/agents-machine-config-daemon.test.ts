import { expect } from "chai";
import { clusterPolicies } from "../../sandbox/agents/disruption-policy";
import { hostConfig } from "../../sandbox/agents/host-config";
import { type DaemonView, installed, nextStep } from "../../sandbox/agents/machine-config-daemon";

const GROUP = "machineconfiguration.openshift.io";

function config(kernelArguments: string[], files: { path: string }[] = []) {
  return hostConfig({
    apiVersion: `${GROUP}/v1`,
    kind: "MachineConfig",
    metadata: { name: "rendered" },
    spec: { kernelArguments, config: { storage: { files } } },
  });
}

/** A node installed with `old` that the controller has told to take `new`. */
function view(desired = config(["a=1"])): DaemonView {
  const annotations = { ...installed("old"), [`${GROUP}/desiredConfig`]: "new" };
  return { annotations, current: config([]), desired, policies: clusterPolicies(), broken: false };
}

/** Plays the daemon and MCO's drain controller until nothing is left to do; returns what happened. */
function play(state: DaemonView): string[] {
  const seen: string[] = [];
  for (let round = 0; round < 20; round++) {
    const step = nextStep(state);
    if (!step) {
      const wanted = state.annotations[`${GROUP}/desiredDrain`] ?? "";
      if (wanted === state.annotations[`${GROUP}/lastAppliedDrain`]) return seen;
      state.annotations[`${GROUP}/lastAppliedDrain`] = wanted;
      seen.push(`controller: ${wanted}`);
    } else if (step.kind === "apply") {
      state.annotations["sandbox.pulumi-ove/applied-config"] = step.name;
      seen.push(step.reboot ? `reboot into ${step.name}` : `write ${step.name}`);
    } else {
      Object.assign(state.annotations, step.annotations);
      seen.push(
        Object.entries(step.annotations)
          .map(([key, value]) => `${key.replace(/.*\//, "")}=${value}`)
          .join(" "),
      );
    }
  }
  throw new Error(`no end: ${seen.join(", ")}`);
}

describe("the simulated machine-config-daemon", () => {
  it("has nothing to do on a node that is up to date", () => {
    const state = view();
    state.annotations = installed("old");
    expect(nextStep(state)).to.equal(undefined);
  });

  it("drains, reboots, uncordons and then reports the configuration", () => {
    expect(play(view())).to.deep.equal([
      "state=Working reason=",
      "desiredDrain=drain-new",
      "controller: drain-new",
      "reboot into new",
      "desiredDrain=uncordon-new",
      "controller: uncordon-new",
      "currentConfig=new state=Done reason=",
    ]);
  });

  it("neither drains nor reboots for an exempt file", () => {
    expect(play(view(config([], [{ path: "/var/lib/kubelet/config.json" }])))).to.deep.equal([
      "state=Working reason=",
      "write new",
      "desiredDrain=uncordon-new",
      "controller: uncordon-new",
      "currentConfig=new state=Done reason=",
    ]);
  });

  it("waits for a configuration that is not rendered yet", () => {
    expect(nextStep({ ...view(), desired: undefined })).to.equal(undefined);
  });

  it("degrades with a reason while it is broken, and goes on afterwards", () => {
    const state = { ...view(), broken: true };
    expect(play(state)).to.deep.equal(["state=Degraded reason=simulated failure: cannot apply the update"]);
    state.broken = false;
    expect(play(state).at(-1)).to.equal("currentConfig=new state=Done reason=");
  });

  it("recovers when the controller takes the new configuration back", () => {
    const state = { ...view(), broken: true };
    play(state);
    state.annotations[`${GROUP}/desiredConfig`] = "old";
    expect(play(state)).to.deep.equal(["currentConfig=old state=Done reason="]);
  });
});
