/**
 * `qcc-pro gateway`: the signing gateway as a server of its own, for pages whose server is not written in JavaScript. Who may
 * ask stands in a file of tokens; a page (or the server in front of it) sends one as `Authorization: Bearer TOKEN`.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { createGateway, toNodeHandler } from "qcc-pro/gateway";
import { readAccess, readPrivate } from "../access.js";
import { EXIT, Problem } from "../exit.js";
import { Keep } from "../keep.js";
import { lock } from "../lock.js";
import { untilStopped } from "../server.js";
import { shown, stdout } from "../terminal.js";
import { note } from "../warn.js";

const SHORTEST = 16;

export async function run(_, options, { words }) {
  const { json, port, host, tokenFile, origin, maxCallsPerMinute, keep } = options;
  const callers = readTokens(await readPrivate(tokenFile, words, json), tokenFile, words);
  const { key, secretKey, baseUrl } = await readAccess(options, { words, json });
  const store = keep === undefined ? undefined : await Keep.open(keep);
  const held = store && (await lock(store.folder, words));
  await store?.sweep();
  const handler = createGateway({
    key,
    secretKey,
    baseUrl,
    store,
    origins: origin,
    maxCallsPerMinute,
    authorize: (request) => callerOf(request.headers.get("authorization"), callers),
    onEvent(event) {
      if (json) stdout(JSON.stringify({ ...event, type: `gateway-${event.type}` }));
      else if (event.type === "refused") stdout(words.gateway.refused(event.httpStatus, shown(event.message)));
      else if (event.type === "response") stdout(words.gateway.answered(event));
    },
  });
  const server = createServer(toNodeHandler(handler));
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${server.address().port}`;
  if (json) stdout(JSON.stringify({ type: "gateway", url, port: server.address().port, callers: callers.length }));
  else stdout(`${words.gateway.listens(url, callers.length)}\n${words.server.end}`);
  await untilStopped();
  note(words.gateway.ending, json);
  // What was asked is answered; connections that only wait are closed.
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  await held?.release();
  return EXIT.done;
}

const digest = (text) => createHash("sha256").update(text).digest();

/** Lines of `NAME TOKEN` or of a token alone; `#` begins a remark. Calls are limited by name. */
function readTokens(text, path, words) {
  const lines = text.split(/\r\n?|\n/).map((line) => line.trim());
  const callers = lines.flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const parts = line.split(/\s+/);
    const token = parts.at(-1);
    if (parts.length > 2) throw new Problem(words.gateway.line(path, index + 1), { hint: words.gateway.lineHint });
    if (token.length < SHORTEST)
      throw new Problem(words.gateway.short(path, index + 1, SHORTEST), { hint: words.gateway.shortHint });
    return [{ name: parts.length === 2 ? parts[0] : `line ${index + 1}`, digest: digest(token) }];
  });
  if (callers.length === 0) throw new Problem(words.gateway.noTokens(path), { hint: words.gateway.shortHint });
  return callers;
}

/** Every token is compared, each in the same time: how long it takes tells nothing. */
function callerOf(header, callers) {
  const [, token] = /^Bearer +(\S+)$/i.exec(header ?? "") ?? [];
  if (token === undefined) return false;
  const given = digest(token);
  let found = false;
  for (const caller of callers) if (timingSafeEqual(given, caller.digest)) found = caller.name;
  return found;
}
