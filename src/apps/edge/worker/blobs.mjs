// Objects in R2: uploads that are hashed while they come in, and reading what is there. Keys and what
// they mean are the module's.
import { MessageWriter } from './wire.mjs';

// Parts of an upload are of one size but the last. An upload that fits into one is put at once, as
// every archive of Ori does.
const partSize = 11 * 1024 * 1024;

// Where the bytes of an object lie: in itself, or in the object that its metadata name.
const elsewhere = 'stored-as';

// And which object that says so it belongs to, where it has a key that others know.
const ownBlob = 'blob';

const whereNone = new Headers({ 'if-none-match': '*' });

class Upload {
  constructor(bucket, key) {
    Object.assign(this, { bucket, key, size: 0, parts: [], held: [], heldSize: 0, multipart: null });
    this.hashes = ['SHA-1', 'SHA-256', 'SHA-512'].map((name) => {
      const stream = new crypto.DigestStream(name);
      stream.digest.catch(() => {}); // an upload that is dropped has no digest
      return { stream, writer: stream.getWriter() };
    });
  }

  async append(bytes) {
    this.size += bytes.byteLength;
    await Promise.all(this.hashes.map(({ writer }) => writer.write(bytes)));
    let rest = bytes;
    while (rest.byteLength) {
      const piece = rest.subarray(0, partSize - this.heldSize);
      rest = rest.subarray(piece.byteLength);
      this.held.push(piece);
      this.heldSize += piece.byteLength;
      if (this.heldSize === partSize) await this.sendPart();
    }
  }

  async sendPart() {
    const part = await new Blob(this.held).arrayBuffer();
    this.held = [];
    this.heldSize = 0;
    this.multipart ??= await this.bucket.createMultipartUpload(this.key);
    this.parts.push(await this.multipart.uploadPart(this.parts.length + 1, part));
  }

  async seal() {
    const digests = await Promise.all(
      this.hashes.map(async ({ stream, writer }) => {
        await writer.close();
        return new Uint8Array(await stream.digest);
      }),
    );
    if (this.multipart) {
      if (this.heldSize) await this.sendPart();
      await this.multipart.complete(this.parts);
      this.completed = true;
    }
    const answer = new MessageWriter();
    for (const digest of digests) answer.bytes(digest);
    this.sha256 = digests[1];
    return answer.large(this.size).take();
  }

  // A name that is taken has these bytes: names are made of them.
  async commit(name) {
    const kept = this.completed
      ? await this.bucket.put(name, new Uint8Array(), {
          onlyIf: whereNone,
          customMetadata: { [elsewhere]: this.key, size: String(this.size) },
        })
      : await this.bucket.put(name, await new Blob(this.held).arrayBuffer(), {
          onlyIf: whereNone,
          sha256: this.sha256,
        });
    this.name = name;
    this.committed ||= kept !== null;
    return new Uint8Array();
  }

  // An erasure that saw no row of this upload may have taken the object away (../r2_eraser.h).
  async drop() {
    if (this.name && !(await this.bucket.head(this.name))) await this.commit(this.name);
    if (this.committed || !this.multipart) return;
    if (this.completed) await this.bucket.delete(this.key);
    else await this.multipart.abort();
  }
}

// The uploads of one instance of the module, by number.
export class Uploads {
  constructor(bucket) {
    Object.assign(this, { bucket, latest: 0, open: new Map(), dropping: [] });
  }
  start(key) {
    this.latest += 1;
    this.open.set(this.latest, new Upload(this.bucket, key));
    return new MessageWriter().number(this.latest).take();
  }
  of(number) {
    return this.open.get(number);
  }
  drop(number) {
    const dropped = this.open.get(number)?.drop();
    this.open.delete(number);
    this.dropping.push(dropped);
    return dropped;
  }
  // When the module's uploads are dropped, for which it does not wait.
  async settled() {
    await Promise.allSettled(this.dropping.splice(0));
  }
  async dropAll() {
    await Promise.all([...this.open.keys()].map((number) => this.drop(number)));
  }
}

export async function head(bucket, key) {
  const object = await bucket.head(key);
  const size = object?.customMetadata?.size ?? object?.size ?? 0;
  return new MessageWriter().number(object ? 1 : 0).large(size).take();
}

