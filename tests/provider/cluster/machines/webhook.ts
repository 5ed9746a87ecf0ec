import { Agent, request, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { JsonObject } from "../../../../model";

/** The API server's answer to a machine; `fields` are where it found something, in its own words. */
export interface Answer {
  accepted: boolean;
  message: string;
  fields: string[];
}

interface Status {
  message?: string;
  details?: { causes?: { field?: string; message?: string }[] };
}

/** Asks an API server, with all its webhooks, what it would say to objects. */
export class Webhooks {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  private constructor(
    private readonly server: string,
    private readonly options: RequestOptions,
  ) {}

  static async of(kubeconfigFile: string): Promise<Webhooks> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigFile);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new Webhooks(config.getCurrentCluster()?.server ?? "", options);
  }

  close(): void {
    this.agent.destroy();
  }

  /** A dry run of its creation, with unknown fields refused. */
  async ask(plural: string, object: JsonObject): Promise<Answer> {
    const text = JSON.stringify(object);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const path = `/apis/kubevirt.io/v1/namespaces/default/${plural}?dryRun=All&fieldValidation=Strict`;
    const options = { ...this.options, agent: this.agent, method: "POST", headers };
    const [code, answer] = await new Promise<[number, string]>((resolve, reject) => {
      const sent = request(new URL(path, this.server), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString("utf8")]));
      });
      sent.on("error", reject);
      sent.end(text);
    });
    const status = JSON.parse(answer) as Status;
    if (code !== 201 && ![400, 422].includes(code)) throw new Error(`${code} ${status.message ?? answer}`);
    const fields = (status.details?.causes ?? []).map((cause) => cause.field ?? "").filter((field) => field !== "");
    return { accepted: code === 201, message: status.message ?? "", fields };
  }
}

const machine = "spec.template.spec";
const devices = `${machine}.domain.devices`;

/** Where the webhooks name another place than the field's own, as [what they say, the field]. */
const misnamed: readonly [RegExp, string][] = [
  [/^spec\.template\.spec\.domain\.devices\.disks\.domain\.devices\.disks\.disk(\[\d+\])/, `${devices}.disks$1.disk`],
  [/^spec\.template\.spec\.domain\.devices\.disks\.domain\.devices\.disks/, `${devices}.disks`],
  [/^spec\.template\.spec(\[\d+\]\.bootOrder)/, `${devices}.interfaces$1`],
  [/^spec\.domain\.devices/, devices],
  [/^spec\.template\.spec\.acpi/, `${machine}.domain.firmware.acpi`],
  [/^spec\.template\.spec\.launchSecurity/, `${machine}.domain.launchSecurity`],
  [/^spec\.template\.spec\.interfaces$/, `${machine}.networks`],
  [/^spec\.template\.spec\.Sound/, `${devices}.sound`],
  [/^spec\.template\.spec\.GPUs/, `${devices}.gpus`],
  [/^spec\.template\.spec\.HostDevices/, `${devices}.hostDevices`],
  [/^spec\.template\.spec\.video/, `${devices}.video`],
  [/^spec\.template\.spec\.domain\.devices\.disks\.luns\.reservation/, `${devices}.disks`],
  [/^spec\.template\.spec\.((node|pod|podAnti)Affinity)/, `${machine}.affinity.$1`],
  [/(podAffinityTerm|\[\d+\])\.namespace$/, "$1.namespaces"],
  [/^spec\.template\.spec\.topologySpreadConstraints\.labelSelector.*/, `${machine}.topologySpreadConstraints`],
  [/^spec\.template\.spec\.domain\.ioThreads\.count/, `${machine}.domain.ioThreads.supplementalPoolThreadCount`],
  [/^nameservers$/, `${machine}.dnsConfig.nameservers`],
  [/^searchDomains$/, `${machine}.dnsConfig.searches`],
  [/^options$/, `${machine}.dnsConfig.options`],
  [/^spec\.dataVolumeTemplate(\[\d+\]).*/, "spec.dataVolumeTemplates$1"],
];

/** The field that an answer's field means. */
export const meant = (field: string): string =>
  misnamed.reduce((text, [said, field]) => text.replace(said, field), field);
