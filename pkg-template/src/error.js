/** The one error class. It lives here since `Error` cannot be subclassed from Rust; its fields come from there. */

// Two copies of the package (ESM and CommonJS in one process) know each other's errors by this.
const brand = Symbol.for("qcc-pro.QccError");

const fields = [
  "kind",
  "status",
  "httpStatus",
  "billed",
  "billedCalls",
  "retryable",
  "requestId",
  "attempts",
  "hint",
  "body",
  "fromStore",
];

export class QccError extends Error {
  /** @internal Made by the client only. */
  constructor(from, cause) {
    super(from.message, cause === undefined ? undefined : { cause });
    for (const field of fields) this[field] = from[field] ?? null;
  }

  static {
    const hidden = { enumerable: false, configurable: true, writable: true };
    Object.defineProperty(this.prototype, "name", { ...hidden, value: "QccError" });
    Object.defineProperty(this.prototype, brand, { ...hidden, value: true });
  }

  /** Whether `value` is a QccError, of this copy of the package or another. */
  static is(value) {
    return typeof value === "object" && value !== null && value[brand] === true;
  }

  toJSON() {
    const json = { name: this.name, message: this.message };
    for (const field of fields) json[field] = this[field];
    return json;
  }
}
