import { main } from "../../cli/main";

// The program `ove` from its sources, for tests that need it as a process.
void main(process.argv).then((code) => process.exit(code));
