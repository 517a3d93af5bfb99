// Who is measured: oathbatch with what it may start from, and its peers.

import { AUTO, DOCUMENTED_WRITES, type PacerSettings } from '../../src/graph/pacer-settings.js';
import { PEERS } from './peers.js';
import { play } from './play.js';
import { playPeer } from './play-peer.js';
import type { World } from './worlds.js';

export interface Once {
  readonly ratio: number | undefined;
  readonly refused: number;
  readonly failed: number;
}

export interface Client {
  readonly name: string;
  readonly isPeer: boolean;
  readonly once: (world: World, rows: number, seed: number) => Promise<Once>;
}

const { likely } = DOCUMENTED_WRITES;

const ours = (name: string, settings: PacerSettings): Client => ({
  name: `**oathbatch**, ${name}`,
  isPeer: false,
  once: async (world, rows, seed) => ({ ...play(world, settings, rows, seed), failed: 0 }),
});

export const CLIENTS: readonly Client[] = [
  ours('documented', DOCUMENTED_WRITES),
  ours('documented, remembers 10/s', { ...DOCUMENTED_WRITES, rate: 10, remembered: 10 }),
  ours('auto', AUTO),
  ours('auto, remembers 40/s', { ...AUTO, remembered: 40 }),
  ours('auto, remembers 10/s', { ...AUTO, remembered: 10 }),
  ours('`rate: 40`', { rate: 40, burst: 6_000, ceiling: 40, likely }),
  ours('`rate: 10`', { rate: 10, burst: 1_500, ceiling: 10, likely }),
  ...PEERS.map((peer) => ({
    name: peer.name,
    isPeer: true,
    once: (world: World, rows: number, seed: number) => playPeer(world, peer, rows, seed),
  })),
];
