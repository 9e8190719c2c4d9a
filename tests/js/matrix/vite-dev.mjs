// Vite's development server for the project in the current folder; prints its address.
import { createServer } from "vite";

const server = await createServer({ root: process.cwd(), logLevel: "warn", server: { port: 0, host: "127.0.0.1" } });
await server.listen();
console.log(`http://127.0.0.1:${server.httpServer.address().port}`);
