import { spawn, type ChildProcess } from 'node:child_process';

/** What a child can be asked: one argument and one answer each, both of plain data. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

interface Request {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}
interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** In the child: answers until the parent goes. */
export function serve(handlers: Handlers): void {
  const answer = async ({ id, method, argument }: Request): Promise<void> => {
    try {
      const handler = handlers[method];
      if (handler === undefined) throw new Error(`no method ${method}`);
      process.send?.({ id, result: await handler(argument as never) } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on('message', (request) => void answer(request as Request));
  process.on('disconnect', () => process.exit(0));
}

type Argument<H extends Handlers, M extends keyof H> = Parameters<H[M]>[0];

/** In the parent: a process that runs `file` in a network namespace and a cgroup. */
export class Child<H extends Handlers> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #nextId = 0;

  constructor(file: string, place: { readonly netns: string; readonly cgroup: string }) {
    const enter = 'echo $$ > "$1/cgroup.procs" && exec nsenter --net="/run/netns/$2" "$3" --import tsx "$4"';
    const args = ['-c', enter, 'sh', place.cgroup, place.netns, process.execPath, file];
    this.#process = spawn('sh', args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process.on('message', (answer) => this.#settle(answer as Answer));
    this.#process.on('exit', (code) =>
      this.#fail(new Error(`${file} in ${place.netns} ended with ${code ?? 'a signal'}`)),
    );
  }

  #settle({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  ask<M extends keyof H & string>(method: M, argument: Argument<H, M>): Promise<Awaited<ReturnType<H[M]>>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.send({ id, method, argument });
    });
  }

  /** Resolves when the process is gone. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }
}
