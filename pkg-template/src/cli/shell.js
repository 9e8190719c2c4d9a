/** Command lines to be used again. */

/** A word as every POSIX shell takes it for itself. */
export const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The line that was typed, as it can be typed again; under npx, npx has to be in it. */
export function typed(argv, env = process.env) {
  const name = env.npm_command === "exec" ? "npx qcc-pro" : "qcc-pro";
  return [name, ...argv.map(quoted)].join(" ");
}
