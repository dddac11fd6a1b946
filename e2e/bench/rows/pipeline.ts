/**
 * The agent's pipeline in a process of its own: watch, cache, calculation, maps. Argument: JSON of
 * PipelineJob. Mode record writes down the API server's streams; sync reads them into fresh maps and prints
 * one line; changes follows the API server and prints a line for each change of the watched frontend.
 */
import { IncomingMessage } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BpfMap, Native } from '@margay/addon/api';
import { loadNative } from '@margay/addon/native';
import { decode, encode, unpack, viewOf } from '@margay/agent/abi/codec';
import { abi4 } from '@margay/agent/abi/v4.gen';
import { formatAddress, parseAddress } from '@margay/agent/calc/ip';
import { NodeWorld } from '@margay/agent/core/node-world';
import { Dataplane } from '@margay/agent/dataplane/dataplane';
import { pinPaths } from '@margay/agent/dataplane/paths';
import { ClusterWatch } from '@margay/agent/watch/cluster';
import { EndpointSet } from '@margay/lib/endpoints';
import { KubeClient, type KubeRequest } from '@margay/lib/kube-client';
import { endpointOfKubeConfig, KubeConfigCredentials, loadKubeConfig } from '@margay/lib/kube-config';
import { createLogger } from '@margay/lib/log';
import { agentConfig } from '../cluster/cluster.ts';
import { ADDRESS } from '../rig/shell.ts';
import type { ChangeLine, PipelineJob, SyncLine } from './agent.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as PipelineJob;
const NODE = 'n1';
const CHUNK = 64 * 1024;
const objectDir = fileURLToPath(new URL('../../../build/bpf', import.meta.url));
const log = createLogger({ level: 'error' });
const pins = pinPaths();
const config = agentConfig();

