const main = require("qcc-pro");
const gateway = require("qcc-pro/gateway");
const sandbox = require("qcc-pro/sandbox");

const server = JSON.parse(process.argv[2]);
const load = () => import("./calls.mjs");
load().then(async ({ calls }) => console.log(JSON.stringify(await calls({ main, gateway, sandbox }, server))));
