// Writes the bundles of this folder: node tests/data/sigstore/make.mjs, once tests/clients is installed.
import { writeFileSync } from 'node:fs';
import { Sigstore, statement } from '../../clients/support/sigstore.mjs';

const write = (name, value) => writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);

const sigstore = await Sigstore.create();
write('trusted_root', sigstore.trustedRoot());
for (const kind of ['dsse', 'intoto', 'dsse2'])
  write(kind, await sigstore.bundle(statement('foo', '1.0.0', Buffer.from('tarball')), { kind }));
