// Reads code, message and request id out of an error's body, in every form that the documents show or that
// gateways in front of Graph use. Pure. The code is told and never decided by: those of these operations are not
// documented (graph-api.md, section 8.2).

/** What an error's body says; the code is `HTTP 404` where it names none. */
export interface GraphErrorBody {
  readonly code: string;
  readonly message: string;
  /** Of `innerError`, for an answer whose headers are gone, as inside a batch; empty when there is none. */
  readonly requestId: string;
}

/** An error message that goes into a report is bounded; a proxy's error page is not a sentence. */
const MESSAGE_CHARACTERS_MAX = 300;

/** `innerError` may nest (graph-api.md, section 8.1); how deep, nobody says. */
const INNER_DEPTH_MAX = 5;

/** `undefined` when the text is not JSON; an empty body is `null`, as that of 204 is. */
export function parseJson(body: string): { readonly value: unknown } | undefined {
  if (body.trim() === '') return { value: null };
  try {
    return { value: JSON.parse(body) };
  } catch {
    // Not JSON is an expected outcome: the caller decides what it means for this status.
    return undefined;
  }
}

/**
 * What the body of an error says.
 *
 * @example
 * parseGraphError(404, '{"error":{"code":"itemNotFound","message":"No such token."}}');
 * // { code: 'itemNotFound', message: 'No such token.', requestId: '' }
 */
export function parseGraphError(status: number, body: string): GraphErrorBody {
  const { code, message, requestId } = read(parseJson(body)?.value);
  return {
    code: code === '' ? `HTTP ${status}` : code,
    message: message.replaceAll(/\s+/g, ' ').trim().slice(0, MESSAGE_CHARACTERS_MAX),
    requestId,
  };
}

function read(body: unknown): GraphErrorBody {
  // Graph itself, or `odata.error` of the directory behind it.
  const error = property(body, 'error') ?? property(body, 'odata.error');
  if (typeof error === 'object' && error !== null) return readError(error);
  // The token endpoint: RFC 6749, section 5.2.
  if (typeof error === 'string') {
    return { code: error, message: text(property(body, 'error_description')), requestId: '' };
  }
  // The admin centre (graph-api.md, section 8.2), and gateways that have only a message.
  const details = property(body, 'localizedErrorDetails');
  const first: unknown =
    typeof details === 'object' && details !== null ? Object.values(details)[0] : undefined;
  return {
    code: text(property(body, 'errorCode')),
    message: text(first) || text(property(body, 'message')),
    requestId: '',
  };
}

function readError(error: object): GraphErrorBody {
  const message = property(error, 'message');
  const said = messageText(message);
  const detail = firstDetail(property(error, 'details'));
  return {
    code: text(property(error, 'code')),
    message: detail === '' || said.includes(detail) ? said : `${said} ${detail}`,
    requestId: innerRequestId(error),
  };
}

/** A text; a text with its language, as the directory writes it; or JSON in a text, as some services write it. */
function messageText(message: unknown): string {
  if (typeof message === 'object') return text(property(message, 'value'));
  const written = text(message);
  if (!written.startsWith('{')) return written;
  return text(property(parseJson(written)?.value, 'message')) || written;
}

/** https://learn.microsoft.com/graph/errors: `details` lists what is wrong, and may name the property. */
function firstDetail(details: unknown): string {
  const first: unknown = Array.isArray(details) ? details[0] : undefined;
  const target = text(property(first, 'target'));
  const message = text(property(first, 'message'));
  return target === '' || message === '' ? message : `${target}: ${message}`;
}

function innerRequestId(error: object): string {
  let inner: unknown = error;
  for (let depth = 0; depth < INNER_DEPTH_MAX; depth += 1) {
    inner = property(inner, 'innerError');
    const requestId = text(property(inner, 'request-id'));
    if (requestId !== '') return requestId;
  }
  return '';
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Microsoft writes both innerError and innererror (graph-api.md, section 8.1).
  const found = Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
