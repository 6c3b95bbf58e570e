// A Sigstore of its own: authorities, logs and bundles that hold, or that fail in one way.
import { initializeCA, initializeCTLog, initializeTSA } from '@sigstore/mock';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createRequire } from 'node:module';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const pair = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
const spki = (key) => key.export({ format: 'der', type: 'spki' });
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const pem = (der) =>
  `-----BEGIN CERTIFICATE-----\n${base64(der).match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;

const claims = '1.3.6.1.4.1.57264.1';
const minutes = 60_000;
export const repository = 'https://github.com/acme/tool';
export const slsa = 'https://slsa.dev/provenance/v1';
export const payloadType = 'application/vnd.in-toto+json';

export function purl(name, version) {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

// What a builder says about a version; `changes` replace members.
export function statement(name, version, tarball, changes = {}) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: purl(name, version), digest: { sha512: createHash('sha512').update(tarball).digest('hex') } }],
    predicateType: slsa,
    predicate: {
      buildDefinition: {
        buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
        externalParameters: { workflow: { ref: 'refs/heads/main', repository, path: '.github/workflows/release.yml' } },
        internalParameters: { github: { event_name: 'push', repository_id: '71', repository_owner_id: '4' } },
      },
      runDetails: { builder: { id: 'https://github.com/actions/runner/github-hosted' } },
    },
    ...changes,
  };
}

// The bytes that the signature of an envelope signs.
const preAuthentication = (type, payload) =>
  Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);

// The module that the authority takes the uses of certificates from.
const { ExtendedKeyUsage } = createRequire(import.meta.resolve('@sigstore/mock'))('@peculiar/x509');

// What is issued meanwhile is not for code, but for mail.
async function forMail(issue) {
  const { codeSigning, emailProtection } = ExtendedKeyUsage;
  ExtendedKeyUsage.codeSigning = emailProtection;
  try {
    return await issue();
  } finally {
    ExtendedKeyUsage.codeSigning = codeSigning;
  }
}

export class Sigstore {
  // `at`: when everything happens; later than now, for making the authorities takes its time.
  static async create(at = new Date(Date.now() + 5 * minutes)) {
    const made = new Sigstore();
    made.at = at;
    const certificateLog = pair();
    made.certificateLog = await initializeCTLog(certificateLog, at);
    made.authority = await initializeCA(pair('P-384'), made.certificateLog, at);
    made.unlogged = await initializeCA(pair('P-384'), undefined, at);
    made.timestamps = await initializeTSA(pair('P-384'), at);
    made.log = pair();
    return made;
  }

  get logId() {
    return sha256(spki(this.log.publicKey));
  }

  // The file that an operator configures; `authorities` are those of certificates.
  trustedRoot({ authorities = [this.authority], timestamps = true } = {}) {
    const validFor = { start: new Date(this.at.getTime() - 60 * minutes).toISOString() };
    const log = (key, id, baseUrl) => ({
      baseUrl,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: base64(key), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
      logId: { keyId: base64(id) },
    });
    const authority = (...certificates) => ({
      subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
      uri: 'https://fulcio.sigstore.dev',
      certChain: { certificates: certificates.map((der) => ({ rawBytes: base64(der) })) },
      validFor,
    });
    const { intCertificate, rootCertificate } = this.timestamps;
    return {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [log(spki(this.log.publicKey), this.logId, 'https://rekor.sigstore.dev')],
      certificateAuthorities: authorities.map((made) => authority(made.rootCertificate)),
      ctlogs: [log(this.certificateLog.publicKey, this.certificateLog.logID, 'https://ctfe.sigstore.dev')],
      timestampAuthorities: timestamps ? [authority(intCertificate, rootCertificate)] : [],
    };
  }

  // A bundle over the statement. `kind` is that of the log's entry; each other option spoils a part.
  async bundle(said, { kind = 'dsse', spoil = {}, source = repository } = {}) {
    const payload = Buffer.from(typeof said === 'string' ? said : JSON.stringify(said));
    const type = spoil.payloadType ?? payloadType;
    const key = pair();
    const issuing = spoil.forMail ? forMail : (issue) => issue();
    const certificate = await issuing(() => (spoil.authority ?? this.authority).issueCertificate({
      publicKey: spki(key.publicKey),
      subjectAltName: `${repository}/.github/workflows/release.yml@refs/heads/main`,
      extensions: [
        { oid: `${claims}.8`, value: 'https://token.actions.githubusercontent.com' },
        { oid: `${claims}.11`, value: 'github-hosted' },
        { oid: `${claims}.12`, value: source },
        { oid: `${claims}.14`, value: 'refs/heads/main' },
        { oid: `${claims}.15`, value: '71' },
        { oid: `${claims}.17`, value: '4' },
        { oid: `${claims}.18`, value: `${repository}/.github/workflows/release.yml@refs/heads/main` },
      ],
    }));
    const text = preAuthentication(type, spoil.payload ? Buffer.from(spoil.payload) : payload);
    const signature = sign('sha256', text, spoil.signer ?? key.privateKey);
    const envelope = { payload: base64(payload), payloadType: type, signatures: [{ sig: base64(signature), keyid: '' }] };
    const entry = this.#entry(kind, { payload, signature, certificate, ...spoil.logged }, spoil);
    const stamps = kind === 'dsse2' ? [{ signedTimestamp: base64(await this.#timestamp(spoil.stamped ?? signature)) }] : [];
    return {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {
        certificate: { rawBytes: base64(certificate) },
        tlogEntries: spoil.noEntry ? [] : [entry],
        timestampVerificationData: { rfc3161Timestamps: spoil.noTime ? [] : stamps },
      },
      dsseEnvelope: envelope,
    };
  }

  #timestamp(bytes) {
    return this.timestamps.timestamp({
      artifactHash: sha256(bytes),
      hashAlgorithmOID: '2.16.840.1.101.3.4.2.1',
      policyOID: '1.3.6.1.4.1.57264.2',
      nonce: 1234,
      certReq: true,
    });
  }

  #entry(kind, facts, spoil) {
    const body = Buffer.from(JSON.stringify(bodies[kind](facts)));
    const integrated = Math.floor(((spoil.at ?? this.at).getTime()) / 1000);
    const index = 4711;
    const key = spoil.log ?? this.log;
    const id = this.logId;
    // JSON with sorted members, as the log's canonical form has them.
    const promised = JSON.stringify({ body: base64(body), integratedTime: integrated, logID: id.toString('hex'), logIndex: index });
    const promise = sign('sha256', Buffer.from(spoil.promise ?? promised), key.privateKey);
    const withPromise = kind !== 'dsse2' && !spoil.noInclusion && !spoil.noPromise;
    return {
      logIndex: `${index}`,
      logId: { keyId: base64(id) },
      kindVersion: kindVersions[kind],
      integratedTime: kind === 'dsse2' ? '0' : `${integrated}`,
      ...(withPromise ? { inclusionPromise: { signedEntryTimestamp: base64(promise) } } : {}),
      ...(spoil.noInclusion ? {} : { inclusionProof: this.#proof(body, key, spoil) }),
      canonicalizedBody: base64(body),
    };
  }

  // The second of three entries.
  #proof(body, key, spoil) {
    const [first, third] = [randomBytes(32), randomBytes(32)];
    const leaf = sha256(Buffer.from([0]), body);
    const node = (left, right) => sha256(Buffer.from([1]), left, right);
    const root = node(node(first, leaf), third);
    const note = `rekor.sigstore.dev - 1193050959916656506\n3\n${base64(root)}\n`;
    const signature = sign('sha256', Buffer.from(spoil.note ?? note), key.privateKey);
    const hint = sha256(spki(this.log.publicKey)).subarray(0, 4);
    return {
      logIndex: '1',
      rootHash: base64(root),
      treeSize: '3',
      hashes: [spoil.path ?? first, third].map(base64),
      checkpoint: { envelope: `${note}\n\u2014 rekor.sigstore.dev ${base64(Buffer.concat([hint, signature]))}\n` },
    };
  }
}

const kindVersions = {
  dsse: { kind: 'dsse', version: '0.0.1' },
  intoto: { kind: 'intoto', version: '0.0.2' },
  dsse2: { kind: 'dsse', version: '0.0.2' },
};

// What the log keeps of an envelope, by the kind of its entry.
const bodies = {
  dsse: ({ payload, signature, certificate }) => ({
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      payloadHash: { algorithm: 'sha256', value: sha256(payload).toString('hex') },
      signatures: [{ signature: base64(signature), verifier: base64(pem(certificate)) }],
    },
  }),
  intoto: ({ payload, signature, certificate }) => ({
    apiVersion: '0.0.2',
    kind: 'intoto',
    spec: {
      content: {
        envelope: {
          payloadType,
          signatures: [{ publicKey: base64(pem(certificate)), sig: base64(base64(signature)) }],
        },
        payloadHash: { algorithm: 'sha256', value: sha256(payload).toString('hex') },
      },
    },
  }),
  dsse2: ({ payload, signature, certificate }) => ({
    apiVersion: '0.0.2',
    kind: 'dsse',
    spec: {
      dsseV002: {
        payloadHash: { algorithm: 'SHA2_256', digest: base64(sha256(payload)) },
        signatures: [
          {
            content: base64(signature),
            verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', x509Certificate: { rawBytes: base64(certificate) } },
          },
        ],
      },
    },
  }),
};
