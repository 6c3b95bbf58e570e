// A registry that serves packages and a log of them, and lies where a test tells it to.
import { createServer } from 'node:http';
import { packed, sumsOf } from './packages.mjs';
import { publishLeaf, TestLog } from './tlog.mjs';

export class LogRegistry {
  constructor(origin = 'registry.example/log/public') {
    this.log = new TestLog(origin);
    this.packages = new Map(); // name -> version -> {tarball, integrity, index}
    this.early = 0; // how many requests for a proof come before its checkpoint
    this.asked = [];
  }

  // Publishes a release; `logged: false` keeps it out of the log.
  publish(name, version, { logged = true } = {}) {
    const tarball = packed({ name, version });
    const release = { tarball, ...sumsOf(tarball), index: logged ? this.log.size : undefined };
    if (logged) this.log.add(publishLeaf({ name, version, tarball }));
    if (!this.packages.has(name)) this.packages.set(name, new Map());
    this.packages.get(name).set(version, release);
    this.log.publish();
    return release;
  }

  find(name, version) {
    return this.packages.get(name)?.get(version);
  }

  // The bytes for a path, or nothing.
  answer(path) {
    const tarball = /^\/(.+)\/-\/.*?-(\d[^/]*)\.tgz$/.exec(path);
    if (tarball) return this.find(tarball[1], tarball[2])?.tarball;
    const proof = /^\/log\/public\/proof\/npm\/(.+)@([^@]+)$/.exec(path);
    if (proof) {
      const index = this.find(proof[1], proof[2])?.index;
      return index === undefined ? undefined : (this.proof ?? ((i) => this.log.proof(i)))(index);
    }
    if (path === '/log/public/vkey') return `${this.log.key.vkey}\n`;
    if (path.startsWith('/log/public/')) return this.log.files.get(path.slice('/log/public/'.length));
    return this.packument(path.slice(1));
  }

  packument(name) {
    const releases = this.packages.get(name);
    if (!releases) return undefined;
    const versions = [...releases].map(([version, { integrity }]) => [version, { name, version, dist: { integrity } }]);
    return JSON.stringify({ name, versions: Object.fromEntries(versions) });
  }

  async start(t) {
    this.server = createServer((request, response) => {
      const path = decodeURIComponent(request.url);
      this.asked.push(path);
      const body = this.answer(path);
      response.statusCode = body === undefined ? 404 : 200;
      if (path.includes('/proof/') && this.early-- > 0) response.writeHead(503, { 'retry-after': '0' });
      response.end(body);
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    t.after(() => this.stop());
    return this;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
