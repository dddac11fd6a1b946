import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Lab } from '../../lab/lab.ts';
import type { ObjectView } from './objects.ts';

/** A change of an object. */
export interface Change {
  readonly type: string;
  readonly object: ObjectView;
  /** etcd's revision: orders the changes of all objects, of whatever kind. */
  readonly revision: number;
  /** When it was heard of. */
  readonly at: string;
}

/** Writes down every change of some objects, from now to `stop`. */
export class ChangeLog {
  readonly changes: Change[] = [];
  readonly #children: ChildProcess[] = [];

  /** Starts watching; each of `queries` is what follows `kubectl get`. */
  static start(lab: Lab, queries: readonly (readonly string[])[]): ChangeLog {
    const log = new ChangeLog();
    for (const query of queries) log.#watch(lab, query);
    return log;
  }

  /** Ends the watches. */
  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    this.changes.sort((a, b) => a.revision - b.revision);
  }

  /** Revision of the first change that is as wanted; undefined when there was none. */
  first(wanted: (change: Change) => boolean, after = 0): number | undefined {
    return this.changes.find((change) => change.revision > after && wanted(change))?.revision;
  }

  #watch(lab: Lab, query: readonly string[]): void {
    const args = ['get', ...query, '--watch', '--output-watch-events', '-o', 'json'];
    const child = spawn(lab.binary('kubectl'), [`--kubeconfig=${lab.kubeconfig}`, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#take(JSON.parse(line) as { type: string; object: ObjectView });
    });
  }

  #take({ type, object }: { type: string; object: ObjectView }): void {
    const revision = Number(object.metadata.resourceVersion);
    this.changes.push({ type, object, revision, at: new Date().toISOString() });
  }
}
