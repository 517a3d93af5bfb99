// A plain export of Aegis (formats.md, section 12). Its entries have names and no serial numbers: the job brings
// them. An encrypted vault is refused: it is exported again without encryption by its owner.

import { contentRefusal } from '../file-refusal.js';
import { type JsonItem, JsonItemReader } from '../json-items.js';
import { withSerialNumber } from '../serial-map.js';
import { aegisToken } from './decode-json-token.js';
import type { DocumentFormat, DocumentToken } from './document-format.js';

export const aegisJson: DocumentFormat = {
  name: 'aegis-json',
  title: 'an export of Aegis',
  implied: {},
  open({ serials }) {
    const reader = new JsonItemReader();
    let entries = 0;
    const take = (items: readonly JsonItem[]): readonly DocumentToken[] => {
      const taken: DocumentToken[] = [];
      for (const { path, value, line, listed } of items) {
        if (path === 'db' && !listed) {
          throw contentRefusal('this is an encrypted vault of Aegis; export it without encryption');
        }
        if (listed && path === 'db.entries') {
          taken.push({ raw: withSerialNumber(aegisToken(value), serials), line });
        }
      }
      entries += taken.length;
      return taken;
    };
    return {
      push: (text) => take(reader.push(text)),
      end() {
        const last = take(reader.end());
        if (entries === 0) throw contentRefusal('this is an export of Aegis without entries');
        return last;
      },
      remarks: () => [],
    };
  },
};
