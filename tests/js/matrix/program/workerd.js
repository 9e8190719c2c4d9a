import * as main from "qcc-pro";
import * as gateway from "qcc-pro/gateway";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";

export default {
  async fetch(request) {
    return Response.json(await calls({ main, gateway, sandbox }, await request.json()));
  },
};
