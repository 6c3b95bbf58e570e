// Stands in for the update repository of Sigstore's trust, which npm asks before any registry: a TLS
// server with that name, and a proxy that leads there and nowhere else.
import { initializeTUFRepo, tufHandlers } from '@tufjs/repo-mock';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const name = 'tuf-repo-cdn.sigstore.dev';

async function makeCertificate(dir) {
  const [key, cert] = [path.join(dir, 'tuf.key'), path.join(dir, 'tuf.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', cert],
  ]);
  return { key: await readFile(key), cert: await readFile(cert), file: cert };
}

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

export class TrustRepository {
  // Serves `trustedRoot`; `dir` takes its certificate.
  static async start(dir, trustedRoot) {
    const made = new TrustRepository();
    const content = Buffer.from(JSON.stringify(trustedRoot));
    made.repository = initializeTUFRepo([{ name: 'trusted_root.json', content }]);
    const handlers = new Map(
      tufHandlers(made.repository, { metadataPathPrefix: '', targetPathPrefix: '/targets' }).map((h) => [h.path, h.fn]),
    );
    const { key, cert, file } = await makeCertificate(dir);
    made.certificate = file;
    made.server = https.createServer({ key, cert }, async (request, response) => {
      const { statusCode, response: body } = handlers.has(request.url)
        ? await handlers.get(request.url)()
        : { statusCode: 404, response: '' };
      response.writeHead(statusCode).end(body);
    });
    const port = await listen(made.server);
    made.proxy = http.createServer((_, response) => response.writeHead(403).end());
    made.proxy.on('connect', (request, client) => {
      if (request.url !== `${name}:443`) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const upstream = net.connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) socket.on('error', () => [client, upstream].forEach((s) => s.destroy()));
    });
    made.proxyUrl = `http://127.0.0.1:${await listen(made.proxy)}`;
    return made;
  }

  // `environment` of npm, changed so that npm asks here. The first root, which npm has built in, lies
  // in two places: `npm audit signatures` looks in npm's cache, `npm publish` among the user's data.
  async environment(environment) {
    const { npm_config_cache: cache, XDG_DATA_HOME: data } = environment;
    for (const folder of [path.join(cache, '_tuf', name), path.join(data, 'sigstore-js', name)]) {
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'root.json'), JSON.stringify(this.repository.rootMeta.toJSON()));
    }
    return {
      ...environment,
      NODE_EXTRA_CA_CERTS: this.certificate,
      HTTPS_PROXY: this.proxyUrl,
      https_proxy: this.proxyUrl,
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    };
  }

  async stop() {
    for (const server of [this.server, this.proxy]) {
      server.closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
