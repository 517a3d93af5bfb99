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

/** A UTF-16 unit takes three bytes at most in UTF-8. */
export const BYTES_PER_UNIT_MAX = 3;

/** Room for the bytes of most lines that are put together; more is made where they are longer. */
const BYTES_FIRST = 65_536;

/** The buffer, or a larger one with what is in use of it, in which there is room for so many bytes more. */
export function withRoom(buffer: Buffer, used: number, bytes: number): Buffer {
  const needed = used + bytes;
  if (needed <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafeSlow(Math.max(BYTES_FIRST, needed, buffer.length * 2));
  buffer.copy(larger, 0, 0, used);
  return larger;
}
