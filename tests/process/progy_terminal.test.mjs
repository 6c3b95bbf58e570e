// What `progy` does where a person sits at a terminal: bars, questions, secrets that are not shown.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { run } from './support/kontor.mjs';
import { course, person, write } from './support/progy_people.mjs';
import { fakeRegistry } from './support/progy_registry.mjs';
import { zip } from './support/zip.mjs';

// Runs a command on a terminal of its own; what is typed is typed once `awaited` has appeared.
const terminal = `
import os, pty, sys
awaited, typed = (text.encode() for text in sys.argv[1:3])
child, master = pty.fork()
if child == 0: os.execvp(sys.argv[3], sys.argv[3:])
seen, given = b'', not awaited
while True:
    try: piece = os.read(master, 4096)
    except OSError: break
    if not piece: break
    seen += piece
    if not given and awaited in seen:
        given = True
        os.write(master, typed)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

const atTerminal = (someone, args, awaited = '', typed = '') =>
  run('python3', ['-c', terminal, awaited, typed, someone.progy, ...args], { cwd: someone.home, env: someone.env({ TERM: 'xterm', COLUMNS: '100' }) });

test('a bar tells bytes a second and the time that is left while an upload is slow', async (t) => {
  const registry = await fakeRegistry(t, { bytesPerSecond: 10_000_000 });
  const ada = await person(t, registry.url);
  await ada.hasToken('a-token', 'ada');
  await write(ada.path('rust'), course({ files: { 'content/noise.bin': randomBytes(24_000_000) } }));
  const { code, stdout } = await atTerminal(ada, ['publish', 'rust']);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /Uploading {2}\[#*-*\] +\d+% {2}[\d.]+ [kM]B\/s {2}\d+:\d\d left/);
  assert.match(stdout, /Published @ada\/rust v1\.0\.0/);
});

test('init asks about a repository, and no is the answer of who only presses return', async (t) => {
  const registry = await fakeRegistry(t);
  registry.add('@ada/rust', '1.0.0', zip(course()));
  const student = await person(t, registry.url);
  const question = 'Create a private GitHub repository for this course? [y/N]';
  const { code, stdout } = await atTerminal(student, ['init', '@ada/rust'], question, '\r');
  assert.equal(code, 0, stdout);
  assert.ok(stdout.includes(question));
  assert.ok(!stdout.includes('No portfolio'), stdout);
  const yes = await atTerminal(student, ['init', '@ada/rust', 'other'], question, 'y\r');
  assert.equal(yes.code, 0, yes.stdout);
  assert.match(yes.stdout, /No portfolio was made: You are not logged in/);
});

test('a token is not shown while it is typed', async (t) => {
  const registry = await fakeRegistry(t);
  const ada = await person(t, registry.url);
  await ada.hasToken('a-token', 'ada');
  const { stdout } = await atTerminal(ada, ['connect'], 'Your token at the git host: ', 'ghp_very_secret\r');
  const [asked] = registry.asked;
  assert.deepEqual([asked.method, asked.path, JSON.parse(asked.body).token], ['PUT', '/git/connection', 'ghp_very_secret']);
  assert.ok(!stdout.includes('ghp_very_secret'), stdout);
});
