/** The man page, made of the program's own definition when the package is built. Not part of the command. */
import { makeProgram, shownArgument } from "./program.js";
import { en as words } from "./words/en.js";

/** Text as roff takes it for itself. */
const plain = (text) =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");
const bold = (text) => `\\fB${plain(text)}\\fR`;

const options = (command) =>
  command
    .createHelp()
    .visibleOptions(command)
    .map((option) => {
      const standard = option.defaultValue;
      const tail =
        standard === undefined || standard === false || Array.isArray(standard) ? "" : words.help.standard(standard);
      return `.TP\n${bold(option.flags)}\n${plain(option.description + tail)}`;
    })
    .join("\n");

/** Lines as they stand. */
const asIs = (text) => `.PP\n.nf\n${plain(text)}\n.fi`;

export function manPage(version) {
  const program = makeProgram(words, version, () => () => {});
  const commands = program.commands.filter((command) => words.commands[command.name()] && command.name() !== "help");
  const parts = [
    `.TH QCC\\-PRO 1 "" "qcc\\-pro ${plain(version)}" "User Commands"`,
    `.SH NAME\nqcc\\-pro \\- ${plain(words.about)}`,
    `.SH SYNOPSIS\n${bold("qcc-pro")} ${plain(words.help.usage)}`,
    `.SH OPTIONS\n${options(program)}`,
    ".SH COMMANDS",
    ...commands.map((command) => {
      const { description, after } = words.commands[command.name()];
      const given = command.registeredArguments.map(shownArgument).join(" ");
      return `.SS qcc\\-pro ${plain(`${command.name()} ${given}`.trim())}\n${plain(description)}\n${options(command)}\n${asIs(after)}`;
    }),
    `.SH EXAMPLES, CREDENTIALS, EXIT CODES\n${asIs(words.help.after)}`,
    ".SH SEE ALSO\n.BR curl (1)",
  ];
  return `${parts.join("\n")}\n`;
}
