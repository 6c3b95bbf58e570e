// The database behind a server's back.
import assert from 'node:assert/strict';
import path from 'node:path';
import { run } from './kontor.mjs';

// Runs a statement of SQL on a server's database; yields the first column of its rows.
export async function sql(server, statement) {
  const script =
    'import sqlite3, sys, json\n' +
    'db = sqlite3.connect(sys.argv[1])\n' +
    'rows = [r[0].decode() if isinstance(r[0], bytes) else r[0] for r in db.execute(sys.argv[2]).fetchall()]\n' +
    'db.commit()\nprint(json.dumps(rows))\n';
  const done = await run('python3', ['-c', script, path.join(server.dataDir, 'kontor.db'), statement]);
  assert.equal(done.code, 0, done.stderr);
  return JSON.parse(done.stdout);
}
