import type { Kind } from "../kind";
import { ciliumConfig } from "./cilium";
import { virtualMachine } from "./machines";
import { networkAttachmentDefinition } from "./networks";
import { machineConfig, machineConfigPool } from "./nodes";
import { gate } from "./platform";
import { nodeAllocatable, rolloutHold, rolloutRelease } from "./rollout";
import { sriovNetwork, sriovNetworkNodePolicy, sriovOperatorConfig } from "./sriov";

/** Everything that the provider knows, by token. */
export const kinds: readonly Kind[] = [
  ciliumConfig,
  virtualMachine,
  networkAttachmentDefinition,
  machineConfig,
  machineConfigPool,
  nodeAllocatable,
  rolloutHold,
  rolloutRelease,
  gate,
  sriovNetwork,
  sriovNetworkNodePolicy,
  sriovOperatorConfig,
];

const byToken = new Map(kinds.map((kind) => [kind.token, kind]));

/** The kind of a token such as `ove:nodes:MachineConfig`, undefined when the provider does not know it. */
export function kindOf(token: string): Kind | undefined {
  return byToken.get(token);
}
