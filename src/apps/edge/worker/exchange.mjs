// Requests and responses of the platform as messages; ../exchange.h is the other end.
import { open } from './blobs.mjs';
import { MessageReader, MessageWriter } from './wire.mjs';

const pieceSize = 64 * 1024;
const mostDrained = 128 * 1024 * 1024;

// The body of a request, in pieces of at most 64 KiB; an empty one is its end.
export class Body {
  constructor(stream) {
    Object.assign(this, { reader: stream?.getReader(), rest: new Uint8Array() });
  }
  async next() {
    while (!this.rest.byteLength) {
      const { value, done } = await this.reader.read();
      if (done) return this.rest;
      this.rest = value;
    }
    const piece = this.rest.subarray(0, pieceSize);
    this.rest = this.rest.subarray(piece.byteLength);
    return piece;
  }
  // Reads what the module did not want: a client that is still sending may not see an answer whose
  // connection is closed before.
  async drain() {
    try {
      for (let read = 0; this.reader && read < mostDrained; ) {
        const { value, done } = await this.reader.read();
        if (done) return;
        read += value.byteLength;
      }
    } catch {
      // it broke off
    }
  }
}

// The headers as the client sent them: the platform puts its own Accept-Encoding in the place of the
// client's, and keeps that aside ('' where there was none).
export function headersOf(request) {
  const headers = new Headers(request.headers);
  const own = request.cf?.clientAcceptEncoding;
  if (own) headers.set('accept-encoding', own);
  else if (own === '') headers.delete('accept-encoding');
  return headers;
}

export function requestMessage(request) {
  const origin = new URL(request.url).origin;
  const length = request.headers.get('content-length');
  const headers = [...headersOf(request)];
  const message = new MessageWriter()
    .text(request.method)
    .text(request.url.slice(origin.length))
    .text(request.headers.get('cf-connecting-ip') ?? '127.0.0.1')
    .number(origin.startsWith('https:') ? 1 : 0)
    .number(request.body ? 1 : 0)
    .large(length === null ? 0 : Number(length) + 1)
    .number(headers.length);
  for (const [name, value] of headers) message.text(name).text(value);
  return message.take();
}

export async function response(bytes, bucket) {
  const message = new MessageReader(bytes);
  const status = message.number();
  const headers = new Headers();
  for (let count = message.number(); count > 0; count -= 1)
    headers.append(message.text(), message.text());
  const kind = message.number();
  if (kind === 0) return new Response(null, { status, headers });
  // What is compressed came so from the module.
  if (kind === 1) return new Response(message.bytes(), { status, headers, encodeBody: 'manual' });
  return blobResponse(bucket, message, status, headers);
}

async function blobResponse(bucket, message, status, headers) {
  const keys = [message.text(), message.text()];
  const range = { offset: message.large(), length: message.large() };
  const object = (await open(bucket, keys[0], range)) ?? (await open(bucket, keys[1], range));
  if (!object) throw new Error(`${keys[0]} is not in the bucket`);
  headers.set('content-length', String(range.length));
  const { readable, writable } = new FixedLengthStream(range.length);
  object.body.pipeTo(writable).catch(() => {}); // the client went away
  return new Response(readable, { status, headers });
}
