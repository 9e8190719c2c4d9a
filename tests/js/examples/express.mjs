// The gateway in Express. Key and secret key come from the environment: QCC_KEY, QCC_SECRET_KEY.
import express from "express";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import { signIn, userOf } from "./session.mjs";

const app = express();
app.use("/api/qcc", toNodeHandler(createGateway({ authorize: userOf })));
app.get("/sign-in", (_, response) => response.set("Set-Cookie", signIn("Li Lei")).end());

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`http://127.0.0.1:${server.address().port}`));
