/** G13, G14, G16: what the agent does with the cluster. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { entering } from '../../lab/daemon.ts';
import { netnsPath } from '../../lab/network.ts';
import { run } from '../../lab/process.ts';
import { clusterIP, ENDPOINTS, idleEndpoints } from '../cluster/workload.ts';
import { BenchError } from '../errors.ts';
import type { RowResult } from '../report/rows.ts';
import { quantile, type Spread, spread } from '../report/stats.ts';
import { inMounts } from '../rig/margay.ts';
import { residentBytes, type Variant } from '../rig/variant.ts';
import { changedService, type Context } from './row.ts';

/** What one process of pipeline.ts is told. */
export interface PipelineJob {
  readonly mode: 'record' | 'sync' | 'changes';
  readonly kubeconfig: string;
  readonly recording: string;
  readonly cgroup: string;
  /** Frontend whose backends are read back, mode changes. */
  readonly watched: string;
}

/** One line of mode sync. */
export interface SyncLine {
  readonly lists: number;
  readonly load: number;
  readonly bytes: number;
  readonly frontends: number;
}

/** One line of mode changes; the first says that everything is in place. */
export interface ChangeLine {
  readonly ready?: true;
  readonly ms: number;
  readonly backends: readonly string[];
}

const script = fileURLToPath(new URL('pipeline.ts', import.meta.url));
const bare = { vs: {}, dropped: 0, noisy: false, detail: {} } as const;

async function commandOf(
  context: Context,
  variant: Variant,
  mode: PipelineJob['mode'],
): Promise<[string, ...string[]]> {
  const job: PipelineJob = {
    mode,
    kubeconfig: context.rig.cluster.controlPlane.kubeconfig,
    recording: join(context.rig.dir, 'recording'),
    cgroup: variant.cgroup('n1'),
    watched: clusterIP(changedService(context.plan)),
  };
  await mkdir(job.recording, { recursive: true });
  const account = await context.rig.cluster.serviceAccount(variant.dir);
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), script, JSON.stringify(job)];
  const [command, ...args] = inMounts(account, node);
  return entering({ command, args, netns: netnsPath(variant.netns('n1')), dieWithParent: true });
}

async function scratch({ rig }: Context): Promise<Variant> {
  try {
    return rig.variant('pipeline');
  } catch {
    return rig.bare('pipeline');
  }
}

/** G13: processes of their own, each fed with the same recorded bytes. */
export async function fullSync(context: Context): Promise<RowResult> {
  const { plan, progress } = context;
  const variant = await scratch(context);
  const runMode = async (mode: PipelineJob['mode']): Promise<string> => {
    const [command, ...args] = await commandOf(context, variant, mode);
    return (await run(command, args, { timeout: 300_000 })).stdout;
  };
  await runMode('record');
  const lines: SyncLine[] = [];
  for (let repetition = 0; repetition < plan.repetitions; repetition++) {
    const line = JSON.parse(await runMode('sync')) as SyncLine;
    if (line.frontends < plan.services)
      throw new BenchError(`${line.frontends} of ${plan.services} Services reached the maps`, {
        code: 'Incomplete',
      });
    lines.push(line);
    progress(
      `G13 ${repetition + 1}/${plan.repetitions}: lists ${line.lists.toFixed(3)} s, maps ${line.load.toFixed(3)} s`,
    );
  }
  const total = spread(lines.map(({ lists, load }) => lists + load));
  const lists = spread(lines.map((line) => line.lists));
  const load = spread(lines.map((line) => line.load));
  return {
    ...bare,
    value: total.median,
    spread: { total, lists, load },
    repetitions: lines.length,
    detail: {
      'bytes of the lists': lines[0]?.bytes ?? NaN,
      'lists read, s': lists.median,
      'programs loaded, maps written and read back, s': load.median,
    },
  };
}

class Changes {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw new BenchError('no pipe', { code: 'NoPipe' });
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async next(): Promise<ChangeLine> {
    const late = new Promise<never>((_, reject) => {
      const fail = (): void =>
        reject(new BenchError('a change did not reach the maps in 60 s', { code: 'Late' }));
      setTimeout(fail, 60_000).unref();
    });
    const line: IteratorResult<string, unknown> = await Promise.race([this.#lines.next(), late]);
    if (line.done === true) throw new BenchError('the pipeline ended', { code: 'Ended' });
    return JSON.parse(line.value) as ChangeLine;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/** G14: one endpoint of one Service is exchanged, again and again. */
export async function changeLatency(context: Context): Promise<RowResult> {
  const { rig, plan } = context;
  const [command, ...args] = await commandOf(context, await scratch(context), 'changes');
  const changes = new Changes(command, args);
  const index = changedService(context.plan);
  const took: number[] = [];
  try {
    await changes.next();
    for (let i = 0; i < plan.changes; i++) {
      const changed = `10.190.${i >> 8}.${i & 255}`;
      const addresses = [changed, ...idleEndpoints(index).slice(1)];
      await rig.cluster.setEndpoints(index, addresses);
      const { ms, backends } = await changes.next();
      if (backends.length !== ENDPOINTS || !backends.includes(changed))
        throw new BenchError(`the maps hold ${backends.join(', ')} where ${changed} should be`, {
          code: 'WrongBackends',
        });
      took.push(ms);
    }
  } finally {
    changes.end();
  }
  const p99 = quantile(took, 0.99);
  const p50 = quantile(took, 0.5);
  return { ...bare, value: p50, vs: { p99 }, spread: { ms: spread(took) }, repetitions: took.length };
}

/** G16: the bundled agents of both nodes, and for comparison every kube-proxy that runs. */
export async function agentMemory({ rig, variants }: Context): Promise<RowResult> {
  const resident: Record<string, Spread> = {};
  for (const name of variants) {
    const bytes = await Promise.all(rig.daemons(name).map(({ pid }) => residentBytes(pid)));
    if (bytes.length > 0) resident[name] = spread(bytes.map((one) => one / 1e6));
  }
  const { Margay: own, ...others } = resident;
  // The larger of both nodes' agents counts.
  const value = own?.max ?? NaN;
  const traffic = await rig.variant('Margay').apiBytes('n1');
  return {
    ...bare,
    value,
    vs: Object.fromEntries(Object.entries(others).map(([name, { max }]) => [name, value / max])),
    spread: resident,
    repetitions: rig.daemons('Margay').length,
    detail: { 'received from the API server since the start (TLS), MB': traffic / 1e6 },
  };
}
