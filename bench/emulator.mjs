// The product's own emulator in a process of its own, for the benchmark under a throttle.
//
//   node bench/emulator.mjs COUNT SETTINGS   SETTINGS as JSON: docs/emulator.md

import { systemClock } from '../dist/clock.js';
import { Emulator } from '../dist/emulator/emulator.js';
import { serveEmulator } from '../dist/emulator/server.js';
import { emulatorSettingsSchema } from '../dist/emulator/settings.js';
import { deviceIdOf, serialOf, userIdOf, userOf } from './world.mjs';

const [count, settings] = process.argv.slice(2);
const numbers = Array.from({ length: Number(count) }, (_, i) => i);
const emulator = new Emulator({
  settings: emulatorSettingsSchema.parse(JSON.parse(settings)),
  clock: systemClock,
  seed: {
    users: numbers.map((i) => ({
      id: userIdOf(i),
      userPrincipalName: userOf(i),
      displayName: `Person ${i}`,
      accountEnabled: true,
      userType: 'Member',
    })),
    devices: numbers.map((i) => ({
      id: deviceIdOf(i),
      serialNumber: serialOf(i),
      manufacturer: 'Contoso',
      model: `C${i % 3}00`,
      timeIntervalInSeconds: 30,
      hashFunction: 'hmacsha1',
    })),
  },
});
const server = await serveEmulator(emulator);
process.on('disconnect', () => process.exit(0));
process.send?.({ url: server.url });
