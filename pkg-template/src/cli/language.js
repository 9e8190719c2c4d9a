/** Which of the two languages: `--lang`, else the locale. */

/** `zh` or `en`. The option is looked for before anything is parsed, since mistakes in parsing are told in it too. */
export function language(argv, env) {
  const place = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const asked = place < 0 ? undefined : (argv[place].split("=")[1] ?? argv[place + 1]);
  if (asked === "zh" || asked === "en") return asked;
  // The first that is set decides, as POSIX has it. Windows and macOS may set none, and know the user's language otherwise.
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || new Intl.DateTimeFormat().resolvedOptions().locale;
  return /^zh/i.test(locale) ? "zh" : "en";
}

export async function wordsOf(lang) {
  return lang === "zh" ? (await import("./words/zh.js")).zh : (await import("./words/en.js")).en;
}
