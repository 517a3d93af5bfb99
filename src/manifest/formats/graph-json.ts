// JSON as Microsoft Graph takes it (formats.md, section 2): a bulk request (`#$delta`), `{"value": […]}`, a plain
// list, a single body, and `{"inventory": […], "assignments": […]}`.

import { contentRefusal } from '../file-refusal.js';
import { type JsonItem, JsonItemReader } from '../json-items.js';
import { graphToken } from './decode-json-token.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';

/** The lists that hold tokens; the empty path is a list at the top. */
const TOKEN_LISTS: ReadonlySet<string> = new Set(['', 'value', 'inventory', 'tokens', 'devices']);

export const graphJson: DocumentFormat = {
  name: 'graph-json',
  title: 'JSON for Microsoft Graph',
  // The property may be left out of a request; Graph then means SHA-1 (graph-api.md, section 2.1).
  implied: { hashFunction: 'hmacsha1' },
  open() {
    const reader = new JsonItemReader();
    const single = new Map<string, unknown>();
    let tokens = 0;
    let passedOver = 0;
    let assignments = 0;
    const take = (items: readonly JsonItem[]): readonly DocumentToken[] => {
      const taken: DocumentToken[] = [];
      for (const { path, value, line, listed } of items) {
        if (!listed) {
          if (!path.includes('.') || path.startsWith('assignTo.')) single.set(path, value);
        } else if (TOKEN_LISTS.has(path)) taken.push({ raw: graphToken(value), line });
        else if (path === 'assignments') assignments += 1;
        else passedOver += 1;
      }
      tokens += taken.length;
      return taken;
    };
    return {
      push: (text) => take(reader.push(text)),
      end() {
        const last = take(reader.end());
        if (tokens > 0) return last;
        if (single.has('serialNumber') || single.has('secretKey')) {
          const user = single.get('assignTo.id');
          const value = {
            ...Object.fromEntries(single),
            ...(user === undefined ? {} : { assignTo: { id: user } }),
          };
          return [{ raw: graphToken(value), line: 1 }];
        }
        throw contentRefusal(
          'this is JSON without a list of tokens; expected is a list of objects with serialNumber, secretKey, timeIntervalInSeconds, manufacturer and model, alone or as value',
        );
      },
      remarks: () => [
        ...(assignments > 0
          ? [
              `not read: ${assignments} assignments, which name tokens by their ids in a tenant; name a list of serial numbers and users as assignments of the job`,
            ]
          : []),
        ...(passedOver > 0 ? [`not read: ${passedOver} entries of lists that hold no tokens`] : []),
      ],
    };
  },
};
