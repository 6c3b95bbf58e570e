// The HTTP server in front of the local worker, as Cloudflare has one. workerd counts the five seconds
// that a connection may be idle from a time that stands still while the worker computes: on a busy
// machine it closes one that was just answered, and the client's next request is lost. So clients keep
// their connections with this server, and each of their requests goes to workerd on one of its own.
import http from 'node:http';
import { pipeline } from 'node:stream';

const maxHeaderSize = 64 * 1024;
const ofThisConnection = new Set(['connection', 'keep-alive', 'expect']);

// From the flat list of names and values, which is in the order of the wire.
function forwarded(headers) {
  const kept = [];
  for (let i = 0; i < headers.length; i += 2)
    if (!ofThisConnection.has(headers[i].toLowerCase())) kept.push(headers[i], headers[i + 1]);
  return kept;
}

function forward(target, incoming, outgoing) {
  const { method, url, rawHeaders } = incoming;
  const lost = () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end());
  const asked = http.request(
    {
      host: target.hostname,
      port: target.port,
      method,
      path: url,
      headers: [...forwarded(rawHeaders), 'connection', 'close'],
      agent: false,
      maxHeaderSize,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.statusMessage, forwarded(answer.rawHeaders));
      pipeline(answer, outgoing, () => {});
    },
  );
  asked.on('error', lost);
  outgoing.on('close', () => asked.destroy());
  // An answer may come before the body was sent, and stays good if nobody wants the rest.
  incoming.on('error', () => asked.destroy());
  incoming.pipe(asked);
}

// Resolves when it listens; `target` is the URL of workerd.
export async function startFront({ host, port, target }) {
  const to = new URL(target);
  const server = http.createServer({ maxHeaderSize, requestTimeout: 0, keepAliveTimeout: 60_000 });
  server.on('request', (incoming, outgoing) => {
    try {
      forward(to, incoming, outgoing);
    } catch {
      outgoing.writeHead(400).end(); // a target that is none
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.address().port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
