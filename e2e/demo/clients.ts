import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Lab } from '../lab/lab.ts';
import { until } from '../lab/process.ts';
import { parseLoadLine, type LoadFailure, type LoadLine, type LoadState } from './load-report.ts';

/** A running load client: where it stands, and what failed so far. */
export class LoadClient {
  readonly failures: LoadFailure[] = [];
  private last: LoadState | undefined;
  private readonly child: ChildProcess;
  private readonly end: () => Promise<void>;

  private constructor(child: ChildProcess, end: () => Promise<void>, onFailure: (line: LoadFailure) => void) {
    this.child = child;
    this.end = end;
    if (!child.stdout) throw new Error('the load client has no output');
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseLoadLine(text);
      if (line) this.take(line, onFailure);
    });
  }

  /** The last count it gave; undefined before the first second. */
  get state(): LoadState | undefined {
    return this.last;
  }

  /** Starts margay-load with a command line of the machine's. */
  static start(command: readonly [string, ...string[]], onFailure: (line: LoadFailure) => void): LoadClient {
    const [file, ...args] = command;
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const end = (): Promise<void> => {
      child.kill('SIGTERM');
      return Promise.resolve();
    };
    return new LoadClient(child, end, onFailure);
  }

  /** Follows the load pod's output; ending it deletes the pod. */
  static async follow(
    lab: Lab,
    pod: { namespace: string; name: string },
    onFailure: (line: LoadFailure) => void,
  ): Promise<LoadClient> {
    const at = ['-n', pod.namespace];
    await until(`pod ${pod.name} to run`, 60_000, async () => {
      const phase = await lab.kubectl(['get', 'pod', ...at, pod.name, '-o', 'jsonpath={.status.phase}']);
      return phase === 'Running' ? true : undefined;
    });
    const args = [`--kubeconfig=${lab.kubeconfig}`, 'logs', '-f', ...at, pod.name];
    const child = spawn(lab.binary('kubectl'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const end = async (): Promise<void> => {
      await lab.kubectl(['delete', 'pod', ...at, pod.name, '--wait=false']);
    };
    return new LoadClient(child, end, onFailure);
  }

  /** Ends the client and returns its last count. */
  async stop(): Promise<LoadState> {
    if (this.child.exitCode === null) {
      const exited = once(this.child, 'exit');
      await this.end();
      await exited;
    }
    if (!this.last) throw new Error('a load client ended without ever counting');
    return this.last;
  }

  private take(line: LoadLine, onFailure: (line: LoadFailure) => void): void {
    if (line.event === 'progress' || line.event === 'summary') this.last = line;
    else if (line.event === 'failure') {
      this.failures.push(line);
      onFailure(line);
    }
  }
}
