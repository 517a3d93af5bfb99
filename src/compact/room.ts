// How columns grow.

/** A column that is full is copied into one twice as long: what is not written to takes no memory of the machine. */
export function roomAfter(room: number): number {
  return room * 2;
}

/** The same numbers with more room behind them. */
export function longer(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(roomAfter(numbers.length));
  more.set(numbers);
  return more;
}
