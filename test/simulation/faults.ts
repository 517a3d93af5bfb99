// What goes wrong with the tenant, its tokens and the time while a seed is played, until all of it is well again.

import type { Emulator } from '../../src/emulator/emulator.js';
import type { EmulatorSettings } from '../../src/emulator/settings.js';
import type { TokenSource } from '../../src/graph/credential.js';
import type { Drawn } from './draw.js';
import type { VirtualTime } from './virtual-time.js';
import type { Wire } from './wire.js';

interface Stage {
  readonly time: VirtualTime;
  readonly emulator: Emulator;
  readonly wire: Wire;
}

/** The access tokens that the tenant takes, one after the other. */
export class Tokens {
  asked = 0;
  expired = 0;
  /** The one that is taken now. */
  current = 'token-0';

  source(): TokenSource {
    let held = this.current;
    return {
      token: async () => held,
      refreshed: async (stale) => {
        if (held !== stale) return held;
        this.asked += 1;
        held = this.current;
        return held === stale ? undefined : held;
      },
    };
  }

  expire(): void {
    this.expired += 1;
    this.current = `token-${this.expired}`;
  }
}

export class Faults {
  readonly #drawn: Drawn;
  readonly #tokens: Tokens;
  readonly #time: VirtualTime;
  readonly #emulator: Emulator;
  readonly #wire: Wire;
  #settings: EmulatorSettings;
  #isQuiet = false;

  constructor(drawn: Drawn, tokens: Tokens, { time, emulator, wire }: Stage) {
    this.#drawn = drawn;
    this.#tokens = tokens;
    this.#time = time;
    this.#emulator = emulator;
    this.#wire = wire;
    this.#settings = drawn.settings;
  }

  /** Whether everything is well. */
  get areOver(): boolean {
    return this.#isQuiet;
  }

  begin(): void {
    this.#change(this.#drawn.settings);
    const { tokenLifetimeMs, revokedMs, jumps, isSleepCounted } = this.#drawn;
    if (tokenLifetimeMs !== undefined) this.#time.add(() => this.#expire(tokenLifetimeMs), tokenLifetimeMs);
    if (revokedMs !== undefined) {
      const set = (isGranted: boolean): void => {
        if (this.#isQuiet) return;
        const { permissions } = this.#settings;
        this.#change({
          ...this.#settings,
          permissions: { ...permissions, inventoryWrite: isGranted, methodsWrite: isGranted },
        });
      };
      this.#time.add(() => set(false), revokedMs[0]);
      this.#time.add(() => set(true), revokedMs[1]);
    }
    for (const { atMs, byMs, isSleep } of jumps) {
      this.#time.add(() => {
        if (this.#isQuiet) return;
        if (isSleep && isSleepCounted) this.#time.leap(byMs);
        else this.#time.jumpWall(byMs);
        // What was under way when the lid was closed is gone when it is opened.
        if (isSleep) this.#wire.cut();
      }, atMs);
    }
  }

  /** From now on everything is well. */
  async end(): Promise<void> {
    if (this.#isQuiet) return;
    this.#isQuiet = true;
    await this.#emulator.settled();
    this.#change({ ...this.#drawn.quiet, ...this.#tokenRule() });
    // What lagged before shows now; the longest lag is a minute.
    await this.#time.clock().sleep(120_000);
  }

  #expire(lifetimeMs: number): void {
    if (this.#isQuiet) return;
    this.#tokens.expire();
    this.#change({ ...this.#settings, requireToken: this.#tokens.current });
    // An hour of virtual time in tokens of a second would be nothing but tokens.
    this.#time.add(() => this.#expire(lifetimeMs), lifetimeMs * 2 ** Math.min(this.#tokens.expired, 20));
  }

  #change(settings: EmulatorSettings): void {
    this.#settings = settings;
    this.#emulator.change(settings);
  }

  #tokenRule(): Pick<EmulatorSettings, 'requireToken'> {
    return this.#drawn.tokenLifetimeMs === undefined ? {} : { requireToken: this.#tokens.current };
  }
}
