/**
 * Scripts that complete commands, options and their values in a shell, made of the program's own definition. They ask nobody
 * while one types: no process is started for a press of Tab, and nothing typed is evaluated.
 */

/** What of the definition the shells are told. */
function definition(program) {
  const help = program.createHelp();
  return help
    .visibleCommands(program)
    .filter((command) => command.name() !== "help")
    .map((command) => ({
      name: command.name(),
      about: command.summary(),
      choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      options: command
        .createHelp()
        .visibleOptions(command)
        .map(({ short, long, description, argChoices, required, flags }) => ({
          short,
          long,
          flags: [short, long].filter(Boolean),
          about: description,
          choices: argChoices ?? [],
          takesValue: required,
          takesFile: /<(files?|folder)\W/.test(flags),
        })),
    }));
}

const single = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function bash(commands) {
  const lines = commands.flatMap(({ name, options, choices }) => [
    `    ${name}) words=${single([...choices, ...options.flatMap(({ flags }) => flags)].join(" "))} ;;`,
  ]);
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ flags, choices }) => ({ patterns: flags.map((flag) => `${name}:${flag}`), choices: choices.join(" ") })),
  );
  const byChoices = [...new Set(values.map(({ choices }) => choices))].map((choices) => {
    const patterns = values.filter((value) => value.choices === choices).flatMap((value) => value.patterns);
    return `    ${patterns.join(" | ")}) words=${single(choices)} ;;`;
  });
  // A value without choices leaves the list empty, and -o default completes files then.
  return `_qcc_pro() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.map(({ name }) => name).join(" | ")}) command=$word; break ;; esac
  done
  case $command in
    '') words=${single(["help", ...commands.map(({ name }) => name)].join(" "))} ;;
${lines.join("\n")}
  esac
  case $command:$previous in
${byChoices.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _qcc_pro qcc-pro
`;
}

function zsh(commands) {
  const told = (text) => text.replace(/[[\]:\\]/g, "\\$&");
  const spec = ({ flags, about, choices, takesValue, takesFile }) => {
    const action = takesFile ? ":file:_files" : choices.length > 0 ? `:value:(${choices.join(" ")})` : ":value: ";
    const tail = single(`[${told(about)}]${takesValue ? action : ""}`);
    return flags.length === 1 ? `'*'${flags[0]}${tail}` : `'*'{${flags.join(",")}}${tail}`;
  };
  const cases = commands.map(({ name, options, choices }) => {
    const rest = choices.length > 0 ? `'1:value:(${choices.join(" ")})'` : "'*:file:_files'";
    return `        ${name}) _arguments ${[...options.map(spec), rest].join(" \\\n          ")} ;;`;
  });
  return `#compdef qcc-pro
_qcc_pro() {
  local state line context
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${single(`${name}:${about}`)}`).join("\n")}
  )
  _arguments -C '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${cases.join("\n")}
      esac ;;
  esac
}
compdef _qcc_pro qcc-pro
`;
}

function fish(commands) {
  const quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, about, options, choices }) => {
    const inside = `complete -c qcc-pro -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c qcc-pro -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...(choices.length > 0 ? [`${inside} -f -a ${quoted(choices.join(" "))}`] : []),
      ...options.map(({ short, long, about: description, takesValue, takesFile, choices: values }) => {
        const names = `${short ? `-s ${short.slice(1)} ` : ""}-l ${long.slice(2)}`;
        const value = !takesValue
          ? ""
          : takesFile
            ? " -r -F"
            : ` -x${values.length > 0 ? ` -a ${quoted(values.join(" "))}` : ""}`;
        return `${inside} ${names}${value} -d ${quoted(description)}`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}

const SHELLS = { bash, zsh, fish };

export const shells = Object.keys(SHELLS);

export const completionOf = (shell, program) => SHELLS[shell](definition(program));
