/** Unsigned LEB128 numbers below 2^53, packed one after another. */
export class VarintWriter {
  private bytes = new Uint8Array(64);
  private length = 0;

  push(value: number): void {
    if (this.length + 8 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** Calls `each` with every number. Throws when the bytes end inside one. */
export const readVarints = (bytes: Uint8Array, each: (value: number) => void): void => {
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    if (byte & 0x80) {
      scale *= 0x80;
    } else {
      each(value);
      value = 0;
      scale = 1;
    }
  }
  if (scale !== 1) throw new Error('A stored roll-up is damaged: it ends inside a number.');
};
