// The gateway on plain node:http. Key and secret key come from the environment: QCC_KEY, QCC_SECRET_KEY.
import { createServer } from "node:http";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import { signIn, userOf } from "./session.mjs";

const gateway = toNodeHandler(createGateway({ authorize: userOf }));

const server = createServer((request, response) => {
  if (request.url.startsWith("/api/qcc/")) return gateway(request, response);
  if (request.url === "/sign-in") response.setHeader("Set-Cookie", signIn("Li Lei"));
  response.end();
});
server.listen(process.env.PORT ?? 3000, () => console.log(`http://127.0.0.1:${server.address().port}`));
