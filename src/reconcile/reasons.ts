// The reason codes that reconciling gives, each with its sentence and the next step. Codes are stable; the
// reasons of rows that were refused before sending come from the manifest and plan stages.

/** What a row can end with when it is not settled. */
export const REASONS = {
  'held-by-other': {
    detail: 'The token is held by another user.',
    next: 'Find out who has it in hand; take it back from that user before it is given to this one.',
  },
  refused: {
    detail: 'The service refused the request.',
    next: 'Read what the service said; correct the row, or the tenant, and run the job again.',
  },
  'code-refused': {
    detail: 'The user holds the token, and the service refused to activate it.',
    next: 'Compare the secret, the hash function and the time interval with the vendor; the holder may try at https://aka.ms/mysecurityinfo.',
  },
  'recreate-incomplete': {
    detail: 'The token was deleted and is not there again.',
    next: 'Run the job again: it creates the token from the manifest and gives it back to its user. The old secret cannot be brought back.',
  },
  forbidden: {
    detail: 'The app may not change this user.',
    next: 'For administrators the app needs more rights than for other users; see docs/permissions.md.',
  },
  'permission-in-doubt': {
    detail: 'The service forbade this write, and no later one shows that the permission is still there.',
    next: 'Look at the permissions (docs/permissions.md), then run the job again; for administrators the app needs more rights than for other users.',
  },
  'given-up': {
    detail: 'Every try failed without effect.',
    next: 'Run the job again later; the rows that are done are not touched.',
  },
  'not-visible': {
    detail: 'The service took the request, and no list showed its effect before the deadline.',
    next: 'Run "oathbatch verify" later; if it stays so, name the request-id in a support case.',
  },
  'answer-lost': {
    detail: 'A request was sent and its answer was lost; no list call has settled it.',
    next: 'Run: oathbatch resume',
  },
  'not-verified': {
    detail: 'The service took the request; the run stopped before a list call could prove it.',
    next: 'Run: oathbatch resume',
  },
  stopped: {
    detail: 'The run stopped before this row was sent.',
    next: 'Run: oathbatch resume',
  },
  'not-carried-out': {
    detail: 'The tenant is not as the files ask, and nothing was sent.',
    next: 'Run the job to make it so.',
  },
  'changed-meanwhile': {
    detail: 'The tenant was as it should be when the run began, and is no longer.',
    next: 'Find out who changed it; run the job again to make it so.',
  },
} as const satisfies Record<string, { readonly detail: string; readonly next: string }>;

export type Reason = keyof typeof REASONS;
