// A course that costs something: the gate before its bytes, a payment at a provider that speaks as
// Stripe does, and what administrators do by hand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { environment, kontor } from './support/kontor.mjs';
import { artifact, download, publishCourse, resolve } from './support/progy.mjs';
import { start } from './support/server.mjs';
import { sign, startStripe, stripeKey, webhookSecret } from './support/stripe.mjs';

const course = { name: '@diego/rust-mastery', version: '1.0.0' };
const price = { cents: 1000, currency: 'usd' };

// A registry with a course of Diego's that costs ten dollars, and a student.
async function shop(t, { withStripe = true } = {}) {
  const stripe = await startStripe(t);
  const secrets = withStripe ? { STRIPE_SECRET_KEY: stripeKey, STRIPE_WEBHOOK_SECRET: webhookSecret } : {};
  const server = await start(t, { settings: { 'purchases.stripeUrl': stripe.url }, env: secrets });
  const diego = await server.user('diego');
  const ann = await server.user('ann');
  const published = await publishCourse(server, course, diego);
  assert.equal(published.status, 200, published.text);
  const priced = await server.request('PUT', `/billing/prices/${course.name}`, { token: diego, body: price });
  assert.equal(priced.status, 200, priced.text);
  const buy = () => server.request('POST', '/billing/checkout', { token: ann, body: { package: course.name } });
  const tell = (raw, signature = sign(raw)) =>
    server.request('POST', '/billing/webhook', { raw, headers: { 'stripe-signature': signature } });
  const has = async (token) => (await download(server, course, { token })).status;
  const office = async (...args) =>
    kontor(['purchases', ...args, '--registry', server.url], {
      env: environment({ NPM_TOKEN: await server.token() }),
    });
  return { stripe, server, diego, ann, buy, tell, has, office };
}

test('courses that lie in git still are told from the configuration', async (t) => {
  const rust = { repo: 'https://git.example/courses.git', branch: 'main', path: 'rust', description: 'Rust' };
  const server = await start(t, { env: { COURSES: JSON.stringify({ rust }) } });
  assert.deepEqual((await server.get('/registry/legacy-courses')).json, { courses: { rust } });
  await server.stopCleanly();
});

