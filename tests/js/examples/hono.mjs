// The gateway in Hono, which runs the same on Deno, Bun and workers; here Node serves it. Key and secret key come from the
// environment: QCC_KEY, QCC_SECRET_KEY.
import { createServer } from "node:http";
import { Hono } from "hono";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import { signIn, userOf } from "./session.mjs";

const gateway = createGateway({ authorize: userOf });

const app = new Hono();
app.all("/api/qcc/*", (context) => gateway(context.req.raw));
app.get("/sign-in", (context) => context.body(null, 200, { "Set-Cookie": signIn("Li Lei") }));

const server = createServer(toNodeHandler(app.fetch));
server.listen(process.env.PORT ?? 3000, () => console.log(`http://127.0.0.1:${server.address().port}`));
