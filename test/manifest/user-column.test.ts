// A column that keeps each user once for all files. To everybody else it is a list of texts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextIndex } from '../../src/compact/text-index.js';
import { userKey } from '../../src/lookup-key.js';
import { UserColumn } from '../../src/manifest/user-column.js';

const user = fc.constantFrom('', 'ada@x.test', 'Ada@X.test', 'bob@x.test', ' eve@x.test ', 'dan@x.test');
describe('the users of several lists', () => {
  it('are each as it stands in its file, and kept once by key', () => {
    fc.assert(
      fc.property(fc.array(fc.array(user), { minLength: 1, maxLength: 3 }), (lists) => {
        const names = new TextIndex();
        for (const users of lists) {
          const column = new UserColumn(names);
          for (const one of users) column.push(one);
          expect(users.map((_, i) => column.at(i))).toEqual(users);
          const places = users.map((_, i) => column.placeIn(names, i));
          expect(places.map((place) => (place < 0 ? '' : names.at(place)))).toEqual(users.map(userKey));
          // Places in another index would mean other users.
          expect(users.map((_, i) => column.placeIn(new TextIndex(), i))).toEqual(users.map(() => -1));
        }
        const keys = new Set(
          lists
            .flat()
            .filter((one) => one !== '')
            .map(userKey),
        );
        expect(Array.from({ length: names.length }, (_, i) => names.at(i))).toEqual([...keys]);
      }),
    );
  });
});
