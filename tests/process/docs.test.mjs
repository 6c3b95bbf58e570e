// The pages that are printed from the code's tables are those in docs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { kontor, repositoryFile } from './support/kontor.mjs';

for (const page of ['errors', 'api', 'configuration']) {
  test(`docs/${page}.md is what kontor docs ${page} prints`, async () => {
    const printed = await kontor(['docs', page]);
    assert.deepEqual([printed.code, printed.stderr], [0, '']);
    assert.equal(printed.stdout, await readFile(repositoryFile(`docs/${page}.md`), 'utf8'));
  });
}
