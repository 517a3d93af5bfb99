// Has V8 collect its garbage sooner (decision 0096): commands that hold a whole tenant wait for the service most of the
// time, and run beside others. To be called before much has been allocated.

import { setFlagsFromString } from 'node:v8';

/** https://nodejs.org/api/v8.html#v8setflagsfromstringflags */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}

/** The part for new objects stays as small as it is as well, for commands that send nothing: it costs some time. */
export function keepWholeHeapSmall(): void {
  keepHeapSmall();
  setFlagsFromString('--semi-space-growth-factor=1');
}
