// Two columns without a heading, serial number and key: PingID, RapidIdentity, Duo's import box, Feitian's text,
// Authenex (formats.md, sections 6 and 10). A third column may hold the time interval. Everything else has to come
// from the job.

import { resemblesKey } from '../secret-encoding.js';
import type { BareLayout } from './layout.js';

/** The shortest key in Base32: 10 bytes. */
const SHORTEST_KEY_CHARACTERS = 16;

export const serialAndKey: BareLayout = {
  name: 'serial-and-key',
  title: 'a list of serial numbers and keys (PingID, Duo, Feitian)',
  columns: new Map([
    ['serialNumber', 0],
    ['secretKey', 1],
    ['timeInterval', 2],
  ]),
  widths: [2, 3],
  matches: ([serial = '', key = '', interval = '30', ...more]) =>
    more.length === 0 &&
    serial !== '' &&
    !resemblesKey(serial, SHORTEST_KEY_CHARACTERS) &&
    resemblesKey(key, SHORTEST_KEY_CHARACTERS) &&
    /^(?:30|60)?$/.test(interval),
};
