// Memory of columns and indexes.

/** A column that is full is copied into one twice as long: what is not written to takes no memory of the machine. */
export function roomAfter(room: number): number {
  return room * 2;
}

/**
 * So many bytes, all of them 0, which the machine has back with {@link giveBack}. What is merely let go of lies about
 * until garbage is collected, and then the C library keeps it for pieces to come
 * (https://sourceware.org/glibc/manual/latest/html_node/Malloc-Tunable-Parameters.html).
 */
export function memoryToGiveBack(bytes: number): ArrayBuffer {
  // It begins with nothing: V8 counts what is there at first, and would collect garbage the sooner for it.
  const memory = new ArrayBuffer(0, { maxByteLength: bytes });
  memory.resize(bytes);
  return memory;
}

/** Nothing is in this memory any more. */
export function giveBack(memory: ArrayBuffer): void {
  memory.resize(0);
}
