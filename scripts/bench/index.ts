import { Provider } from "../../provider/resources";
import { NetworkAttachmentDefinition } from "../../provider/resources/networks";
import { attachment } from "./attachments";

const provider = new Provider("ove", {});
for (let index = 0; index < Number(process.env.BENCH_ATTACHMENTS); index += 1) {
  new NetworkAttachmentDefinition(`n${index}`, attachment("bench-ove", index), { provider });
}
