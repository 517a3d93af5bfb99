// The completion scripts, tried in the real shells: in bash by its function, in zsh by pressing Tab at a
// pseudo-terminal, in fish by its own `complete -C`.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { offers } from '../../src/cli/completion/offers.js';
import { completionScript } from '../../src/cli/completion/script.js';
import { createProgram } from '../../src/cli/program.js';

const commands = offers(createProgram(() => undefined));
const folder = mkdtempSync(join(tmpdir(), 'oathbatch-completion-'));
const script = join(folder, 'oathbatch.bash');
writeFileSync(script, completionScript('bash', commands));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const commandLine = `set -u; source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _oathbatch; printf "%s\\n" "\${COMPREPLY[@]-}"`;
  const text = execFileSync('bash', ['-c', commandLine, script, ...words], { encoding: 'utf8' });
  return text.split('\n').filter((word) => word !== '');
}

describe('bash', () => {
  it('completes every command', () => {
    expect(offered('oathbatch', '')).toEqual([...commands.map(({ name }) => name), '--help', '--version']);
    expect(offered('oathbatch', 'ver')).toEqual(['verify']);
  });

  it('completes the options of the command, and of no other', () => {
    expect(offered('oathbatch', 'plan', 'job.yaml', '--o')).toEqual(['--out']);
    expect(offered('oathbatch', 'run', 'job.yaml', '--o')).toEqual([]);
    for (const { name, options } of commands) {
      const flags = options.flatMap((option) => option.flags);
      expect(offered('oathbatch', name, '-')).toEqual(flags);
      expect(flags).toContain('--help');
    }
  });

  it('completes what an option takes, after a blank or an equals sign', () => {
    expect(offered('oathbatch', 'run', 'job.yaml', '--log-level', 'e')).toEqual(['error']);
    expect(offered('oathbatch', 'run', 'job.yaml', '--log-level', '=', 'e')).toEqual(['error']);
    expect(offered('oathbatch', 'run', 'job.yaml', '--log-level', '=')).toContain('silent');
    expect(offered('oathbatch', 'report', 'x', '--format', '')).toEqual([
      'csv',
      'json',
      'html',
      'xlsx',
      'junit',
    ]);
  });

  it('completes an argument that is one of a few words', () => {
    expect(offered('oathbatch', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(offered('oathbatch', 'schema', 's')).toEqual(['summary']);
  });

  it('leaves files to the shell', () => {
    expect(offered('oathbatch', 'run', 'jobs/on')).toEqual([]);
    expect(offered('oathbatch', 'plan', 'job.yaml', '--out', 'pl')).toEqual([]);
    const registered = execFileSync('bash', ['-c', 'source "$0"; complete -p oathbatch', script]);
    expect(registered.toString()).toBe('complete -o bashdefault -o default -F _oathbatch oathbatch\n');
  });
});

it('gives zsh the same, by the emulation of bash that it brings', () => {
  const [first, second, ...rest] = completionScript('zsh', commands).split('\n');
  expect([first, second].join('\n')).toMatch(/compinit\n.*bashcompinit$/);
  expect(rest.join('\n')).toBe(completionScript('bash', commands));
});

/** What zsh makes of this line when Tab is pressed behind it, at a terminal of its own. */
function afterTab(line: string, until: string): string {
  const zshScript = join(folder, '_oathbatch');
  writeFileSync(zshScript, completionScript('zsh', commands));
  // The prompt and READY are put together, so that the echo of the line is not taken for them.
  const play = `zmodload zsh/zpty
zpty t "zsh -f -i"
zpty -w t "PS1='P'; PS1=\\"\\\${PS1}> \\"; source $1; print REA''DY"
zpty -r -m t out '*READY*P> *'
zpty -w -n t "$2"$'\\t'
zpty -r -m t out "$3"
print -r -- "$out"
`;
  const player = join(folder, 'play.zsh');
  writeFileSync(player, play);
  return execFileSync('zsh', ['-f', player, zshScript, line, until], { encoding: 'utf8', timeout: 60_000 });
}

describe('zsh', () => {
  it.each([
    ['oathbatch ver', 'oathbatch verify'],
    ['oathbatch plan job.yaml --o', 'oathbatch plan job.yaml --out'],
    ['oathbatch completion f', 'oathbatch completion fish'],
  ])('completes %s', (line, whole) => {
    expect(afterTab(line, `*${whole.slice(line.length - 1)}*`)).toContain(whole);
  });
});

describe('fish', () => {
  it.each([
    ['oathbatch ver', 'verify'],
    ['oathbatch plan job.yaml --o', '--out'],
    ['oathbatch run job.yaml --log-level e', 'error'],
    ['oathbatch completion f', 'fish'],
  ])('completes %s', (line, word) => {
    const fishScript = join(folder, 'oathbatch.fish');
    writeFileSync(fishScript, completionScript('fish', commands));
    const commandLine = `source ${fishScript}; complete -C '${line}'`;
    const text = execFileSync('fish', ['--no-config', '-c', commandLine], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(text.split('\n').map((offer) => offer.split('\t')[0])).toEqual([word, '']);
  });
});

it('tells fish every command and option, with its description', () => {
  const text = completionScript('fish', commands);
  for (const { name, options } of commands) {
    expect(text).toContain(`-n __fish_use_subcommand -a ${name} -d '`);
    for (const { flags } of options) {
      const long = flags.find((flag) => flag.startsWith('--'))?.slice(2);
      expect(text).toMatch(new RegExp(`__fish_seen_subcommand_from ${name}' (-s . )?-l ${long} .*-d '`));
    }
  }
  // Every quote is closed: with its two escapes taken out, each line has an even number of them.
  for (const line of text.split('\n')) {
    expect(line.replace(/\\['\\]/g, '').split("'").length % 2, line).toBe(1);
  }
});
