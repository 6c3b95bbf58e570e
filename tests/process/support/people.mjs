// What a person does: the pages of a browser login, and the codes of an authenticator app.
import { createHmac } from 'node:crypto';

// The form of a login page with name and password filled in.
export async function submitLoginPage(server, loginUrl, fields) {
  const target = loginUrl.slice(server.url.length);
  const page = (await server.get(target)).text;
  const form = new URLSearchParams(fields);
  for (const [input] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    form.set(/name="([^"]*)"/.exec(input)[1], /value="([^"]*)"/.exec(input)[1]);
  }
  return server.request('POST', target, {
    raw: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

// A browser on the pages that connect an account at a git host: it keeps the cookie, fills in the form
// and follows the link to the host and the host's redirect. Yields the last page.
export async function connectInBrowser(server, fields, { cookie } = {}) {
  const shown = await server.get('/git/login');
  const [own] = (shown.headers['set-cookie'] ?? [''])[0].split(';');
  const form = new URLSearchParams({ ...fields, form: /name="form" value="([^"]*)"/.exec(shown.text)?.[1] ?? '' });
  const led = await server.request('POST', '/git/login', {
    raw: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: own },
  });
  const link = /href="([^"]*)"/.exec(led.text)?.[1].replaceAll('&amp;', '&');
  if (!link) return led;
  const asked = await fetch(link, { redirect: 'manual' });
  const back = asked.headers.get('location');
  return server.get(back.slice(server.url.length), { headers: { cookie: cookie ?? own } });
}

function fromBase32(text) {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// RFC 6238 with the usual parameters; `steps` half minutes from now.
export function oneTimePassword(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