describe('a course with a price', () => {
  test('is refused with price and address until it is paid, and then is the buyer’s', async (t) => {
    const { stripe, server, diego, ann, buy, tell, has } = await shop(t);
    assert.deepEqual(await Promise.all([has(), has(ann), has(diego), has(await server.token())]), [401, 402, 200, 200]);
    const refused = await download(server, course, { token: ann });
    assert.equal(refused.json.code, 'PURCHASE_REQUIRED');
    assert.deepEqual(refused.json.price, price);
    assert.equal(
      refused.json.checkoutUrl,
      `${server.url}/billing/checkout?package=${encodeURIComponent(course.name)}`,
    );
    const told = await resolve(server, course.name, { token: ann });
    assert.deepEqual(told.json.price, price);

    const begun = await buy();
    assert.equal(begun.status, 200, begun.text);
    assert.equal((await buy()).json.id, begun.json.id);
    assert.equal(stripe.sessions.size, 1);
    assert.equal(stripe.sessions.get(begun.json.id).amount_total, price.cents);
    assert.equal(await has(ann), 402);

    const message = stripe.paid(begun.json.id);
    assert.equal((await tell(message)).status, 200);
    const bought = await download(server, course, { token: ann });
    assert.deepEqual(bought.bytes, artifact(course));
    assert.match(bought.headers['cache-control'], /private/);
    assert.equal((await tell(message)).status, 200);
    assert.equal((await buy()).status, 409);
    await server.stopCleanly();
    const everything = server.child.stdout + server.child.stderr;
    for (const secret of [stripeKey, webhookSecret]) assert.ok(!everything.includes(secret));
  });

  test('is lost with a refund of all that was paid, and can be bought again', async (t) => {
    const { stripe, server, ann, buy, tell, has, office } = await shop(t);
    const first = (await buy()).json.id;
    await tell(stripe.paid(first));
    assert.equal((await tell(stripe.refunded(first, 0.5))).status, 200);
    assert.equal(await has(ann), 200);
    for (const _ of [1, 2]) assert.equal((await tell(stripe.refunded(first))).status, 200);
    assert.equal(await has(ann), 402);
    const [listed] = JSON.parse((await office('list', '--json')).stdout);
    assert.ok(listed.revoked);
    const second = (await buy()).json.id;
    assert.notEqual(second, first);
    await tell(stripe.paid(second));
    await tell(stripe.refunded(first));
    assert.equal(await has(ann), 200);
    await server.stopCleanly();
  });

  test('is not had by messages that the provider did not sign just now', async (t) => {
    const { stripe, server, ann, buy, tell, has } = await shop(t);
    const message = stripe.paid((await buy()).json.id);
    const now = Math.floor(Date.now() / 1000);
    for (const signature of [
      '',
      't=1,v1=00',
      sign(message, { secret: 'whsec_of_another' }),
      sign(message, { time: now - 600 }),
      sign(message, { time: now + 600 }),
      sign(`${message} `),
    ])
      assert.equal((await tell(message, signature)).status, 403, signature);
    const unpaid = message.replace('"paid"', '"unpaid"');
    assert.equal((await tell(unpaid)).status, 200);
    assert.equal(await has(ann), 402);
    await server.stopCleanly();
  });

  test('is bought in a browser from the address of the refusal', async (t) => {
    const { stripe, server, ann, tell, has } = await shop(t);
    const address = (await download(server, course, { token: ann })).json.checkoutUrl;
    const first = await server.get(address.slice(server.url.length));
    assert.match(first.text, /10\.00 usd/);
    const action = /action="([^"]+)"/.exec(first.text)[1];
    const hidden = [...first.text.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const fields = new URLSearchParams([
      ...hidden.map(([, name, value]) => [name, value]),
      ['name', 'ann'],
      ['password', 'password of ann'],
    ]);
    const page = await server.request('POST', action.slice(server.url.length), { raw: fields.toString() });
    assert.equal(page.status, 200, page.text);
    const [id] = stripe.sessions.keys();
    assert.ok(page.text.includes(`href="https://checkout.stripe.test/c/pay/${id}"`));
    assert.equal((await tell(stripe.paid(id))).status, 200);
    assert.equal(await has(ann), 200);
    await server.stopCleanly();
  });

  test('is granted, listed, revoked and made free by hand', async (t) => {
    const { server, ann, has, office } = await shop(t, { withStripe: false });
    const granted = await office('grant', 'ann', course.name);
    assert.equal(granted.code, 0, granted.stderr);
    assert.equal(await has(ann), 200);
    const listed = JSON.parse((await office('list', '--json')).stdout);
    assert.deepEqual([listed.length, listed[0].user, listed[0].provider], [1, 'ann', 'grant']);
    assert.match((await office('list', '--user', 'ann')).stdout, /ann {2}@diego\/rust-mastery {2}granted/);
    const twice = await office('grant', 'ann', course.name);
    assert.equal(twice.code, 1);
    assert.match(twice.stderr, /already/);
    const revoked = await office('revoke', listed[0].id);
    assert.equal(revoked.code, 0, revoked.stderr);
    assert.equal(await has(ann), 402);
    assert.match((await office('price', course.name)).stdout, /^10\.00 usd$/m);
    assert.equal((await office('price', course.name, '12.50', 'eur')).stdout, '12.50 eur\n');
    assert.equal((await office('price', course.name, '--free')).stdout, 'free\n');
    assert.equal(await has(), 200);
    await server.stopCleanly();
  });

  test('is not sold where no provider is configured, or where it does not answer', async (t) => {
    const none = await shop(t, { withStripe: false });
    assert.equal((await none.buy()).status, 501);
    await none.server.stopCleanly();
    const away = await shop(t);
    await away.stripe.close();
    assert.equal((await away.buy()).status, 503);
    await away.server.stopCleanly();
  });
});
