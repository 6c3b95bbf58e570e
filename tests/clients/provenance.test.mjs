// Provenance from the publish to the audit: what holds is stored and served as it was sent, and for
// each step of the verification there is a bundle that fails in that one and is refused.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { packed, publishDocument, targetOf } from '../process/support/packages.mjs';
import { clients, Workplace } from './support/clients.mjs';
import { Mirror } from './support/mirror.mjs';
import { startServer } from './support/server.mjs';
import { Sigstore, slsa, statement } from './support/sigstore.mjs';
import { TrustRepository } from './support/tuf.mjs';

const sha512 = (bytes) => createHash('sha512').update(bytes).digest('hex');
const strangersKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('provenance', { concurrency: 1 }, () => {
  let server, user, dir, sigstore;
  before(async () => {
    sigstore = await Sigstore.create();
    dir = await mkdtemp(path.join(tmpdir(), 'kontor-provenance-'));
    const file = path.join(dir, 'trusted_root.json');
    await writeFile(file, JSON.stringify(sigstore.trustedRoot()));
    server = await startServer([], { 'npm.trustedRoot': file });
    user = await server.user('ada');
  });
  after(async () => {
    await server?.stop();
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  // Publishes with a bundle as npm does.
  function publish(name, bundle, { tarball, version = '1.0.0', to = server, token = user.token } = {}) {
    const manifest = { name, version };
    const document = publishDocument(manifest, tarball ?? packed(manifest));
    const data = typeof bundle === 'string' ? bundle : JSON.stringify(bundle);
    const content_type = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    document._attachments[`${name}-${version}.sigstore`] = { content_type, data, length: data.length };
    return to.request('PUT', targetOf(name), { token, body: document });
  }
  const tarballOf = (name, version = '1.0.0') => packed({ name, version });

  for (const kind of ['dsse', 'intoto', 'dsse2'])
    test(`that holds is served as it was sent (${kind})`, async () => {
      const name = `@acme/holds-${kind}`;
      const bundle = await sigstore.bundle(statement(name, '1.0.0', tarballOf(name)), { kind });
      const published = await publish(name, bundle);
      assert.equal(published.status, 201, published.text);
      const { dist } = (await server.packument(name)).versions['1.0.0'];
      const url = `${server.url}/-/npm/v1/attestations/${name.replace('/', '%2f')}@1.0.0`;
      assert.deepEqual(dist.attestations, { url, provenance: { predicateType: slsa } });
      assert.equal(dist.signatures.length, 1);
      for (const address of [url, url.replace('%2f', '/'), url.replace(server.url, `${server.url}/npm`)]) {
        const answer = await (await fetch(address)).json();
        assert.deepEqual(answer, { attestations: [{ predicateType: slsa, bundle }] });
      }
    });

  test('of a GitLab runner holds, too', async () => {
    const name = 'from-gitlab';
    const said = statement(name, '1.0.0', tarballOf(name), {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      predicate: { invocation: { configSource: { uri: 'git+https://gitlab.com/acme/tool' } } },
    });
    const published = await publish(name, await sigstore.bundle(said, { source: 'https://gitlab.com/acme/tool' }));
    assert.equal(published.status, 201, published.text);
  });

  test('goes with its version and is hidden with its package', async () => {
    const name = 'goes';
    const bundle = await sigstore.bundle(statement(name, '1.0.0', tarballOf(name)));
    assert.equal((await publish(name, bundle)).status, 201);
    const address = `/-/npm/v1/attestations/${name}@1.0.0`;
    assert.equal((await server.request('GET', address)).status, 200);
    assert.equal((await server.request('GET', `/-/npm/v1/attestations/${name}@2.0.0`)).status, 404);
    const access = { token: user.token, body: { access: 'restricted' } };
    assert.equal((await server.request('POST', `/-/package/${name}/access`, access)).status, 200);
    assert.equal((await server.request('GET', address)).status, 404);
    assert.equal((await server.request('GET', address, { token: user.token })).status, 200);
    const { _rev } = (await server.request('GET', `/${name}`, { token: user.token })).json;
    await server.request('DELETE', `/${name}/-rev/${_rev}`, { token: user.token });
    assert.equal((await server.request('GET', address, { token: user.token })).status, 404);
  });

  const other = tarballOf('other');
  const workflow = (repository) => ({
    buildDefinition: { externalParameters: { workflow: { repository, ref: 'refs/heads/main' } } },
  });
  // A statement of the same build with something else in one place.
  const changed = (said, change) => {
    const other = structuredClone(said);
    change(other.predicate.buildDefinition, other.predicate.runDetails);
    return other;
  };
  // Each is a bundle that its signer made so, or that was changed on the way; one step must notice.
  const refusals = {
    'is not JSON': [() => '{', /not JSON/],
    'has an unknown media type': [async (s) => ({ ...(await s.good()), mediaType: 'application/json' }), /mediaType/],
    'has a payload of another type': [
      (s) => s.of(s.said, { spoil: { payloadType: 'application/json' } }),
      /payload is not of the type/,
    ],
    'is of another package': [(s) => s.of(statement('other', '1.0.0', s.tarball)), /subject is pkg:npm\/other@1\.0\.0/],
    'is of another version': [(s) => s.of(statement(s.name, '1.0.1', s.tarball)), /subject is pkg:npm\/\S+@1\.0\.1/],
    'is of other bytes': [(s) => s.of(statement(s.name, '1.0.0', other)), /sha512 is not that of the tarball/],
    'has two subjects': [
      (s) => s.of({ ...s.said, subject: [...s.said.subject, { name: 'x', digest: { sha512: sha512(other) } }] }),
      /exactly one subject/,
    ],
    'is no provenance': [(s) => s.of({ ...s.said, predicateType: 'https://example.test/x' }), /no SLSA provenance/],
    'is no statement': [(s) => s.of({ ...s.said, _type: 'https://example.test/x' }), /no in-toto statement/],
    'bears the signature of another payload': [
      (s) => s.of(s.said, { spoil: { payload: '{}' } }),
      /signature does not fit its payload/,
    ],
    'bears the signature of another key': [
      (s) => s.of(s.said, { spoil: { signer: strangersKey().privateKey } }),
      /signature does not fit its payload/,
    ],
    'comes from an authority that is not trusted': [
      async (s) => s.of(s.said, { spoil: { authority: (await Sigstore.create()).authority } }),
      /not issued by a trusted authority/,
    ],
    'has a certificate that no log knows': [
      (s) => s.of(s.said, { spoil: { authority: sigstore.unlogged } }),
      /certificate/,
    ],
    'has a certificate that is not for code': [
      (s) => s.of(s.said, { spoil: { forMail: true } }),
      /not for signing code/,
    ],
    'was signed after its certificate had expired': [
      (s) => s.of(s.said, { spoil: { at: new Date(Date.now() + 3_600_000) } }),
      /not valid when it signed/,
    ],
    'was logged nowhere': [(s) => s.of(s.said, { spoil: { noEntry: true } }), /no entry of a transparency log/],
    'was logged by somebody else': [
      (s) => s.of(s.said, { spoil: { log: strangersKey() } }),
      /no trusted log has signed its checkpoint/,
    ],
    'bears neither promise nor proof of the log': [
      (s) => s.of(s.said, { spoil: { noInclusion: true } }),
      /neither a promise nor a proof/,
    ],
    'bears a promise of something else': [
      (s) => s.of(s.said, { spoil: { promise: '{}' } }),
      /no trusted log has signed its promise/,
    ],
    'bears a checkpoint of something else': [
      (s) => s.of(s.said, { spoil: { note: 'another\n' } }),
      /no trusted log has signed its checkpoint/,
    ],
    'bears a proof that leads elsewhere': [
      (s) => s.of(s.said, { spoil: { path: randomBytes(32) } }),
      /does not lead to the checkpoint/,
    ],
    'was logged with another payload': [
      (s) => s.of(s.said, { spoil: { logged: { payload: Buffer.from('{}') } } }),
      /log entry is of another payload/,
    ],
    'was logged with another signature': [
      (s) => s.of(s.said, { spoil: { logged: { signature: randomBytes(70) } } }),
      /log entry is of another signature/,
    ],
    'was logged with another certificate': [
      (s) => s.of(s.said, { spoil: { logged: { certificate: sigstore.authority.rootCertificate } } }),
      /log entry is of another certificate/,
    ],
    'has no time that anybody trusted states': [
      (s) => s.of(s.said, { kind: 'dsse2', spoil: { noTime: true } }),
      /nobody trusted says when/,
    ],
    'has a timestamp of another signature': [
      (s) => s.of(s.said, { kind: 'dsse2', spoil: { stamped: Buffer.from('x') } }),
      /timestamp is not one of a trusted authority/,
    ],
    'names another source than its certificate': [
      (s) => s.of({ ...s.said, predicate: workflow('https://github.com/evil/tool') }),
      /names the source repository https:\/\/github\.com\/evil\/tool/,
    ],
    'names another workflow': [
      (s) => s.of(changed(s.said, (build) => (build.externalParameters.workflow.path = '.github/workflows/evil.yml'))),
      /names the workflow \S+evil\.yml@refs\/heads\/main, and the certificate/,
    ],
    'names another runner environment': [
      (s) => s.of(changed(s.said, (_, run) => (run.builder.id = 'https://github.com/actions/runner/self-hosted'))),
      /names the runner environment self-hosted/,
    ],
    'names a repository of the same name': [
      (s) => s.of(changed(s.said, (build) => (build.internalParameters.github.repository_id = '72'))),
      /names the repository id 72/,
    ],
    'names another owner': [
      (s) => s.of(changed(s.said, (build) => (build.internalParameters.github.repository_owner_id = '5'))),
      /names the owner id 5/,
    ],
    'names no source, where its certificate does': [
      (s) => s.of({ ...s.said, predicate: {} }),
      /names the source repository/,
    ],
  };
  Object.entries(refusals).forEach(([what, [make, expected]], number) =>
    test(`is refused where it ${what}`, async () => {
      const name = `refused-${number}`;
      const tarball = tarballOf(name);
      const said = statement(name, '1.0.0', tarball);
      const of = (given, options) => sigstore.bundle(given, options);
      const refused = await publish(name, await make({ name, tarball, said, of, good: () => of(said) }));
      assert.equal(refused.status, 422, refused.text);
      assert.equal(refused.headers.get('kontor-error-code'), 'invalid_proof');
      assert.match(refused.json.error, expected);
      assert.equal((await server.request('GET', `/${name}`)).status, 404, 'nothing was published');
      const published = await publish(name, await of(said));
      assert.equal(published.status, 201, published.text);
    }),
  );

  test('is refused where no root is trusted', async () => {
    const trusting = await startServer();
    try {
      const { token } = await trusting.user('ada');
      const name = 'untrusted';
      const bundle = await sigstore.bundle(statement(name, '1.0.0', tarballOf(name)));
      const refused = await publish(name, bundle, { to: trusting, token });
      assert.equal(refused.status, 400);
      assert.match(refused.json.error, /--no-provenance/);
      assert.equal((await trusting.request('GET', `/${name}`)).status, 404);
    } finally {
      await trusting.stop();
    }
  });

  test('of npm publish is verified by npm audit signatures, and a changed one refused', async () => {
    const npm = clients.find((client) => client.name === 'npm11');
    const mirror = await Mirror.start(server.url);
    const trust = await TrustRepository.start(dir, sigstore.trustedRoot());
    try {
      const work = new Workplace(npm, path.join(dir, 'npm'), `${mirror.url}/`, user.token);
      const env = await trust.environment(work.environment());
      const project = await work.project('lib', { name: 'audited', version: '1.0.0', license: 'MIT' });
      const [{ filename }] = JSON.parse((await work.ok(['pack', '--json'], project)).stdout);
      const tarball = await readFile(path.join(project, filename));
      await rm(path.join(project, filename));
      const file = path.join(dir, 'audited.sigstore');
      const bundle = await sigstore.bundle(statement('audited', '1.0.0', tarball), { kind: 'intoto' });
      await writeFile(file, JSON.stringify(bundle));
      await work.ok(['publish', '--access', 'public', '--provenance-file', file], project, { env });
      const app = await work.project('app', { name: 'app', version: '1.0.0', dependencies: { audited: '1.0.0' } });
      await work.ok(['install'], app);
      const audited = await work.ok(['audit', 'signatures'], app, { env });
      assert.match(audited.stdout, /1 package has a verified registry signature/);
      assert.match(audited.stdout, /1 package has a verified attestation/);

      bundle.dsseEnvelope.signatures[0].sig = Buffer.from('another signature').toString('base64');
      const forged = JSON.stringify({ attestations: [{ predicateType: slsa, bundle }] });
      mirror.exchanged.set('/-/npm/v1/attestations/audited@1.0.0', Buffer.from(forged));
      const refused = await work.run(['audit', 'signatures', '--json', '--prefer-online'], app, { env });
      assert.equal(refused.code, 1, refused.output);
      const { invalid } = JSON.parse(refused.stdout);
      assert.deepEqual(invalid.map(({ name, code }) => [name, code]), [['audited', 'EATTESTATIONVERIFY']]);
    } finally {
      await trust.stop();
      await mirror.stop();
    }
  });
});
