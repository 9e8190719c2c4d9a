/**
 * `completion bash | zsh | fish`: a script for the shell, which asks the hidden command `complete`; both are made of the
 * program's own definition by @bomb.sh/tab.
 */
import tab from "@bomb.sh/tab/commander";

export function addCompletion(program, words) {
  tab(program, { completionCommandName: "completion" });
  const command = program.commands.find((one) => one.name() === "completion");
  const { summary, description, after } = words.commands.completion;
  command.summary(summary).description(description).addHelpText("after", `\n${after}`);
}
