// Self-signed certificates, and a server that has one.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import { folder, run } from './kontor.mjs';
import { RawConnection } from './raw.mjs';
import { start } from './server.mjs';

// Writes cert.pem and key.pem for `name` and 127.0.0.1 into the folder.
export async function makeCertificate(dir, name = 'localhost') {
  const files = { certFile: path.join(dir, 'cert.pem'), keyFile: path.join(dir, 'key.pem') };
  const made = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`],
    ...['-keyout', files.keyFile, '-out', files.certFile],
  ]);
  if (made.code !== 0) throw new Error(made.stderr);
  return files;
}

export async function startWithTls(t, { settings = {}, ...options } = {}) {
  const files = await makeCertificate(await folder(t));
  const tlsSettings = { 'tls.certFile': files.certFile, 'tls.keyFile': files.keyFile };
  const server = await start(t, { settings: { ...tlsSettings, ...settings }, ...options });
  return Object.assign(server, files);
}

// A TLS connection that trusts anybody: tests look at the certificate themselves.
export function connectTls(port, options = {}) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    socket.once('secureConnect', () => resolve(new RawConnection(socket)));
    socket.once('error', reject);
  });
}

export const commonName = ({ socket }) => socket.getPeerCertificate().subject.CN;

export const replaceWithRubbish = ({ certFile }) => writeFile(certFile, 'rubbish\n');
