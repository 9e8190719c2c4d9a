/** Questions on a terminal. */
import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import confirm from "@inquirer/confirm";
import password from "@inquirer/password";
import { EXIT, Problem } from "./exit.js";

/** A secret: nothing is shown of it, not even how long it is. */
export async function askHidden(message, words) {
  const theme = { prefix: "?", style: { help: () => words.ask.hidden } };
  const validate = (text) => text.trim() !== "" || words.ask.empty;
  const answer = await answered(password({ message, theme, validate }, { output: process.stderr }), words);
  return answer.trim();
}

/** Yes or no, no being the answer of whoever just presses Enter. Undefined where nobody can be asked. */
export async function askYes(message, words) {
  if (!process.stderr.isTTY) return undefined;
  const input = terminalInput();
  if (input === undefined) return undefined;
  const transformer = (yes) => (yes ? words.ask.yes : words.ask.no);
  const question = { message, default: false, transformer, theme: { prefix: "?" } };
  try {
    return await answered(confirm(question, { input, output: process.stderr }), words);
  } finally {
    if (input !== process.stdin) input.destroy();
  }
}

/** The keyboard; standard input may be a list of names. */
function terminalInput() {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch {
    return undefined;
  }
}

async function answered(promise, words) {
  try {
    return await promise;
  } catch (error) {
    if (error?.name === "ExitPromptError") throw new Problem(words.ask.left, { code: EXIT.part });
    throw error;
  }
}
