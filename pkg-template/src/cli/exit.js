/** Exit codes, as the documentation promises them, and an error that carries its own. */

export const EXIT = {
  /** All done. */
  done: 0,
  /** Done in part, or not at all for a reason that passes: what was paid for is kept. */
  part: 1,
  /** Wrong usage: nothing was sent. */
  usage: 2,
  /** Account or signature refused. */
  refused: 3,
};

/** Something the user can mend: its message is a whole sentence in the user's language. */
export class Problem extends Error {
  constructor(message, { hint, code = EXIT.usage, cause } = {}) {
    super(message, { cause });
    this.hint = hint;
    this.code = code;
  }
}
