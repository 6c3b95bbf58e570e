// What the module asks of other services: its message becomes a request; status, Content-Type
// and body go back.
import { MessageWriter } from './wire.mjs';

const mostBytes = 1024 * 1024;
const patienceMs = 15_000;

export async function send(message) {
  const method = message.text();
  const url = message.text();
  const headers = new Headers();
  for (let count = message.number(); count > 0; count -= 1) headers.append(message.text(), message.text());
  const body = message.bytes();
  const answer = await fetch(url, {
    method,
    headers,
    body: body.byteLength > 0 ? body : undefined,
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  });
  const type = answer.headers.get('content-type') ?? '';
  return new MessageWriter().number(answer.status).text(type).bytes(await bounded(answer.body)).take();
}

async function bounded(stream) {
  const parts = [];
  let size = 0;
  for await (const part of stream ?? []) {
    size += part.byteLength;
    if (size > mostBytes) throw new Error('the other service answers too much');
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
