// Plays a job of so many rows through a peer against a service. The peer's package is the published one, and
// its timers and its clock are virtual.

import { DOCUMENTED_WRITES } from '../../src/graph/pacer-settings.js';
import { seededRandom } from '../../src/random.js';
import { latencyMs } from './events.js';
import { type Answer, type Peer, sendAll } from './peers.js';
import { inVirtualTime } from './virtual-time.js';
import { boundMs, Service, type World } from './worlds.js';

export interface PlayedPeer {
  /** `undefined` when it would never have ended. */
  readonly ratio: number | undefined;
  readonly refused: number;
  readonly failed: number;
}

/** Nothing accepted for so long means never; and nobody waits for more than so many times the bound. */
const STANDSTILL_MS = 1_800_000;
const PATIENCE = 20;

/** Plays `rows` through the peer; the same seed goes the same way. */
export async function playPeer(world: World, peer: Peer, rows: number, seed: number): Promise<PlayedPeer> {
  const random = seededRandom(seed);
  const service = new Service(world, rows, seed);
  const bound = boundMs(world.limit, rows);
  let [refused, acceptedAtMs] = [0, 0];
  let outcome: { failed: number; endMs: number } | undefined;
  await inVirtualTime(
    seed,
    async (time) => {
      const send = async (): Promise<Answer> => {
        const tookMs = latencyMs(() => random.next());
        await time.wait(tookMs / 2);
        const judgement = service.judge(time.nowMs());
        if (judgement.kind === 'accepted') {
          acceptedAtMs = time.nowMs();
          await time.wait(tookMs / 2);
          return { status: 204, retryAfterSeconds: undefined };
        }
        refused += 1;
        await time.wait(tookMs / 4);
        return { status: 429, retryAfterSeconds: judgement.retryAfterSeconds };
      };
      const failed = await sendAll(peer, rows, send, DOCUMENTED_WRITES.rate);
      outcome = { failed, endMs: time.nowMs() };
    },
    (nowMs) => nowMs < acceptedAtMs + STANDSTILL_MS && nowMs < bound * PATIENCE + STANDSTILL_MS,
  );
  return { ratio: outcome && outcome.endMs / bound, refused, failed: outcome?.failed ?? 0 };
}
