// The world of the benchmarks: a manifest, an assignments list and a tenant of N tokens that belong together. Row,
// token and user number i are one another's, so that nothing has to be kept to tell who is who. Made-up secrets.

import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const digits = (n, length) => String(n).padStart(length, '0');

export const serialOf = (i) => `2408${digits(i, 8)}`;
export const userOf = (i) => `person.${i}@contoso.example`;
export const userIdOf = (i) => `00000000-0000-4000-8000-${digits(i, 12)}`;
export const deviceIdOf = (i) => `11111111-0000-4000-9000-${digits(i, 12)}`;

/** The number in any of the four. */
export const numberIn = (text) => Number(/(\d+)(?:@.*)?$/.exec(text.slice(-28))?.[1].slice(-12));

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 32 characters, different for each row. */
function secretOf(i) {
  let state = (i + 1) * 2_654_435_761;
  let text = '';
  for (let k = 0; k < 32; k += 1) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + k) >>> 0;
    text += BASE32[state >>> 27];
  }
  return text;
}

function writeLines(path, heading, count, line) {
  const file = openSync(path, 'w');
  let text = `${heading}\n`;
  for (let i = 0; i < count; i += 1) {
    text += `${line(i)}\n`;
    if (text.length > 1_000_000) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

/** Writes the files of a world of `count` rows and the job over them. */
export function makeWorld(directory, count, job = {}) {
  mkdirSync(directory, { recursive: true });
  const path = (name) => join(directory, name);
  writeLines(
    path('tokens.csv'),
    'upn,serial number,secret key,time interval,manufacturer,model',
    count,
    (i) => {
      return `,${serialOf(i)},${secretOf(i)},30,Contoso,C${i % 3}00`;
    },
  );
  writeLines(path('assignments.csv'), 'serial number,user', count, (i) => `${serialOf(i)},${userOf(i)}`);
  const described = {
    name: 'bench',
    kind: 'onboarding',
    graph: 'emulator',
    credential: 'default',
    manifests: [{ path: 'tokens.csv' }],
    assignments: [{ path: 'assignments.csv' }],
    reports: { formats: ['csv', 'json'] },
    ...job,
  };
  writeFileSync(path('job.yaml'), JSON.stringify(described));
  return {
    directory,
    job: path('job.yaml'),
    tokens: path('tokens.csv'),
    assignments: path('assignments.csv'),
  };
}

/** Item `i` of the inventory list, as Graph writes it (flat). */
export function deviceText(i, isHeld) {
  const holder = isHeld ? `{"id":"${userIdOf(i)}","displayName":"Person ${i}"}` : 'null';
  return `{"id":"${deviceIdOf(i)}","displayName":null,"serialNumber":"${serialOf(i)}","manufacturer":"Contoso","model":"C${i % 3}00","secretKey":null,"timeIntervalInSeconds":30,"status":"${isHeld ? 'assigned' : 'available'}","lastUsedDateTime":null,"hashFunction":"hmacsha1","assignedTo":${holder}}`;
}

export function userText(i) {
  return `{"id":"${userIdOf(i)}","userPrincipalName":"${userOf(i)}","displayName":"Person ${i}","accountEnabled":true,"userType":"Member"}`;
}

/** A page of a list, as text. `next` is the address of the one behind it. */
export function pageText(context, from, to, item, next) {
  let text = `{"@odata.context":"${context}"`;
  if (next !== undefined) text += `,"@odata.nextLink":"${next}"`;
  text += ',"value":[';
  for (let i = from; i < to; i += 1) text += i === from ? item(i) : `,${item(i)}`;
  return `${text}]}`;
}

/** Writes the pages of a list, a page to a line, as the service gives them. */
export function writePages(path, count, size, item) {
  const file = openSync(path, 'w');
  for (let from = 0; from < count; from += size) {
    const to = Math.min(count, from + size);
    writeSync(
      file,
      `${pageText('http://127.0.0.1/$metadata', from, to, item, to < count ? 'next' : undefined)}\n`,
    );
  }
  closeSync(file);
}
