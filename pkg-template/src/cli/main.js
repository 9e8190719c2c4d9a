#!/usr/bin/env node
/**
 * The command `qcc-pro`. Reads the command line, loads the one command that is meant, turns whatever goes wrong into a
 * sentence and an exit code. What is asked, signed, planned and merged is the package's own doing, imported as any user
 * imports it; the libraries in here (see LICENSES.txt beside it) are for the command line alone.
 */
import { CommanderError } from "commander";
import { EXIT } from "./exit.js";
import { language, wordsOf } from "./language.js";
import { makeProgram } from "./program.js";
import { explain, usageMessage } from "./problem.js";
import { colours, stderr, watchOutput } from "./terminal.js";

const argv = process.argv.slice(2);
const words = await wordsOf(language(argv, process.env));
const json = argv.includes("--json");

/** A command of the program: its module is loaded only when it is asked for. */
const commands = {
  relations: () => import("./commands/relations.js"),
  quota: () => import("./commands/quota.js"),
  plan: () => import("./commands/plan.js"),
  sandbox: () => import("./commands/sandbox.js"),
  gateway: () => import("./commands/gateway.js"),
  sign: () => import("./commands/sign.js"),
  status: () => import("./commands/status.js"),
  completion: () => import("./commands/completion.js"),
};

const program = makeProgram(words, VERSION, (name) => async (given, options) => {
  const { run } = await commands[name]();
  process.exitCode = await run(given, options, { words, argv, program });
});
watchOutput();

try {
  await program.parseAsync();
} catch (error) {
  // Help or the version was asked for; or help stands in place of a command that was not given, which is wrong usage.
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = EXIT.done;
  else if (error instanceof CommanderError && error.code === "commander.help") process.exitCode = EXIT.usage;
  else process.exitCode = tell(error instanceof CommanderError ? usageMessage(error, words) : explain(error, words));
}

/** @returns the exit code */
function tell({ lines, code, fields }) {
  const [first, ...rest] = lines;
  const { red, dim } = colours(process.stderr);
  if (json) stderr(JSON.stringify({ type: "error", exitCode: code, ...fields }));
  else stderr([`${red("✗")} ${first}`, ...rest.map((line) => `  ${dim(line)}`)].join("\n"));
  return code;
}
