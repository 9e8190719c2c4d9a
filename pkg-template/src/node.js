/**
 * Requests over Node's own `node:http` and `node:https`. They take less time than Node's fetch, which is built for streams, and
 * they show whether there ever was a connection to write on: what had none was not billed, while of a fetch that breaks in a
 * handshake, or is given up in one, nobody can tell.
 */

/**
 * How long a connection may idle before it is used again. Servers close theirs after five seconds (Node, Apache) or more; one
 * that is closed just as it is used leaves a call of which nobody knows whether it was billed.
 */
const IDLE_MS = 3_000;

/** What fetch sends besides, so that a server answers both alike. */
const HEADERS = { "Accept-Language": "*", "Accept-Encoding": "gzip, deflate, br", "User-Agent": "node" };

/** Where undici, of any version and in Node itself, keeps what all of its requests go through. */
const DISPATCHERS = /* @__PURE__ */ ["1", "2"].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));

/** Headers with which `node:http` would send something else than a plain GET. They are left to fetch, which refuses most of them. */
const UNUSUAL = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

let asked;
let own = false;

/** Node's own fetch, as its source shows; one that somebody has put in its place (a test, a framework) is to be used. */
function isNodes(fetch) {
  if (fetch !== asked) {
    asked = fetch;
    own = typeof fetch === "function" && Function.prototype.toString.call(fetch).includes("internal/deps/undici/undici");
  }
  return own;
}

/** Whether somebody has told Node's fetch to go another way: by a proxy, to a mock, with certificates of their own. */
function isDirected() {
  return DISPATCHERS.some((symbol) => {
    const dispatcher = globalThis[symbol];
    if (dispatcher === undefined) return false;
    if (dispatcher?.constructor?.name !== "Agent") return true;
    return Object.getOwnPropertySymbols(dispatcher).some((own) => own.description === "options" && dispatcher[own]?.connect);
  });
}

/** What comes on an idle connection, an answer perhaps, might else be taken for that to the next question. */
function unasked() {
  this.destroy();
}

/** `node:http` or `node:https`, an agent, and when a connection of it was used last. */
const ways = /* @__PURE__ */ new Map();

function wayOf(protocol) {
  let way = ways.get(protocol);
  if (way === undefined) {
    const module = globalThis.process.getBuiltinModule(`node:${protocol}`);
    const agent = new module.Agent({ keepAlive: true, timeout: IDLE_MS });
    agent.on("free", (socket) => socket.on("data", unasked));
    way = { module, agent, usedAt: 0 };
    ways.set(protocol, way);
  }
  // Neither the agent's timers nor a monotonic clock count the time for which a machine, or a function in a cloud, slept.
  const now = Date.now();
  if (Math.abs(now - way.usedAt) > IDLE_MS) for (const idle of Object.values(way.agent.freeSockets).flat()) idle.destroy();
  way.usedAt = now;
  return way;
}

/** Whether a request with these headers of the user's goes through Node itself rather than through the global fetch. */
export function goesThroughNode(given) {
  if (!isNodes(globalThis.fetch) || typeof globalThis.process?.getBuiltinModule !== "function") return false;
  return !isDirected() && !given.some(([name]) => UNUSUAL.test(name));
}

/** One GET, whose answer is read to its end. */
export class Exchange {
  #end;
  #way;
  #request;
  #response;
  #connected = false;

  /**
   * @param {(thrown: unknown, connected: boolean, status?: number, headers?: object, body?: Uint8Array) => void} end called once,
   *   later, unless the exchange is aborted
   */
  constructor(url, given, end) {
    this.#end = end;
    try {
      this.#way = wayOf(url.slice(0, url.indexOf(":")));
      const { module, agent } = this.#way;
      const headers = { ...HEADERS };
      for (const [name, value] of given) headers[name] = value;
      this.#request = module
        .request(url, { agent, headers })
        .on("socket", (socket) => this.#watch(socket))
        .on("response", (response) => this.#read(response))
        .on("error", (thrown) => {
          // What a server sent that is no HTTP; it may echo the request, as bytes in which nobody would find a key to mask.
          delete thrown.rawPacket;
          // An answer that came whole is told at its end, whatever becomes of the connection.
          if (!this.#response?.complete) this.#fail(thrown);
        })
        .on("close", () => {
          if (this.#response === undefined) this.#closed();
        });
      this.#request.end();
    } catch (thrown) {
      queueMicrotask(() => this.#fail(thrown));
    }
  }

  /** Whether it is certain that nothing was sent. */
  abort() {
    this.#end = undefined;
    this.#request?.destroy();
    return !this.#connected;
  }

  #watch(socket) {
    socket.off("data", unasked);
    // What is written before is kept back until then: until the server's certificate was checked, where it has one.
    if (socket.connecting || socket.secureConnecting) {
      socket.once(socket.encrypted ? "secureConnect" : "connect", () => (this.#connected = true));
    } else {
      this.#connected = true;
    }
  }

  #read(response) {
    this.#response = response;
    this.#connected = true;
    // A server that closes connections as soon as we do might do it just as one is used again.
    const announced = /\btimeout=(\d+)/i.exec(response.headers["keep-alive"]);
    if (announced !== null && announced[1] * 1000 <= IDLE_MS) this.#request.shouldKeepAlive = false;
    const chunks = [];
    response
      .on("data", (chunk) => chunks.push(chunk))
      .on("error", (thrown) => this.#fail(thrown))
      .on("close", () => this.#closed())
      .on("end", () => {
        if (!response.complete) return;
        this.#way.usedAt = Date.now();
        // Whatever becomes of the connection from here on, the answer is there.
        const end = this.#taken();
        const { statusCode, headers } = response;
        const body = chunks.length === 1 ? chunks[0] : globalThis.Buffer.concat(chunks);
        unpack(body, (headers["content-encoding"] ?? "").toLowerCase().split(","), (thrown, bytes) => {
          if (thrown) end?.(thrown, true);
          else end?.(undefined, true, statusCode, headers, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
        });
      });
  }

  /** Mostly after the end, where an error would be made for nobody. */
  #closed() {
    if (this.#end !== undefined) this.#fail(new Error("the connection was closed"));
  }

  #fail(thrown) {
    this.#taken()?.(thrown, this.#connected);
  }

  /** Whom to tell the end, once. */
  #taken() {
    const end = this.#end;
    this.#end = undefined;
    return end;
  }
}

/** Takes a body out of what it was packed in, the last first. What was cut short gives what there is of it, as with fetch. */
function unpack(body, codings, done) {
  const coding = codings.pop()?.trim();
  const deflated = (body[0] & 15) === 8 ? "inflate" : "inflateRaw";
  const name = { gzip: "gunzip", "x-gzip": "gunzip", deflate: deflated, br: "brotliDecompress" }[coding];
  if (name === undefined || body.length === 0) {
    // Packed in something unknown: whoever reads it says so.
    done(undefined, body);
    return;
  }
  const zlib = globalThis.process.getBuiltinModule("node:zlib");
  const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH } = zlib.constants;
  const finishFlush = coding === "br" ? BROTLI_OPERATION_FLUSH : Z_SYNC_FLUSH;
  zlib[name](body, { finishFlush }, (thrown, bytes) => (thrown ? done(thrown) : unpack(bytes, codings, done)));
}
