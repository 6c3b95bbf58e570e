// The check of registry signatures by npm's own code (pacote), without its command around it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../node_modules');
const pacote = createRequire(path.join(modules, 'npm11/package.json'))('pacote');

// 'good', 'missing', or the code of npm's error.
export async function verdict(registry, spec, cache) {
  const { keys } = await (await fetch(`${registry}/-/npm/v1/keys`)).json();
  const pem = (key) => `-----BEGIN PUBLIC KEY-----\n${key.key}\n-----END PUBLIC KEY-----`;
  const place = `${registry.replace(/^https?:/, '')}/`;
  try {
    const manifest = await pacote.manifest(spec, {
      registry: `${registry}/`,
      cache,
      preferOnline: true,
      verifySignatures: true,
      [`${place}:_keys`]: keys.map((key) => ({ ...key, pemkey: pem(key) })),
    });
    return manifest._signatures ? 'good' : 'missing';
  } catch (error) {
    return error.code;
  }
}
