// Batches for D1: their SQL, their values and the form of their rows are all made in the module.
import { MessageWriter } from './wire.mjs';

const values = {
  0: () => null,
  1: (bytes) => new TextDecoder().decode(bytes),
  2: (bytes) => bytes.slice(),
};

function statement(database, message) {
  const prepared = database.prepare(message.text());
  const given = [];
  for (let count = message.number(); count > 0; count -= 1) {
    const kind = message.number();
    given.push(values[kind](message.bytes()));
  }
  return given.length ? prepared.bind(...given) : prepared;
}

export async function batch(database, message) {
  const statements = [];
  for (let count = message.number(); count > 0; count -= 1)
    statements.push(statement(database, message));
  if (statements.length === 0) return new MessageWriter().number(0).take();
  const results = await database.batch(statements);
  const answer = new MessageWriter().number(results.length);
  for (const { results: rows } of results) {
    answer.number(rows.length);
    for (const row of rows) answer.text(row.r);
  }
  return answer.take();
}
