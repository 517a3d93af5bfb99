// Writes samples/tokens.csv and samples/assignments.csv. The secrets are made up from a seed, so that the
// files are the same every time; nothing in them opens anything.
//
//   node scripts/make-samples.mjs [DIR]
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOKENS = 320;
const SEED = 20_260_105;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The key of RFC 6238, appendix B, for SHA-1: its codes can be looked up. */
const RFC_6238_KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const MODELS = [
  { manufacturer: 'Token2', model: 'C202', interval: 30 },
  { manufacturer: 'Token2', model: 'C301i', interval: 30 },
  { manufacturer: 'Deepnet Security', model: 'SafeID/Classic', interval: 60 },
  { manufacturer: 'Feitian', model: 'c200', interval: 60 },
];

const GIVEN = [
  'Adele',
  'Alex',
  'Amara',
  'Anders',
  'Aylin',
  'Ben',
  'Bianca',
  'Carlos',
  'Chloe',
  'Daiki',
  'Dana',
  'Diego',
  'Elif',
  'Emil',
  'Fatima',
  'Finn',
  'Grace',
  'Hanna',
  'Helga',
  'Ibrahim',
  'Ines',
  'Ivan',
  'Jana',
  'Jonas',
  'Kofi',
  'Lars',
  'Leila',
  'Liam',
  'Lucia',
  'Mai',
  'Marek',
  'Mina',
  'Nadia',
  'Noah',
  'Olga',
  'Omar',
  'Priya',
  'Rosa',
  'Sami',
  'Tess',
];
const FAMILY = [
  'Abe',
  'Adeyemi',
  'Alvarez',
  'Baker',
  'Berg',
  'Braun',
  'Chen',
  'Costa',
  'Demir',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kaya',
  'Khan',
  'Kowalski',
  'Lindqvist',
  'Mensah',
  'Moreau',
  'Nguyen',
  'Novak',
  'Okafor',
  'Patel',
  'Petrov',
  'Quinn',
  'Rossi',
  'Sato',
  'Schmidt',
  'Silva',
  'Tanaka',
  'Weber',
  'Yilmaz',
];

/** mulberry32, as in src/random.ts. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomFrom(SEED);
const pick = (list) => list[Math.floor(random() * list.length)];
const key = () => Array.from({ length: 32 }, () => pick(BASE32)).join('');

/** Serial numbers run on within a delivery; one delivery begins with zeros. */
function serialNumber(index) {
  const base = index < 24 ? 731_400 : 60_234_500;
  return String(base + index * 3 + 1).padStart(8, '0');
}

const names = new Set();
function user() {
  for (;;) {
    const name = `${pick(GIVEN)}.${pick(FAMILY)}`.toLowerCase();
    if (names.has(name)) continue;
    names.add(name);
    return `${name}@contoso.example`;
  }
}

const tokens = Array.from({ length: TOKENS }, (_, index) => {
  const { manufacturer, model, interval } = MODELS[Math.floor((index * MODELS.length) / TOKENS)];
  return {
    serial: serialNumber(index),
    key: index === 0 ? RFC_6238_KEY : key(),
    interval,
    manufacturer,
    model,
  };
});

// Every twentieth token is the second one of the person before: administrators hold a spare.
let holder = user();
const assignments = tokens.map((token, index) => {
  if (index % 20 !== 19) holder = user();
  return { serial: token.serial, user: holder };
});
for (let index = assignments.length - 1; index > 0; index -= 1) {
  const other = Math.floor(random() * (index + 1));
  [assignments[index], assignments[other]] = [assignments[other], assignments[index]];
}

const csv = (lines) => lines.map((line) => `${line}\r\n`).join('');
const samples = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'samples');
writeFileSync(
  join(samples, 'tokens.csv'),
  csv([
    'upn,serial number,secret key,time interval,manufacturer,model',
    ...tokens.map(
      (token) => `,${token.serial},${token.key},${token.interval},${token.manufacturer},${token.model}`,
    ),
  ]),
);
writeFileSync(
  join(samples, 'assignments.csv'),
  csv(['serial number,user', ...assignments.map((assignment) => `${assignment.serial},${assignment.user}`)]),
);
