import { Platform, type PlatformArgs } from "../../../../components";
import { Provider } from "../../../../provider/resources";

const provider = new Provider("ove", {});
new Platform("platform", JSON.parse(process.env.SCENARIO ?? "{}") as PlatformArgs, { provider });
