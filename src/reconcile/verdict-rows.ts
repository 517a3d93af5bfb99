// The verdicts of a run in columns, beside the plan and the progress that they are about: what stands there is not
// kept twice. A verdict becomes an object when it is looked at, and forgotten afterwards. Pure.

import { type IdIndex, idColumn } from '../compact/id-index.js';
import { NumberColumn, RepeatingTextColumn } from '../compact/number-column.js';
import type { PlainLines } from '../compact/plain-lines.js';
import { RowTable } from '../compact/rows.js';
import type { PlannedRow, PlanRows } from '../plan/plan.js';
import type { PlannedPart } from '../plan/planned-rows.js';
import type { RowProgress } from './reconcile.js';
import {
  type PlainVerdict,
  type RowVerdict,
  VERDICTS,
  type Verdict,
  type VerdictCount,
  type VerdictList,
  type VerdictParts,
} from './verdict.js';

export class VerdictRows extends RowTable<RowVerdict> implements VerdictList, VerdictParts {
  readonly #plan: PlanRows;
  readonly #progress: ReadonlyMap<number, RowProgress>;
  /** The place of the verdict among all verdicts, times two; one more when it was already so. */
  readonly #verdicts = new NumberColumn();
  /** How many rows have each of those. */
  readonly #counts = new Array<number>(VERDICTS.length * 2).fill(0);
  /** Of those that are about another token than the plan says; else empty. */
  readonly #deviceIds: ReturnType<typeof idColumn>;
  /** Rows that are about no token, although the plan names one. */
  readonly #without = new Set<number>();
  readonly #reasons = new RepeatingTextColumn();
  readonly #details = new RepeatingTextColumn();
  readonly #nexts = new RepeatingTextColumn();
  readonly #since = new RepeatingTextColumn();

  /** @param tokens - ids that are not kept a second time. */
  constructor(plan: PlanRows, progress: ReadonlyMap<number, RowProgress>, tokens?: IdIndex) {
    super();
    this.#deviceIds = idColumn(tokens);
    this.#plan = plan;
    this.#progress = progress;
  }

  get length(): number {
    return this.#verdicts.length;
  }

  /** Adds the verdict of the plan's next row, which is this one. */
  push(
    { verdict, already, deviceId, reason, detail, next, assignedSince = '' }: RowVerdict,
    { deviceId: plannedId }: Pick<PlannedRow, 'deviceId'>,
  ): void {
    if (deviceId === '' && plannedId !== '') this.#without.add(this.length);
    this.#count(verdict, already);
    this.#deviceIds.push(deviceId === plannedId ? '' : deviceId);
    this.#reasons.push(reason);
    this.#details.push(detail);
    this.#nexts.push(next);
    this.#since.push(assignedSince);
  }

  /** Adds the verdict of the plan's next row, which is about the token that the plan names, with no more to tell. */
  pushAsPlanned({ verdict, already }: Pick<RowVerdict, 'verdict' | 'already'>, assignedSince: string): void {
    this.#count(verdict, already);
    this.#deviceIds.push('');
    this.#reasons.push('');
    this.#details.push('');
    this.#nexts.push('');
    this.#since.push(assignedSince);
  }

  #count(verdict: Verdict, already: boolean): void {
    const code = VERDICTS.indexOf(verdict) * 2 + (already ? 1 : 0);
    this.#verdicts.push(code);
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
  }

  counts(): ReadonlyMap<Verdict, VerdictCount> {
    const counts = new Map<Verdict, VerdictCount>();
    for (let code = 0; code < this.#counts.length; code += 2) {
      const [before = 0, already = 0] = this.#counts.slice(code, code + 2);
      const verdict = VERDICTS[code >> 1];
      if (verdict !== undefined && before + already > 0) {
        counts.set(verdict, { count: before + already, already });
      }
    }
    return counts;
  }

  at(position: number): RowVerdict | undefined {
    const row = position >= 0 && position < this.length ? this.#plan.at(position) : undefined;
    if (row === undefined) return undefined;
    const progress = this.#progress.get(row.n);
    const code = this.#verdicts.at(position);
    const otherId = this.#deviceIds.at(position);
    return {
      n: row.n,
      file: row.address.file,
      line: row.address.line,
      serialNumber: row.serialNumber,
      user: row.user,
      verdict: VERDICTS[code >> 1] ?? 'unknown',
      already: code % 2 === 1,
      reason: this.#reasons.at(position),
      detail: this.#details.at(position),
      next: this.#nexts.at(position),
      deviceId: otherId !== '' ? otherId : this.#without.has(position) ? '' : row.deviceId,
      userId: row.userId,
      attempts: progress?.attempts ?? 0,
      clientRequestId: progress?.clientRequestId ?? '',
      requestId: progress?.requestId ?? '',
      assignedSince: this.#since.at(position),
    };
  }

  get parts(): VerdictParts {
    return this;
  }

  plainAt(position: number): PlainVerdict | undefined {
    const address = this.#plan.parts?.addressAt(position);
    const isMore =
      this.#reasons.at(position) !== '' ||
      this.#details.at(position) !== '' ||
      this.#nexts.at(position) !== '' ||
      this.#deviceIds.at(position) !== '' ||
      this.#without.has(position) ||
      this.#progress.has(position);
    if (address === undefined || isMore || position >= this.length) return undefined;
    const code = this.#verdicts.at(position);
    return {
      file: address.file,
      line: address.line,
      verdict: VERDICTS[code >> 1] ?? 'unknown',
      already: code % 2 === 1,
      assignedSince: this.#since.at(position),
    };
  }

  serialNumberAt(position: number): string | undefined {
    return this.#plan.parts?.serialNumberAt(position);
  }

  write(part: PlannedPart, position: number, to: PlainLines): void {
    this.#plan.parts?.write(part, position, to);
  }
}
