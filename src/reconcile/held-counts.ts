// How many tokens of the inventory each user holds. Pure.

import { IdCounts } from '../compact/id-counts.js';
import { IdIndex } from '../compact/id-index.js';
import type { Devices } from '../tenant/observed.js';

export function heldCounts(devices: Devices): IdCounts {
  if (devices.heldCounts !== undefined) return devices.heldCounts();
  const people = new IdIndex();
  const counts = new IdCounts(people);
  for (const tokens of devices.values()) {
    for (const { assignedToId } of tokens) {
      if (assignedToId !== undefined) counts.count(people.add(assignedToId));
    }
  }
  return counts;
}
