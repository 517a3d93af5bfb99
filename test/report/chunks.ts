// The chunks of a report as one text.

/** Each is taken as it comes: bytes may change when those behind them are made. */
export function textIn(chunks: Iterable<string | Uint8Array>): string {
  let text = '';
  for (const chunk of chunks) text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
  return text;
}
