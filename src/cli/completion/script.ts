// The completion scripts, made of what can be typed where. A script calls nothing: pressing Tab starts no program.

import type { OfferedCommand, OfferedOption, Value } from './offers.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** The script for a shell, without a newline at its end. */
export function completionScript(shell: Shell, commands: readonly OfferedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      // zsh's own emulation of bash's completion; it ships with every zsh.
      return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case 'fish':
      return fishScript(commands);
  }
}

/**
 * It runs in the bash 3.2 of macOS as well. Where it offers nothing the shell offers files (`-o default`). The
 * line is cut at "=" by the shell, so that `--log-level=w` comes as three words.
 */
function bashScript(commands: readonly OfferedCommand[]): string {
  return `# bash completion for oathbatch
_oathbatch() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" offered=""
  COMPREPLY=()
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$before" = "=" ]; then
    before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  if [ "$COMP_CWORD" -le 1 ]; then
    offered="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map(bashCommand).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
}
complete -o bashdefault -o default -F _oathbatch oathbatch`;
}

function bashCommand({ name, options, argument }: OfferedCommand): string {
  const flags = options.flatMap((option) => option.flags).join(' ');
  const arms = options
    .filter(({ value }) => value !== undefined)
    .map((option) => `          ${option.flags.join('|')}) offered="${words(option.value)}" ;;`);
  const otherwise =
    argument === undefined
      ? `          *) offered="${flags}" ;;`
      : `          *) case "$current" in -*) offered="${flags}" ;; *) offered="${words(argument)}" ;; esac ;;`;
  return [
    `      ${name})`,
    '        case "$before" in',
    ...arms,
    otherwise,
    '        esac',
    '        ;;',
  ].join('\n');
}

function words(value: Value | undefined): string {
  return typeof value === 'object' ? value.join(' ') : '';
}

function fishScript(commands: readonly OfferedCommand[]): string {
  const lines = ['# fish completion for oathbatch', 'complete -c oathbatch -f'];
  for (const { name, description } of commands) {
    lines.push(`complete -c oathbatch -n __fish_use_subcommand -a ${name} -d ${fishQuoted(description)}`);
  }
  for (const { name, options, argument } of commands) {
    const start = `complete -c oathbatch -n '__fish_seen_subcommand_from ${name}'`;
    if (argument === 'file') lines.push(`${start} -F`);
    else if (typeof argument === 'object') lines.push(`${start} -a ${fishQuoted(words(argument))}`);
    for (const option of options) lines.push(`${start} ${fishOption(option)}`);
  }
  return lines.join('\n');
}

function fishOption({ flags, description, value }: OfferedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const takes =
    value === undefined
      ? []
      : value === 'file'
        ? ['-r -F']
        : [`-x${value === 'text' ? '' : ` -a ${fishQuoted(words(value))}`}`];
  return [...names, ...takes, `-d ${fishQuoted(description)}`].join(' ');
}

/** Within single quotes fish knows two escapes: https://fishshell.com/docs/current/language.html#quotes */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
