/** A pod, a host or a client of the rig: listens, connects, and says what it saw. */
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';

import { serve } from './rpc.ts';

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** What a server says of a client, and what the client sees of the server. */
export interface Seen {
  /** The server's name, or the error's code. */
  readonly by: string;
  /** The client's address as the server sees it. */
  readonly client: string;
  /** The server's address as the client's kernel tells it (getpeername, or a datagram's source). */
  readonly peer: string;
}

const patience = 3000;
const block = createHash('sha512').update('margay').digest();

/** Bytes that differ from place to place, so that a shifted or lost piece shows. */
function stream(size: number): Buffer {
  const bytes = Buffer.alloc(size, block);
  for (let at = 0; at + 4 <= size; at += 1021) bytes.writeUInt32BE(at, at);
  return bytes;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

const plain = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/, '');

/** One line asks, then bytes follow: `who`, `get <n>`, `put <n>`. */
function answer(socket: Socket, name: string): void {
  let head = '';
  const taken: Buffer[] = [];
  let expected = -1;
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    if (expected < 0) {
      head += data.toString('latin1');
      const end = head.indexOf('\n');
      if (end < 0) return;
      const [verb = '', size = '0'] = head.slice(0, end).split(' ');
      data = Buffer.from(head.slice(end + 1), 'latin1');
      head = '';
      if (verb === 'who')
        socket.write(`${JSON.stringify({ by: name, client: plain(socket.remoteAddress) })}\n`);
      if (verb === 'get') socket.end(stream(Number(size)));
      if (verb !== 'put') return;
      expected = Number(size);
    }
    taken.push(data);
    if (taken.reduce((sum, piece) => sum + piece.length, 0) >= expected)
      socket.end(digest(Buffer.concat(taken)));
  });
}

function listenTcp({ port, name }: { readonly port: number; readonly name: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => answer(socket, name));
    server.on('error', reject);
    server.listen(port, '::', () => resolve());
  });
}

/** On one address: a socket on any would answer from whichever the route suggests. */
function listenUdp({ port, name, address }: Target & { readonly name: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', reject);
    socket.on('message', (_, from) =>
      socket.send(JSON.stringify({ by: name, client: plain(from.address) }), from.port, from.address),
    );
    socket.bind(port, address, () => resolve());
  });
}

function failure(error: unknown): Seen {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return { by: code, client: '', peer: '' };
}

function open({ address, port }: Target, localPort?: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, ...(localPort === undefined ? {} : { localPort }) });
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })),
      patience,
    );
    socket.on('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

function line(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(Object.assign(new Error('no answer'), { code: 'NoAnswer' })),
      patience,
    );
    socket.once('data', (data) => {
      clearTimeout(timer);
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}

async function whoOn(socket: Socket): Promise<Seen> {
  const peer = `${plain(socket.remoteAddress)}:${String(socket.remotePort)}`;
  socket.write('who\n');
  return { ...(JSON.parse(await line(socket)) as { by: string; client: string }), peer };
}

async function tcp({ localPort, ...target }: Target & { readonly localPort?: number }): Promise<Seen> {
  try {
    const socket = await open(target, localPort);
    const seen = await whoOn(socket);
    socket.destroy();
    return seen;
  } catch (error) {
    return failure(error);
  }
}

const kept = new Map<number, Socket>();

/** Opens a connection that stays; the answer names it. */
async function keep({ localPort, ...target }: Target & { readonly localPort?: number }): Promise<number> {
  const socket = await open(target, localPort);
  kept.set(kept.size, socket);
  socket.setNoDelay(true);
  return kept.size - 1;
}

/** Asks again on a kept connection. */
async function again(id: number): Promise<Seen> {
  const socket = kept.get(id);
  if (socket === undefined) throw new Error(`no connection ${id}`);
  return whoOn(socket).catch(failure);
}

interface Datagram extends Target {
  readonly connected?: boolean;
  readonly localPort?: number;
}

function udp({ address, port, connected, localPort }: Datagram): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const done = (seen: Seen): void => {
      clearTimeout(timer);
      socket.close();
      resolve(seen);
    };
    const timer = setTimeout(
      () => done(failure(Object.assign(new Error('no answer'), { code: 'NoAnswer' }))),
      patience,
    );
    socket.on('error', (error) => done(failure(error)));
    socket.on('message', (message, from) =>
      done({
        ...(JSON.parse(message.toString()) as { by: string; client: string }),
        peer: `${from.address}:${from.port}`,
      }),
    );
    socket.bind(localPort ?? 0, () => {
      if (connected === true) socket.connect(port, address, () => socket.send('who'));
      else socket.send('who', port, address);
    });
  });
}

/** True when every byte came as it was sent. */
async function bulk({
  size,
  way,
  ...target
}: Target & { readonly size: number; readonly way: 'get' | 'put' }): Promise<boolean> {
  const socket = await open(target);
  const sent = stream(size);
  socket.write(`${way} ${size}\n`);
  if (way === 'put') socket.write(sent);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  const got = Buffer.concat(pieces);
  return way === 'get' ? digest(got) === digest(sent) : got.toString() === digest(sent);
}

/** Requests that this process has finished in all its storms, by kind. */
const finished = { tcp: 0, udp: 0 };
/** Local ports that no earlier request had: an old tuple is another test's business. */
let nextPort = 0;

/** Requests one after the other, each with a socket of its own, never again; what went wrong, and when. */
async function storm({
  kind,
  ms,
  ports: [first, last],
  ...target
}: Target & {
  readonly kind: 'tcp' | 'udp';
  readonly ms: number;
  readonly ports: readonly [first: number, last: number];
}): Promise<{
  done: number;
  failed: string[];
}> {
  const failed: string[] = [];
  const start = Date.now();
  let done = 0;
  nextPort = Math.max(nextPort, first);
  for (; Date.now() < start + ms && nextPort <= last; done++) {
    const began = Date.now() - start;
    const request = { ...target, localPort: nextPort++ };
    const seen = kind === 'tcp' ? await tcp(request) : await udp(request);
    finished[kind]++;
    if (seen.client === '') failed.push(`${kind} ${seen.by} at ${began} from ${request.localPort}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { done, failed };
}

const progress = (): typeof finished => ({ ...finished });

const handlers = { listenTcp, listenUdp, tcp, udp, keep, again, bulk, storm, progress };
export type PeerHandlers = typeof handlers;

serve(handlers);
