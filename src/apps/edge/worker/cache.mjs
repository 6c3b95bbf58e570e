// The platform's cache in front of the module. What is looked up, kept and forgotten the module says;
// how long an answer is kept its Cache-Control does.
const keptEncoding = 'x-kept-encoding';

const tagUrl = (tag) => `https://kontor.cache/tag/${encodeURIComponent(tag)}`;

// A tag's answers are found under its present value. Forgetting the value forgets them all.
async function valueOf(tag) {
  const known = await caches.default.match(tagUrl(tag));
  if (known) return known.text();
  const value = crypto.randomUUID();
  const forever = { headers: { 'cache-control': 'public, max-age=31536000' } };
  await caches.default.put(tagUrl(tag), new Response(value, forever));
  return value;
}

// Where the answer of a read is kept.
export async function placeOf({ tags, key }) {
  const values = await Promise.all(tags.map(valueOf));
  return `https://kontor.cache/answer/${[...values, key].join('/')}`;
}

export async function find(place) {
  const kept = await caches.default.match(place);
  if (!kept) return null;
  const { status, headers, body } = kept;
  const answer = new Response(body, { status, headers, encodeBody: 'manual' });
  const encoding = answer.headers.get(keptEncoding);
  if (encoding) answer.headers.set('content-encoding', encoding);
  answer.headers.delete(keptEncoding);
  answer.headers.set('x-cache', 'HIT');
  answer.headers.set('x-request-id', crypto.randomUUID().replaceAll('-', '').slice(0, 16));
  answer.headers.delete('cf-cache-status');
  return answer;
}

// Headers that say what is left of one caller's allowance.
const allowance = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'ratelimit-policy',
  'ratelimit',
];

// What is kept, with the allowance of who asks now; where nothing is left, the refusal.
export function rated(kept, counted) {
  if (counted.status !== 204) return counted;
  for (const name of allowance)
    if (counted.headers.has(name)) kept.headers.set(name, counted.headers.get(name));
  return kept;
}

// The platform leaves out what may not be kept. It would decode what says that it is encoded.
export async function keep(place, answer) {
  if (answer.status !== 200) return;
  const { headers, body } = answer;
  const kept = new Response(body, { headers });
  const encoding = kept.headers.get('content-encoding');
  if (encoding) kept.headers.set(keptEncoding, encoding);
  for (const name of ['content-encoding', ...allowance]) kept.headers.delete(name);
  await caches.default.put(place, kept);
}

export async function forget(tags) {
  await Promise.all(tags.map((tag) => caches.default.delete(tagUrl(tag))));
}
