// Files that are read in a thread of their own: what comes of them is what comes of them in this one, and nobody waits for a
// thread that has failed. It runs what is built.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDesired } from '../../src/manifest/load.js';
import { loadDesiredBeside } from '../../src/manifest/load-thread.js';
import type { Desired } from '../../src/manifest/row.js';
import { temporaryDirectory } from '../temporary-directory.js';

const PROGRAM = new URL('../../dist/manifest/load-thread-main.js', import.meta.url);

/** A program for a thread, in place of the real one. */
const program = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

const shown = ({ rows, inputs, warnings, joinedAssignments }: Desired): unknown => ({
  rows: rows.map(({ token, ...row }) => ({ ...row, model: token?.model })),
  ...{ inputs, warnings, joinedAssignments },
});

function files(tokens: string): Parameters<typeof loadDesired>[0] {
  const directory = temporaryDirectory();
  const path = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  return {
    manifests: [{ path: path('tokens.csv', tokens) }],
    assignments: [{ path: path('people.csv', 'serial number,user\nS0001,ada@x.test\ns0002,Bo@x.test\n') }],
  };
}

const TOKENS = `upn,serial number,secret key,time interval,manufacturer,model
,S0001,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,30,Contoso,C1
,S0002,MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U,30,Contoso,C2
,S0003,no key,30,Contoso,C2
`;

describe('files that are read in a thread', () => {
  it('come to what they come to without one', async () => {
    const sources = files(TOKENS);
    expect(shown(await loadDesiredBeside(sources, PROGRAM))).toEqual(shown(await loadDesired(sources)));
  });

  it('are refused as they are without one', async () => {
    const sources = files('no,heading\n1,2\n');
    const refused = await loadDesired(sources).catch((error: unknown) => error);
    await expect(loadDesiredBeside(sources, PROGRAM)).rejects.toEqual(refused);
  });

  it.each([
    ['has thrown', "throw new Error('out of order');", 'out of order'],
    ['has ended', 'process.exit(0);', 'the thread of the files has said nothing'],
  ])('are waited for no longer when the thread %s', async (_what, text, says) => {
    await expect(loadDesiredBeside(files(TOKENS), program(text))).rejects.toThrow(says);
  });
});
