// A real Redis for the tests: the server that is installed, else Debian's where we are root on Debian, else an error that
// says what is missing.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

function find() {
  const named = process.env.REDIS_SERVER_PATH;
  if (named && !existsSync(named)) throw new Error(`REDIS_SERVER_PATH names ${named}, which does not exist`);
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  const places = folders.flatMap((folder) => ["redis-server", "valkey-server"].map((name) => join(folder, name)));
  return named || places.find((path) => existsSync(path));
}

function redisPath() {
  const found = find();
  if (found) return found;
  if (existsSync("/etc/debian_version") && process.getuid?.() === 0) {
    console.log("installing Debian's redis-server");
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const step of [["update"], ["install", "--yes", "--no-install-recommends", "redis-server"]]) {
      const { status, stderr } = spawnSync("apt-get", step, { env: environment, encoding: "utf8" });
      if (status !== 0) throw new Error(`no Redis is installed, and \`apt-get ${step.join(" ")}\` failed: ${stderr}`);
    }
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(
    "no redis-server was found; to get one: `apt-get install redis-server` (Debian), `brew install redis` (macOS), " +
      "or set REDIS_SERVER_PATH to the one you have",
  );
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts an empty Redis that keeps nothing, for the test `t`; gives its address. */
export async function startRedis(t) {
  const folder = await mkdtemp(join(tmpdir(), "qcc-pro-redis-"));
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const redis = spawn(redisPath(), options, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  redis.stdout.on("data", (text) => (said += text));
  redis.stderr.on("data", (text) => (said += text));
  t.after(async () => {
    if (redis.exitCode === null) {
      redis.kill();
      await once(redis, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (redis.exitCode !== null) throw new Error(`redis-server ended: ${said}`);
    if (await answers(port)) return `redis://127.0.0.1:${port}`;
    await sleep(50);
  }
  throw new Error(`redis-server does not answer: ${said}`);
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.on("data", (data) => {
      socket.destroy();
      resolve(String(data).startsWith("+PONG"));
    });
    socket.on("error", () => resolve(false));
  });
}
