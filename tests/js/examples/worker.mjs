// The gateway as a worker (Cloudflare's, or any with its interface). Its environment has QCC_KEY, QCC_SECRET_KEY and the
// token that lets callers in.
import { createGateway } from "qcc-pro/gateway";

let gateway;

export default {
  fetch(request, env) {
    gateway ??= createGateway({
      key: env.QCC_KEY,
      secretKey: env.QCC_SECRET_KEY,
      baseUrl: env.QCC_BASE_URL,
      authorize: ({ headers }) => headers.get("authorization") === `Bearer ${env.GATEWAY_TOKEN}`,
    });
    return gateway(request);
  },
};
