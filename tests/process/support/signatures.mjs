// The registry's signatures of versions, verified by node.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { targetOf } from './packages.mjs';

export async function keysOf(server, prefix = '') {
  const answer = await server.get(`${prefix}/-/npm/v1/keys`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.keys;
}

export async function packument(server, name, { token, prefix = '' } = {}) {
  const answer = await server.get(prefix + targetOf(name), { token });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

// As npm judges: by the key that the signature names, and by when the version was published.
export function judge(keys, document, version) {
  const { name, dist } = document.versions[version];
  const [signature] = dist.signatures ?? [];
  if (!signature) return 'missing';
  const key = keys.find(({ keyid }) => keyid === signature.keyid);
  if (!key) return 'unknown key';
  if (key.expires && Date.parse(document.time[version]) >= Date.parse(key.expires)) return 'expired key';
  const publicKey = createPublicKey({ key: Buffer.from(key.key, 'base64'), format: 'der', type: 'spki' });
  const text = `${name}@${version}:${dist.integrity}`;
  return verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature.sig, 'base64')) ? 'good' : 'bad';
}

export async function assertSigned(server, name, version, options) {
  const document = await packument(server, name, options);
  assert.equal(judge(await keysOf(server), document, version), 'good');
  return document.versions[version].dist.signatures[0].keyid;
}
