/**
 * The commands, their arguments and options: the one definition behind parsing, `--help`, completions and the man page.
 * Texts come from words/; nothing here does anything.
 */
import { Argument, Command, Help, InvalidArgumentError, Option } from "commander";
import { shells } from "./completion.js";
import { stringWidth } from "./terminal.js";

/** @param act what to do for a command's name: `(given, options) => …`, with the arguments as an array */
export function makeProgram(words, version, act) {
  const { options: text, commands: about } = words;
  const lang = () => new Option("--lang <language>", text.lang).choices(["zh", "en"]);
  const program = new Command("qcc-pro")
    .description(words.about)
    .version(version, "-V, --version", text.version)
    .helpOption("-h, --help", text.help)
    .helpCommand("help [command]", about.help.summary)
    .addOption(lang())
    .configureHelp({
      displayWidth: stringWidth,
      styleTitle: (title) => words.help.titles[title] ?? title,
      optionDescription: ({ description, defaultValue }) =>
        defaultValue === undefined || defaultValue === false || Array.isArray(defaultValue)
          ? description
          : `${description}${words.help.standard(defaultValue)}`,
      commandUsage: (command) =>
        Help.prototype.commandUsage.call(new Help(), command).replace("[options]", words.help.options),
      argumentDescription: ({ description }) => description,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(shownArgument)].join(" "),
    })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .usage(words.help.usage)
    .addHelpText("after", `\n${words.help.after}`);

  const command = (name, ...args) => {
    const made = program.command(name).summary(about[name].summary).description(about[name].description);
    for (const [argument, description] of args) {
      made.addArgument(typeof argument === "string" ? new Argument(argument, description) : argument);
    }
    made.addHelpText("after", `\n${about[name].after}`);
    return made.action((...all) => act(name)(all.slice(0, args.length), made.opts()));
  };
  const common = (made) => made.option("--json", text.json).addOption(lang());
  // The short form because Node reads --env-file too, wherever it stands, and ends by itself where there is no such file.
  const access = (made) =>
    common(made.option("-e, --env-file <file>", text.envFile).option("--base-url <url>", text.baseUrl));
  const listed = (made) => made.option("-c, --column <name>", text.column);
  const price = ["--price <yuan>", text.price, number(words, 0)];

  access(
    listed(command("relations", ["[names...]", about.relations.names]).option("-f, --file <file>", text.file))
      .option("--between <files...>", text.between)
      .option("--hub <name>", text.hub)
      .option("-o, --out <file>", text.out, (value, before) => [...before, value], [])
      .option("-r, --resume <folder>", text.resume)
      .option("--no-resume", text.noResume)
      .option("-n, --dry-run", text.dryRun)
      .option("-y, --yes", text.yes)
      .option(...price)
      .option("--max-calls <n>", text.maxCalls, whole(words, 0))
      .option("--concurrency <n>", text.concurrency, whole(words, 1), 4)
      .option("--rate <n>", text.rate, number(words, 0.001))
      .option("--skip-invalid", text.skipInvalid),
  );
  access(command("quota"));
  common(
    listed(command("plan", ["<list>", about.plan.list]))
      .option(...price)
      .option("--call-size <n>", text.callSize, whole(words, 2), 20)
      .option("-a, --all", text.all),
  );
  common(
    command("sandbox")
      .option("-p, --port <n>", text.port, whole(words, 0, 65535), 8700)
      .option("--host <address>", text.host, "127.0.0.1")
      .option("--fault <what>", text.fault, (value, before) => [...before, value], [])
      .option("--faults <file>", text.faults)
      .option("--latency <ms>", text.latency, whole(words, 0))
      .option("--density <share>", text.density, number(words, 0, 1))
      .option("--seed <n>", text.seed, whole(words, 0))
      .option("--tolerance <seconds>", text.tolerance, whole(words, 0))
      .option("--calls-per-second <n>", text.callsPerSecond, whole(words, 1))
      .option("--daily-calls <n>", text.dailyCalls, whole(words, 0))
      .option("-q, --quiet", text.quiet),
  );
  access(
    command("gateway")
      .requiredOption("-t, --token-file <file>", text.tokenFile)
      .option("-p, --port <n>", text.port, whole(words, 0, 65535), 8701)
      .option("--host <address>", text.host, "127.0.0.1")
      .option("--origin <origin>", text.origin, (value, before) => [...before, value], [])
      .option("--max-calls-per-minute <n>", text.maxCallsPerMinute, whole(words, 1), 60)
      .option("--keep <folder>", text.keep),
  );
  access(
    command("sign", ["[names...]", about.sign.names])
      .option("--curl", text.curl)
      .option("--show-key", text.showKey)
      .option("--path <path>", text.path)
      .option("--query <name=value>", text.query, (value, before) => [...before, value], [])
      .option("--timespan <seconds>", text.timespan, whole(words, 0)),
  );
  common(command("status", ["[codes...]", about.status.codes]));
  command("completion", [new Argument("<shell>", about.completion.shell).choices(shells)]).addOption(lang());
  return program;
}

/** `<list>`, `[names...]` */
export function shownArgument(argument) {
  const text = argument.name() + (argument.variadic ? "..." : "");
  return argument.required ? `<${text}>` : `[${text}]`;
}

function whole(words, least, most = Number.MAX_SAFE_INTEGER) {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(words.usage.whole(least, most === Number.MAX_SAFE_INTEGER ? null : most));
  };
}

function number(words, least, most = Infinity) {
  return (text) => {
    const value = Number(text);
    if (/^\d*\.?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(words.usage.number(least, most === Infinity ? null : most));
  };
}
