import * as main from "qcc-pro";
import * as gateway from "qcc-pro/gateway";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";

const server = JSON.parse(globalThis.Deno?.args[0] ?? process.argv[2]);
// Without a top-level await: this file is also what `require(esm)` loads.
calls({ main, gateway, sandbox }, server).then((answers) => console.log(JSON.stringify(answers)));
