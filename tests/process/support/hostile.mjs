// What a refusal must look like, whatever it was that we refused.
import assert from 'node:assert/strict';
import { answersIn, exchange } from './raw.mjs';

// One answer in the form of all errors.
export function assertError(answer, status, code) {
  assert.equal(answer.headers['kontor-error-code'], code, answer.body);
  assert.equal(answer.status, status, answer.body);
  const body = JSON.parse(answer.body);
  assert.deepEqual(Object.keys(body), ['error', 'message']);
  assert.equal(body.error, body.message);
  assert.ok(body.error.length > 0);
}

// The bytes get exactly one answer, an error, and the connection ends.
export async function assertRefused(port, bytes, status, code) {
  const answers = answersIn(await exchange(port, bytes));
  assert.equal(answers.length, 1, JSON.stringify(answers));
  assertError(answers[0], status, code);
  assert.equal(answers[0].headers.connection, 'close');
  return answers[0];
}
