// The `$batch` protocol of graph-api.md, section 6: up to twenty operations in one envelope, with their
// dependencies. What the operations do is not here.

import { z } from 'zod';
import { badRequest, type GraphFault, graphFault } from './graph-error.js';

const MOST_REQUESTS = 20;

const subRequestSchema = z.looseObject({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  method: z.string().transform((method) => method.toUpperCase()),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.unknown().optional(),
  /** At most one: the batch is parallel, serial, or all on the same request. */
  dependsOn: z.array(z.string()).max(1).nullish(),
});

const batchSchema = z.looseObject({ requests: z.array(subRequestSchema).min(1).max(MOST_REQUESTS) });

export type SubRequest = z.output<typeof subRequestSchema>;

/** An answer in the envelope. Header names as Microsoft writes them, so that clients must not care. */
export interface SubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
}

function dependency(request: SubRequest): string | undefined {
  return request.dependsOn?.[0];
}

/** Entirely parallel, entirely serial, or all on the same one. */
function isAllowedPattern(requests: readonly SubRequest[]): boolean {
  const needs = requests.map(dependency);
  const isParallel = needs.every((need) => need === undefined);
  const isSerial = requests.every((request, n) => dependency(request) === requests[n - 1]?.id);
  const named = needs.filter((need) => need !== undefined);
  const isSame = new Set(named).size === 1 && requests.some((request) => request.id === named[0]);
  return (
    isParallel || isSerial || (isSame && !requests.some((request) => dependency(request) === request.id))
  );
}

/** The operations of a batch, or the refusal of the whole envelope. */
export function parseBatch(body: unknown): readonly SubRequest[] | GraphFault {
  const decoded = batchSchema.safeParse(body);
  if (!decoded.success) {
    return badRequest(
      `The batch is malformed: it needs 1 to ${MOST_REQUESTS} requests with id, method and url.`,
    );
  }
  const { requests } = decoded.data;
  if (new Set(requests.map(({ id }) => id)).size !== requests.length) {
    return badRequest('The batch is malformed: the ids of its requests are not unique.');
  }
  if (requests.some(({ url }) => /^[a-z]+:/i.test(url))) {
    return badRequest('The batch is malformed: the addresses of its requests are not relative.');
  }
  return isAllowedPattern(requests)
    ? requests
    : badRequest('The batch is malformed: it is neither parallel, nor serial, nor all on the same request.');
}

export const FAILED_DEPENDENCY: GraphFault = graphFault(
  424,
  'FailedDependency',
  'A request that this one depends on has failed.',
);

/**
 * Carries the operations out, each behind the one that it depends on, and answers them in the order in
 * which they were carried out. Behind a failed one stands 424.
 */
export function runBatch(
  requests: readonly SubRequest[],
  perform: (request: SubRequest) => SubAnswer,
  skip: (request: SubRequest) => SubAnswer,
): readonly (SubAnswer & { readonly id: string })[] {
  const answers = new Map<string, SubAnswer>();
  const isIndependent = (request: SubRequest): boolean => dependency(request) === undefined;
  const ordered = [
    ...requests.filter(isIndependent),
    ...requests.filter((request) => !isIndependent(request)),
  ];
  for (const request of ordered) {
    const needed = answers.get(dependency(request) ?? '');
    const canRun = needed === undefined || needed.status < 400;
    answers.set(request.id, canRun ? perform(request) : skip(request));
  }
  return [...answers].map(([id, answer]) => ({ id, ...answer }));
}
