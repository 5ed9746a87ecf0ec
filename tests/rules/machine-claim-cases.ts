import type { JsonObject } from "../../model";
import { I, K, P, disk, domain, nic, template } from "./machine-inputs";
import type { Cases } from "./support";

const D = `${P}.domain.devices`;
const devices = (content: JsonObject, resourceClaims: JsonObject[] = [{ name: "c" }]): JsonObject =>
  template({ resourceClaims, domain: { devices: content } });
const claim = (content: JsonObject = {}): JsonObject => ({ name: "g", claimName: "c", requestName: "r", ...content });

/** Cases of the rules on claimed devices and on numbers; each was seen at KubeVirt 1.8.4's webhooks. */
export const claimCases: Record<string, Cases> = {
  "machines/device-source": {
    bad: [
      [devices({ gpus: [{ name: "g" }] }), `${D}.gpus[0]`],
      [devices({ hostDevices: [{ name: "h", deviceName: "" }] }), `${D}.hostDevices[0]`],
      [devices({ hostDevices: [claim({ deviceName: "x" })] }), `${D}.hostDevices[0]`],
      [devices({ gpus: [claim(), { name: "h", deviceName: "x" }] }), `${D}.gpus`],
      [devices({ gpus: [claim({ requestName: "" })] }), `${D}.gpus[0].requestName`],
      [devices({ gpus: [{ name: "g", requestName: "r" }] }), `${D}.gpus[0].claimName`],
      [devices({ gpus: [claim(), claim()] }), `${D}.gpus[1]`],
      [devices({ gpus: [claim()], hostDevices: [claim()] }), `${D}.hostDevices[0]`],
      [devices({ gpus: [claim({ claimName: "other" })] }), `${P}.resourceClaims`],
    ],
    good: [
      devices({ gpus: [{ name: "g", deviceName: "nvidia.com/A10" }] }),
      devices({ gpus: [claim()] }),
      devices({ hostDevices: [claim(), { name: "h", deviceName: "x" }] }),
      devices({ gpus: [{ name: "g", deviceName: undefined }] }),
      devices({ gpus: [claim()] }, [{ name: undefined }]),
    ],
  },
  "machines/negative": {
    bad: [
      [domain({ cpu: { cores: -1 } }), `${P}.domain.cpu.cores`],
      [disk({ bootOrder: -1 }), `${K}[0].bootOrder`],
      [disk({ blockSize: { custom: { logical: -512, physical: 512 } } }), `${K}[0].blockSize.custom.logical`],
      [nic({ bootOrder: -1 }), `${I}[0].bootOrder`],
      [domain({ ioThreads: { supplementalPoolThreadCount: -1 } }), `${P}.domain.ioThreads.supplementalPoolThreadCount`],
    ],
    good: [domain({ cpu: { cores: 0 } }), nic({ acpiIndex: -1 }), disk({ bootOrder: 1 })],
  },
};

const tolerations = (...list: JsonObject[]): JsonObject => template({ tolerations: list });

/** Cases of the rules on where a machine may run. */
export const schedulingCases: Record<string, Cases> = {
  "machines/toleration": {
    bad: [
      [tolerations({ key: "a", operator: "exists" }), `${P}.tolerations[0].operator`],
      [tolerations({ effect: "Never" }), `${P}.tolerations[0].effect`],
    ],
    good: [tolerations({ key: "a", operator: "Equal", value: "b", effect: "NoSchedule" }, { operator: "" })],
  },
};
