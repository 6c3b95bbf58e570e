// Memory and start: of an idle server, per idle connection, after load, and the time from exec to
// the first answer.
import { execFile } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import tlsLib from 'node:tls';
import { promisify } from 'node:util';
import { Kontor } from './kontor.mjs';
import { measure, median, memoryKiB } from './load.mjs';

// Opens connections that have had one answer each and stay.
async function idleConnections(url, target, count) {
  const { hostname, port, protocol } = new URL(url);
  const open = () => new Promise((resolve, reject) => {
    const options = { host: hostname, port, rejectUnauthorized: false };
    const socket = protocol === 'https:' ? tlsLib.connect(options) : net.connect(options);
    socket.on('error', reject);
    socket.once('data', () => resolve(socket));
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  });
  const sockets = [];
  while (sockets.length < count) sockets.push(...await Promise.all(Array.from({ length: 50 }, open)));
  return sockets;
}

async function perConnection(kontor, count) {
  const warm = await idleConnections(kontor.url, '/health', 50);
  const before = memoryKiB(kontor.pids()).pss;
  const sockets = await idleConnections(kontor.url, '/health', count);
  const after = memoryKiB(kontor.pids()).pss;
  for (const socket of [...warm, ...sockets]) socket.destroy();
  return (after - before) / count;
}

export async function memoryRows({ binary, dir, tls, plain, secure, target }) {
  const idle = await Kontor.start(binary, path.join(dir, 'idle'));
  const rows = [{ name: 'idle server, MB', value: memoryKiB(idle.pids()).rss / 1024, goal: 20 }];
  await idle.stop();
  rows.push({ name: 'idle connection, KB', value: await perConnection(plain, 2000), goal: 1 });
  rows.push({ name: 'idle TLS connection, KB', value: await perConnection(secure, 1000), goal: 16 });
  await measure({ url: plain.url + target, connections: 256, seconds: 5, pids: plain.pids });
  rows.push({ name: 'after the load, MB', value: memoryKiB(plain.pids()).rss / 1024, goal: 120 });
  return rows;
}

export async function startRow(name, binary, dir, goal) {
  const times = [];
  for (let i = 0; i < 5; i += 1) {
    const kontor = await Kontor.start(binary, dir);
    times.push(kontor.startMs);
    await kontor.stop();
  }
  return { name, value: median(times), goal };
}

// A data directory of so many packages of one version, made past HTTP.
export async function fill(binary, dir, count) {
  await (await Kontor.start(binary, dir)).stop();  // makes the administrator
  await promisify(execFile)('build/bench/kontor_fill', [path.join(dir, 'data'), String(count), '1']);
}
