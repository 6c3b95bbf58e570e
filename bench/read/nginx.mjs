// nginx with the bytes, the gzip forms and the headers that Kontor answered with, as static files.
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ours = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'etag',
  'last-modified', 'accept-ranges', 'content-encoding', 'content-type', 'x-request-id']);

// A value as nginx's configuration reads it back: RateLimit-Policy has quotes of its own.
const quoted = (value) => `"${value.replaceAll(/[\\"]/g, '\\$&')}"`;

function location({ name, headers }) {
  const added = Object.entries(headers).filter(([key]) => !ours.has(key))
    .map(([key, value]) => `add_header ${key} ${quoted(value)};`);
  return `location = /${name} { types {} default_type ${quoted(headers['content-type'])}; ${added.join(' ')} }`;
}

export class Nginx {
  // `files`: {name, headers, body, gzip}; ports for plain and TLS.
  static async start(dir, files, tls, ports) {
    const data = path.join(dir, 'files');
    await mkdir(data, { recursive: true });
    await chmod(dir, 0o755);
    for (const file of files) {
      await writeFile(path.join(data, file.name), file.body);
      if (file.gzip) await writeFile(path.join(data, `${file.name}.gz`), file.gzip);
    }
    const places = files.map(location).join('\n    ');
    const server = (listen) => `server {
    listen 127.0.0.1:${listen} reuseport backlog=4096;
    root ${data};
    gzip_static on;
    ${places}
  }`;
    return Nginx.#run(dir, ports, `
  ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}; ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:s:1m; ssl_buffer_size 16k; http2_max_concurrent_streams 128;
  ${server(ports.plain)}
  ${server(`${ports.tls} ssl http2`)}`);
  }

  // A registry of files below `dir`/files: <name>.json with <name>.json.gz, and <name>/-/<file>.tgz.
  static startRegistry(dir, port) {
    return Nginx.#run(dir, { plain: port, tls: port }, `
  server {
    listen 127.0.0.1:${port} reuseport backlog=4096;
    root ${dir}/files;
    gzip_static on;
    types { application/octet-stream tgz; }
    default_type application/json;
    location / { try_files $uri $uri.json =404; }
  }`);
  }

  static async #run(dir, ports, servers) {
    const conf = path.join(dir, 'nginx.conf');
    await writeFile(conf, `daemon off; worker_processes 2; pid ${dir}/pid; error_log ${dir}/nginx.err warn; user root;
events { worker_connections 8192; multi_accept off; use epoll; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 300s;
  open_file_cache max=10000 inactive=600s; open_file_cache_valid 600s; open_file_cache_min_uses 1;
  server_tokens off; etag on; reset_timedout_connection off;
  ${servers}
}
`);
    const child = spawn('nginx', ['-c', conf, '-e', `${dir}/nginx.err`], { stdio: 'inherit' });
    process.once('exit', () => child.kill('SIGTERM'));
    const nginx = new Nginx(child, `http://127.0.0.1:${ports.plain}`, `https://127.0.0.1:${ports.tls}`);
    await nginx.#up();
    return nginx;
  }

  constructor(child, url, tlsUrl) {
    Object.assign(this, { child, url, tlsUrl });
  }

  async #up() {
    for (let tries = 0; tries < 500; tries += 1) {
      if (this.child.exitCode !== null) throw new Error('nginx ended');
      try {
        await fetch(`${this.url}/`);
        this.workers = (await readFile(`/proc/${this.child.pid}/task/${this.child.pid}/children`, 'utf8'))
          .trim().split(' ').map(Number);
        return;
      } catch {
        await new Promise((resolve) => { setTimeout(resolve, 10); });
      }
    }
    throw new Error('nginx does not answer');
  }

  pids() {
    return this.workers;
  }

  stop() {
    return new Promise((resolve) => { this.child.once('exit', resolve); this.child.kill('SIGTERM'); });
  }
}

export async function certificate(dir) {
  const tls = { cert: path.join(dir, 'cert.pem'), key: path.join(dir, 'key.pem') };
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-days', '2', '-subj', '/CN=localhost', '-keyout', tls.key, '-out', tls.cert]);
  return tls;
}