const print = (line: SyncLine | ChangeLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const recordingOf = (path: string): string => join(job.recording, path.replaceAll('/', '_'));

/** A client of the real API server that knows when bytes came, and what they were. */
class TappedClient extends KubeClient {
  arrived = 0;
  readonly taken = new Map<string, Buffer[]>();
  readonly #keep: boolean;

  constructor(keep: boolean) {
    const kubeConfig = loadKubeConfig({ kubeconfig: job.kubeconfig });
    const endpoints = new EndpointSet([endpointOfKubeConfig(kubeConfig)]);
    super({ endpoints, credentials: new KubeConfigCredentials(kubeConfig), userAgent: 'margay-bench' });
    this.#keep = keep;
  }

  override async stream(request: KubeRequest): Promise<IncomingMessage> {
    const response = await super.stream(request);
    const push = response.push.bind(response);
    const chunks: Buffer[] = [];
    this.taken.set(request.path, chunks);
    response.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
      if (chunk !== null && request.path.endsWith('/endpointslices')) this.arrived = performance.now();
      if (chunk !== null && this.#keep) chunks.push(Buffer.from(chunk));
      return push(chunk, encoding);
    };
    return response;
  }
}

/** Hands out recorded streams; they stay open as a watch does. */
class ReplayClient extends KubeClient {
  readonly #files: ReadonlyMap<string, Buffer>;

  constructor(files: ReadonlyMap<string, Buffer>) {
    const credentials = { tls: () => Promise.resolve({}), headers: () => Promise.resolve({}) };
    super({ endpoints: new EndpointSet([]), credentials, userAgent: 'margay-bench' });
    this.#files = files;
  }

  override stream({ path }: KubeRequest): Promise<IncomingMessage> {
    const bytes = this.#files.get(path) ?? Buffer.alloc(0);
    const message = new IncomingMessage(new Socket());
    for (let at = 0; at < bytes.length; at += CHUNK) message.push(bytes.subarray(at, at + CHUNK));
    return Promise.resolve(message);
  }
}

/** Calls back after each write of the frontends' map. */
function observed(native: Native, mapName: string, wrote: () => void): Native {
  const wrap = (map: BpfMap): BpfMap => ({
    info: map.info,
    lookup: (key) => map.lookup(key),
    update: (key, value, flags) => {
      map.update(key, value, flags);
      wrote();
    },
    delete: (key) => map.delete(key),
    updateBatch: async (keys, values) => {
      await map.updateBatch(keys, values);
      wrote();
    },
    deleteBatch: (keys) => map.deleteBatch(keys),
    dump: () => map.dump(),
    mmap: () => map.mmap(),
    pin: (path) => map.pin(path),
    close: () => map.close(),
  });
  return {
    ...native,
    load: async (options) => {
      const object = await native.load(options);
      const maps = new Map([...object.maps].map(([name, map]) => [name, name === mapName ? wrap(map) : map]));
      return { maps, programs: object.programs, close: () => object.close() };
    },
  };
}

interface Pipeline {
  readonly dataplane: Dataplane;
  readonly cluster: ClusterWatch;
  /** Resolves when all first lists are complete. */
  readonly listed: Promise<void>;
  readonly load: () => Promise<void>;
}

function pipeline(client: KubeClient, native: Native): Pipeline {
  const dataplane = new Dataplane({
    native,
    nodeName: NODE,
    log,
    pins,
    objectDir,
    cgroupRoot: () => Promise.resolve(job.cgroup),
  });
  let done: () => void = () => undefined;
  const listed = new Promise<void>((resolve) => (done = resolve));
  const cluster: ClusterWatch = new ClusterWatch({
    client,
    nodeName: NODE,
    log,
    listener: {
      service: (key, record) => dataplane.changed(({ services }) => services.setService(key, record)),
      slice: (key, record) => dataplane.changed(({ services }) => services.setSlice(key, record)),
      node: (name, record) => dataplane.changed(({ routes }) => routes.setNode(name, record)),
      pod: () => undefined,
      order: () => undefined,
      endpoints: () => undefined,
      listed: () => (cluster.complete ? done() : undefined),
    },
  });
  const world = new NodeWorld({
    nodeName: NODE,
    cluster,
    addresses: () => [],
    config: () => config,
    endpoints: () => dataplane.endpoints(),
  });
  const { bpf, network, connectTimeLoadBalancing } = config;
  const nodeAddresses = { 4: ADDRESS.node[NODE] };
  const settings = {
    markBit: bpf.markBit,
    natOutgoing: network.natOutgoing,
    connectTcp: connectTimeLoadBalancing === 'TCP',
    conntrackEntries: bpf.conntrackEntries,
    serviceEntries: bpf.serviceEntries,
  };
  const load = (): Promise<void> =>
    dataplane.load({ configName: 'bench', tcx: true, world, settings, nodeAddresses });
  return { dataplane, cluster, listed, load };
}

async function record(): Promise<void> {
  const client = new TappedClient(true);
  const { cluster, listed } = pipeline(client, loadNative());
  void cluster.run(new AbortController().signal);
  await listed;
  for (const [path, chunks] of client.taken) await writeFile(recordingOf(path), Buffer.concat(chunks));
  await writeFile(recordingOf('index'), JSON.stringify([...client.taken.keys()]));
}

async function sync(): Promise<void> {
  const paths = JSON.parse(await readFile(recordingOf('index'), 'utf8')) as string[];
  const files = new Map<string, Buffer>();
  for (const path of paths) files.set(path, await readFile(recordingOf(path)));
  const { cluster, listed, load, dataplane } = pipeline(new ReplayClient(files), loadNative());
  const start = performance.now();
  void cluster.run(new AbortController().signal);
  await listed;
  const lists = performance.now();
  await load();
  const end = performance.now();
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const { frontends } = dataplane.facts();
  print({ lists: (lists - start) / 1000, load: (end - lists) / 1000, bytes, frontends });
}

/** What the kernel's maps say of a frontend, read through maps opened anew. */
function backendsInKernel(native: Native): () => string[] {
  const frontends = native.openPinnedMap(join(pins.maps, 'services4'));
  const backends = native.openPinnedMap(join(pins.maps, 'backends4'));
  const memory = new Uint8Array(backends.mmap());
  const { stride } = backends.info;
  const addr = parseAddress(job.watched) ?? new Uint8Array(4);
  const key = encode(abi4.frontendKey, { addr, port: 80, proto: 6 });
  return () => {
    const value = frontends.lookup(key);
    if (value === undefined) return [];
    const { first, count } = decode(abi4.frontend, value);
    const range = memory.subarray(first * stride, (first + count) * stride);
    return unpack(
      abi4.backend,
      new Uint8Array(viewOf(range).buffer, range.byteOffset, range.length),
      stride,
    ).map((backend) => formatAddress(backend.addr));
  };
}

async function changes(): Promise<void> {
  const client = new TappedClient(false);
  const native = loadNative();
  let wrote: () => void = () => undefined;
  const watched = observed(native, 'services4', () => wrote());
  const { cluster, listed, load } = pipeline(client, watched);
  void cluster.run(new AbortController().signal);
  await listed;
  await load();
  const backends = backendsInKernel(native);
  wrote = () => {
    const ms = performance.now() - client.arrived;
    print({ ms, backends: backends() });
  };
  print({ ready: true, ms: 0, backends: backends() });
}

if (job.mode === 'record') await record();
if (job.mode === 'sync') await sync();
if (job.mode === 'changes') await changes();
if (job.mode !== 'changes') process.exit(0);