// The object with its bytes, or null.
export async function open(bucket, key, range, tries = 3) {
  const options = range.length ? { range } : {};
  let found;
  try {
    found = await bucket.get(key, options);
  } catch (error) {
    // An object that only names another one has no such range.
    found = await bucket.head(key);
    if (!found?.customMetadata?.[elsewhere]) throw error;
  }
  const { [elsewhere]: other, etag } = found?.customMetadata ?? {};
  if (!other) return found;
  const object = await bucket.get(other, etag ? { ...options, onlyIf: { etagMatches: etag } } : options);
  if (object?.body) return object;
  if (tries === 1) return null;
  return open(bucket, key, range, tries - 1); // it was moved meanwhile
}

// A length of 0 means all of it.
export async function read(bucket, key, offset, length) {
  const object = await open(bucket, key, length ? { offset, length } : {});
  if (!object) return new MessageWriter().number(0).take();
  return new MessageWriter().number(1).bytes(new Uint8Array(await object.arrayBuffer())).take();
}

// Whether there was none of that name.
export async function create(bucket, key, bytes) {
  const kept = await bucket.put(key, bytes, { onlyIf: whereNone });
  return new MessageWriter().number(kept === null ? 0 : 1).take();
}

export async function replace(bucket, key, bytes) {
  await bucket.put(key, bytes);
}

// Whether the object's bytes were `before`, and are `after` now; no bytes stand for no object.
export async function exchange(bucket, key, before, after) {
  const object = await bucket.get(key);
  const there = new Uint8Array(object ? await object.arrayBuffer() : 0);
  const same = there.byteLength === before.byteLength && there.every((byte, i) => byte === before[i]);
  const onlyIf = object ? { etagMatches: object.etag } : whereNone;
  const kept = same ? await bucket.put(key, after, { onlyIf }) : null;
  return new MessageWriter().number(kept === null ? 0 : 1).take();
}

// Whether there was one. What has the other name already stays.
export async function move(bucket, from, to) {
  const object = await bucket.get(from);
  if (!object) return new MessageWriter().number(0).take();
  const { customMetadata } = object;
  await bucket.put(to, object.body, { onlyIf: whereNone, customMetadata });
  await bucket.delete(from);
  return new MessageWriter().number(1).take();
}

// With the object that has its bytes.
export async function erase(bucket, key) {
  const { [elsewhere]: other, etag } = (await bucket.head(key))?.customMetadata ?? {};
  // Bytes under a name are another blob's by now where the tag is another.
  const own = other && (!etag || (await bucket.head(other))?.etag === etag);
  await bucket.delete(own ? [other, key] : [key]);
}

// Objects in the order of their keys, `limit` at most, with those whose bytes lie elsewhere marked.
export async function list(bucket, prefix, after, limit) {
  const options = { prefix, limit, include: ['customMetadata'] };
  const { objects } = await bucket.list(after ? { ...options, startAfter: after } : options);
  const answer = new MessageWriter().number(objects.length);
  for (const { key, size, uploaded, customMetadata } of objects)
    answer
      .text(key)
      .large(customMetadata?.size ?? size)
      .large(uploaded.getTime())
      .number(customMetadata?.[elsewhere] ? 1 : 0);
  return answer.take();
}

export async function drop(bucket, prefix) {
  const { objects } = await bucket.list({ prefix });
  if (objects.length) await bucket.delete(objects.map(({ key }) => key));
}

// Puts the bytes of a blob where `key` says, and leaves word of it in the blob; what was there goes
// back into its own. At any time the blob leads to its bytes. Whether there is such a blob.
export async function name(bucket, message) {
  const [blob, key, sha256] = [message.text(), message.text(), message.bytes()];
  const told = { userId: message.text(), version: message.text(), [ownBlob]: blob };
  const named = await bucket.head(blob);
  if (!named) return new MessageWriter().number(0).take();
  const from = named.customMetadata?.[elsewhere] ?? blob;
  if (from !== key) {
    await unname(bucket, key);
    const { body, size } = await bucket.get(from);
    const httpMetadata = { contentType: 'application/octet-stream' };
    const { etag } = await bucket.put(key, body, { sha256, httpMetadata, customMetadata: told });
    const customMetadata = { [elsewhere]: key, etag, size: String(size) };
    await bucket.put(blob, new Uint8Array(), { customMetadata });
    if (from !== blob) await bucket.delete(from);
  }
  return new MessageWriter().number(1).take();
}

export async function unname(bucket, key) {
  const object = await bucket.get(key);
  const blob = object?.customMetadata?.[ownBlob];
  if (!blob) return;
  await bucket.put(blob, object.body);
  await bucket.delete(key);
}
