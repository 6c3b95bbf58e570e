// A payment provider that speaks as Stripe does: sessions made by a form under a secret key, once for
// an idempotency key, and messages signed by the secret of the webhook.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { atEnd } from './kontor.mjs';

export const stripeKey = 'sk_test_kept_secret';
export const webhookSecret = 'whsec_kept_secret';

async function textOf(message) {
  let text = '';
  for await (const piece of message) text += piece;
  return text;
}

export function sign(body, { secret = webhookSecret, time = Math.floor(Date.now() / 1000) } = {}) {
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return `t=${time},v1=${mac}`;
}

// The members of an object in a form: place[member]=value.
const metadata = (form, place) =>
  Object.fromEntries(
    [...form].filter(([name]) => name.startsWith(`${place}[`)).map(([name, value]) => [name.slice(place.length + 1, -1), value]),
  );

export async function startStripe(t) {
  const sessions = new Map();
  const byKey = new Map();
  const payments = new Map();
  const server = http.createServer(async (request, response) => {
    const text = await textOf(request);
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${stripeKey}`) return answer(401, { error: { type: 'auth' } });
    if (request.method !== 'POST' || request.url !== '/v1/checkout/sessions') return answer(404, { error: {} });
    const key = request.headers['idempotency-key'];
    const known = byKey.get(key);
    if (known) return answer(known.text === text ? 200 : 400, known.session);
    const form = new URLSearchParams(text);
    const line = 'line_items[0][price_data]';
    if (form.get('mode') !== 'payment' || !/^[1-9]\d*$/.test(form.get(`${line}[unit_amount]`) ?? ''))
      return answer(400, { error: { type: 'invalid_request_error' } });
    const id = `cs_test_${sessions.size + 1}`;
    const session = {
      id,
      object: 'checkout.session',
      url: `https://checkout.stripe.test/c/pay/${id}`,
      amount_total: Number(form.get(`${line}[unit_amount]`)),
      currency: form.get(`${line}[currency]`),
      payment_status: 'unpaid',
      metadata: metadata(form, 'metadata'),
    };
    payments.set(id, { payment_intent: `pi_${id}`, metadata: metadata(form, 'payment_intent_data[metadata]') });
    sessions.set(id, session);
    byKey.set(key, { text, session });
    answer(200, session);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  atEnd(t, close);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    sessions,
    close,
    // The message about a session that was paid.
    paid(id) {
      const session = { ...sessions.get(id), payment_status: 'paid', payment_intent: payments.get(id)?.payment_intent };
      assert.ok(session.id, `no session ${id}`);
      return JSON.stringify({ id: `evt_${id}`, type: 'checkout.session.completed', data: { object: session } });
    },
    // The message that all of it, or only a part, was paid back.
    refunded(id, part = 1) {
      const { amount_total: amount, currency } = sessions.get(id);
      const charge = { id: `ch_${id}`, object: 'charge', ...payments.get(id), amount, currency };
      Object.assign(charge, { amount_refunded: amount * part, refunded: part === 1 });
      return JSON.stringify({ id: `evt_back_${id}`, type: 'charge.refunded', data: { object: charge } });
    },
  };
}
