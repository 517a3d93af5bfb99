// What a serial number is: text from start to end, never a number. Leading zeros count.

import type { Invalidity } from './row.js';
import { resemblesKey } from './secret-encoding.js';

/** What Excel makes of a long number: `1.1E+12`, or `1,1E+12` (formats.md, section 14, rule 3). */
const SCIENTIFIC = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** A formula (`="00123"`), Excel's error values (`#NAME?`) and its mark for text (`'00123`). */
const SPREADSHEET_MARK = /^[=#']/;

/** A quotation mark of a word processor that does not surround the cell. */
const CURLY_QUOTE = /[“”„‟«»‘’]/;

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Shorter than any key, and with nothing in it that is asked about below. */
const ORDINARY = /^[\dA-Za-z][\dA-Za-z-]{0,19}$/;

/** What is wrong with a serial number, and whether it may be shown. */
export interface SerialTrouble extends Invalidity {
  readonly showSerial: boolean;
}

/**
 * What is wrong with a trimmed serial number; `undefined` when nothing is.
 *
 * @example
 * checkSerialNumber('0012345'); // undefined
 * checkSerialNumber('1.1E+12'); // { reason: 'serial-damaged', … }
 */
export function checkSerialNumber(serial: string): SerialTrouble | undefined {
  // A quick look first: a million rows pass here.
  if (ORDINARY.test(serial)) return undefined;
  if (serial === '') return trouble('serial-missing', 'the serial number is empty', false);
  if (resemblesKey(serial)) {
    return trouble(
      'serial-damaged',
      'the serial number is shaped like a secret key; are the columns in the order of the heading?',
      false,
    );
  }
  if (SCIENTIFIC.test(serial)) {
    return trouble(
      'serial-damaged',
      'the serial number was rounded by a spreadsheet; take the file as the vendor sent it',
      true,
    );
  }
  if (SPREADSHEET_MARK.test(serial)) {
    return trouble('serial-damaged', 'the serial number carries a mark that a spreadsheet put there', true);
  }
  if (CURLY_QUOTE.test(serial)) {
    return trouble('serial-damaged', 'the serial number holds a curly quotation mark', true);
  }
  if (CONTROL_CHARACTER.test(serial)) {
    return trouble('serial-damaged', 'the serial number holds a line break or control character', false);
  }
  return undefined;
}

function trouble(reason: Invalidity['reason'], detail: string, showSerial: boolean): SerialTrouble {
  return { reason, detail, showSerial };
}
