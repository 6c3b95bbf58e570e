// A tiled transparency log in a few lines that share no code with the program under test: RFC 6962
// hashes, C2SP tiles, bundles, checkpoints and proofs, in memory.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

function rootOf(hashes) {
  if (hashes.length === 0) return sha256('');
  if (hashes.length === 1) return hashes[0];
  const k = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return nodeHash(rootOf(hashes.slice(0, k)), rootOf(hashes.slice(k)));
}

function pathOf(index, hashes) {
  if (hashes.length === 1) return [];
  const k = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return index < k
    ? [...pathOf(index, hashes.slice(0, k)), rootOf(hashes.slice(k))]
    : [...pathOf(index - k, hashes.slice(k)), rootOf(hashes.slice(0, k))];
}

function subproof(size, hashes, known) {
  if (size === hashes.length) return known ? [] : [rootOf(hashes)];
  const k = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return size <= k
    ? [...subproof(size, hashes.slice(0, k), known), rootOf(hashes.slice(k))]
    : [...subproof(size - k, hashes.slice(k), false), rootOf(hashes.slice(0, k))];
}

// An Ed25519 key of signed notes, from a phrase.
export class NoteKey {
  constructor(name, phrase, type = 1) {
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(phrase)]);
    this.secret = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const raw = createPublicKey(this.secret).export({ format: 'der', type: 'spki' }).subarray(-32);
    this.name = name;
    this.typed = Buffer.concat([Buffer.of(type), raw]);
    this.id = sha256(`${name}\n`, this.typed).subarray(0, 4);
    this.vkey = `${name}+${this.id.toString('hex')}+${this.typed.toString('base64')}`;
  }

  line(text) {
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(text), this.secret)]);
    return `— ${this.name} ${signature.toString('base64')}\n`;
  }
}

const groups = (n) => {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0').match(/.{3}/g);
  return digits.map((group, i) => (i < digits.length - 1 ? `x${group}` : group)).join('/');
};
const place = (kind, index, width) => `tile/${kind}/${groups(index)}${width < 256 ? `.p/${width}` : ''}`;

export class TestLog {
  constructor(origin, phrase = 'key of the log') {
    this.key = new NoteKey(origin, phrase);
    this.leaves = [];
    this.files = new Map();
  }

  get size() {
    return this.leaves.length;
  }

  add(...leaves) {
    this.leaves.push(...leaves.map((leaf) => Buffer.from(leaf)));
  }

  // All files of the present size; those of earlier sizes stay, as a server keeps them.
  publish() {
    let level = this.leaves.map(leafHash);
    for (let i = 0; i < this.size; i += 256) {
      const entries = this.leaves.slice(i, i + 256).flatMap((leaf) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(leaf.length);
        return [length, leaf];
      });
      this.files.set(place('entries', i / 256, entries.length / 2), Buffer.concat(entries));
    }
    for (let number = 0; level.length > 0; ++number) {
      const above = [];
      for (let i = 0; i < level.length; i += 256) {
        const hashes = level.slice(i, i + 256);
        this.files.set(place(number, i / 256, hashes.length), Buffer.concat(hashes));
        if (hashes.length === 256) above.push(rootOf(hashes));
      }
      level = above;
    }
    const root = rootOf(this.leaves.map(leafHash)).toString('base64');
    const text = `${this.key.name}\n${this.size}\n${root}\n`;
    this.root = root;
    this.files.set('checkpoint', Buffer.from(`${text}\n${this.key.line(text)}`));
  }

  get checkpoint() {
    return this.files.get('checkpoint').toString();
  }

  // A request to a witness that cosigned the first `old` entries last.
  addCheckpoint(old) {
    const proof = old === 0 ? [] : subproof(old, this.leaves.map(leafHash), true);
    const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
    return `old ${old}\n${hashes}\n${this.checkpoint}`;
  }

  // The leaf and its proof under the published checkpoint, as a registry answers them.
  proof(index) {
    const hashes = pathOf(index, this.leaves.map(leafHash)).map((hash) => `${hash.toString('base64')}\n`);
    const leaf = this.leaves[index].toString();
    return `${leaf}\nc2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.join('')}\n${this.checkpoint}`;
  }
}

// The time of a cosignature line where it is one of that key over the checkpoint, else nothing.
export function cosignedAt(line, vkey, checkpoint) {
  const [, name, base64] = /^— (\S+) (\S+)\n$/.exec(line) ?? [];
  const [keyName, id, typed] = [...vkey.split('+').slice(0, 2), vkey.split('+').slice(2).join('+')];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const raw = Buffer.from(typed, 'base64');
  if (name !== keyName || raw[0] !== 4 || bytes.subarray(0, 4).toString('hex') !== id) return undefined;
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw.subarray(1)]);
  const time = bytes.readBigUInt64BE(4);
  const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1);
  const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return verify(null, message, key, bytes.subarray(12)) ? Number(time) : undefined;
}

export function publishLeaf({ name, version, tarball, account = 'acct_ada', time = 1_760_000_000 }) {
  const hex = (kind) => createHash(kind).update(tarball).digest('hex');
  return (
    `pkglog/v1 publish\npackage npm/${name}\nversion ${version}\nsize ${tarball.length}\n` +
    `sha256 ${hex('sha256')}\nsha512 ${hex('sha512')}\nmanifest ${'0'.repeat(64)}\n` +
    `by ${account} session\ntime ${time}\n`
  );
}
