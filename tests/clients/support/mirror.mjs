// A mirror in front of a registry that can be made to lie in packuments, and to exchange files.
import http from 'node:http';

export class Mirror {
  static async start(registry) {
    const mirror = new Mirror(registry);
    await new Promise((resolve) => mirror.server.listen(0, '127.0.0.1', resolve));
    mirror.url = `http://127.0.0.1:${mirror.server.address().port}`;
    return mirror;
  }

  constructor(registry) {
    this.registry = registry;
    this.lies = new Map(); // package name -> function that changes its packument
    this.exchanged = new Map(); // decoded path -> bytes served instead
    this.asked = []; // paths
    this.server = http.createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.writeHead(502).end(`${error}`));
    });
  }

  async #answer(request, response) {
    this.asked.push(request.url);
    const { host, connection, 'if-none-match': etag, ...headers } = request.headers;
    const chunks = await request.toArray();
    const answer = await fetch(this.registry + request.url, {
      method: request.method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      body: chunks.length ? Buffer.concat(chunks) : undefined,
    });
    let body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    if (answer.ok && /json/.test(type)) body = this.#changed(body);
    body = this.exchanged.get(decodeURIComponent(request.url)) ?? body;
    response.writeHead(answer.status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  }

  // Tarballs are asked of the mirror, too.
  #changed(body) {
    const text = body.toString().replaceAll(`${this.registry}/`, `${this.url}/`);
    const document = JSON.parse(text);
    const lie = document.versions && this.lies.get(document.name);
    if (!lie) return text;
    lie(document);
    return JSON.stringify(document);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// The ways to lie about what a registry signed.
export const lies = {
  bad: ({ versions }) => {
    for (const { dist } of Object.values(versions)) {
      const sig = Buffer.from(dist.signatures[0].sig, 'base64');
      sig[sig.length - 1] ^= 1;
      dist.signatures[0].sig = sig.toString('base64');
    }
  },
  missing: ({ versions }) => {
    for (const { dist } of Object.values(versions)) delete dist.signatures;
  },
  tampered: ({ versions }) => {
    for (const { dist } of Object.values(versions)) dist.integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
  },
  'unknown key': ({ versions }) => {
    for (const { dist } of Object.values(versions)) dist.signatures[0].keyid = 'SHA256:of-somebody-else';
  },
};
