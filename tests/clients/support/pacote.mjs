// The check of registry signatures by npm's own code (pacote), without its command around it; in a
// process of its own, because the fixtures of other tests patch this one's HTTP client.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../node_modules');
const pacote = createRequire(path.join(modules, 'npm11/package.json'))('pacote');

// 'good', 'missing', or the code of npm's error.
export async function verdict(registry, spec, cache) {
  const here = fileURLToPath(import.meta.url);
  return (await promisify(execFile)(process.execPath, [here, registry, spec, cache])).stdout;
}

async function judged(registry, spec, cache) {
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

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(await judged(...process.argv.slice(2)));
