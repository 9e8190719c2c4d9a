/**
 * For the gateway alone: under what the client passes on an answer, or the error that is (src/js/relay.rs). Registered, since the
 * gateway is bundled apart from the client.
 */
export const relay = /* @__PURE__ */ Symbol.for("qcc-pro.relay");
