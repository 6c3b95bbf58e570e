// Messages between the module and the worker; ../wire.h is the other end.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class MessageWriter {
  constructor() {
    this.parts = [];
    this.size = 0;
  }
  number(value) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return this.raw(bytes);
  }
  large(value) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    return this.raw(bytes);
  }
  bytes(value) {
    return this.number(value.byteLength).raw(value);
  }
  text(value) {
    return this.bytes(encoder.encode(value));
  }
  raw(bytes) {
    this.parts.push(bytes);
    this.size += bytes.byteLength;
    return this;
  }
  take() {
    const message = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      message.set(part, at);
      at += part.byteLength;
    }
    return message;
  }
}

// Reads a copy or a view; bytes() are views of it.
export class MessageReader {
  constructor(bytes) {
    this.all = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }
  number() {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }
  large() {
    this.at += 8;
    return Number(this.view.getBigUint64(this.at - 8, true));
  }
  bytes() {
    const size = this.number();
    this.at += size;
    return this.all.subarray(this.at - size, this.at);
  }
  text() {
    return decoder.decode(this.bytes());
  }
}
