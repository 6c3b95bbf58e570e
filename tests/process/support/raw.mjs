// A connection that sends exactly these bytes.
import net from 'node:net';

const patience = 30_000; // no answer and no end for so long is a failed test

export class RawConnection {
  constructor(socket) {
    this.socket = socket;
    this.received = Buffer.alloc(0);
    this.waiters = new Set();
    socket.on('data', (piece) => {
      this.received = Buffer.concat([this.received, piece]);
      for (const waiter of this.waiters) waiter();
    });
    // A reset is an end like another; what it took away is missing in `received`.
    socket.on('error', () => {});
    this.closed = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`still open, received:\n${this.text}`)), patience);
      timer.unref();
      socket.on('close', () => {
        clearTimeout(timer);
        this.over = true;
        for (const waiter of this.waiters) waiter();
        resolve();
      });
    });
    this.closed.catch(() => {}); // who does not wait for the end does not mind
  }

  static open(port, { host = '127.0.0.1', ...options } = {}) {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port, host, ...options });
      socket.once('connect', () => resolve(new RawConnection(socket)));
      socket.once('error', reject);
    });
  }

  get text() {
    return this.received.toString('latin1');
  }

  // Resolves when the kernel has taken the bytes; strings are Latin-1.
  write(bytes) {
    return new Promise((resolve) => this.socket.write(bytes, 'latin1', resolve));
  }

  // Resolves with the match once what was received so far matches.
  until(pattern) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.waiters.delete(look);
        settle(value);
      };
      const lost = (how) => finish(reject, new Error(`${how} without ${pattern}, received:\n${this.text}`));
      const timer = setTimeout(() => lost('silent'), patience);
      const look = () => {
        const match = pattern.exec(this.text);
        if (match) finish(resolve, match);
        else if (this.over) lost('closed');
      };
      this.waiters.add(look);
      look();
    });
  }

  destroy() {
    this.socket.destroy();
    return this.closed;
  }
}

// Sends the bytes and yields what came back until the server closed.
export async function exchange(port, bytes, options) {
  const connection = await RawConnection.open(port, options);
  connection.write(bytes);
  await connection.closed;
  return connection.text;
}

// The answers in what was received, by their Content-Length.
export function answersIn(text) {
  const answers = [];
  while (text) {
    const end = text.indexOf('\r\n\r\n');
    const [first, ...lines] = text.slice(0, end).split('\r\n');
    const match = /^HTTP\/1\.1 (\d{3}) /.exec(first);
    if (end < 0 || !match) throw new Error(`not an answer:\n${text}`);
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2)));
    const length = Number(headers['content-length'] ?? 0);
    answers.push({ status: Number(match[1]), headers, body: text.slice(end + 4, end + 4 + length) });
    text = text.slice(end + 4 + length);
  }
  return answers;
}
