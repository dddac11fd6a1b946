import { randomUUID } from 'node:crypto';
import { operatorNamespace } from '@margay/crds/resources';
import { messageOf } from '@margay/lib/errors';
import { KubeClient } from '@margay/lib/kube-client';
import { LeaderElection } from '@margay/lib/lease';
import type { Logger } from '@margay/lib/log';
import { createLogger } from '@margay/lib/log';
import { serveHealth } from '@margay/lib/metrics';
import { pods } from '@margay/lib/resources';
import { shutdownSignal } from '@margay/lib/signals';
import { sleepOrAbort } from '@margay/lib/sleep';
import type { OperatorConfig } from './config.ts';
import { helpText, parseCommand } from './config.ts';
import type { Connection } from './connection.ts';
import { connect, mountedEndpoints } from './connection.ts';
import { lead } from './leader.ts';
import { OperatorMetrics } from './operator-metrics.ts';

const VERSION = process.env['MARGAY_VERSION'] ?? '0.0.0-source';
const REREAD_MS = 30_000;

interface PodObject {
  readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
}

/** The image that this very pod runs: the one place where a person writes it is the Deployment. */
async function ownImage(client: KubeClient, { image, podName }: OperatorConfig): Promise<string> {
  if (image !== '') return image;
  const pod = await client.get<PodObject>(pods, { namespace: operatorNamespace, name: podName });
  const own = pod.spec?.containers?.find((container) => container.name === 'operator')?.image;
  if (own === undefined)
    throw new Error(`pod ${podName} has no container named operator: start with --image`);
  return own;
}

/** Asks until the API server answers: the operator may be there before it. */
async function patiently<T>(what: () => Promise<T>, log: Logger, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await what();
    } catch (error) {
      signal.throwIfAborted();
      log.warn('cannot start yet', { error: messageOf(error) });
      await sleepOrAbort(2000, signal);
    }
  }
}

/** A replica that does not lead learns of new API servers from the mounted map alone. */
async function followMount(
  dir: string,
  { endpoints }: Connection,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleepOrAbort(REREAD_MS, signal);
    endpoints.replace(await mountedEndpoints(dir, log));
  }
}

async function run(config: OperatorConfig): Promise<void> {
  const signal = shutdownSignal();
  const log = createLogger({ level: config.logLevel, fields: { component: 'operator' } });
  const connection = await connect(config, process.env, log);
  const userAgent = `margay-operator/${VERSION}`;
  const { endpoints, credentials } = connection;
  const election = new LeaderElection({
    client: new KubeClient({ endpoints, credentials, userAgent, timeoutMs: config.renewDeadlineMs / 2 }),
    namespace: operatorNamespace,
    name: 'margay-operator',
    identity: `${config.podName}_${randomUUID().slice(0, 8)}`,
    log,
    durationMs: config.leaseDurationMs,
    renewDeadlineMs: config.renewDeadlineMs,
    retryMs: Math.min(2000, config.renewDeadlineMs / 5),
  });
  const client = new KubeClient({ endpoints, credentials, userAgent, mayWrite: () => election.leading });
  const metrics = new OperatorMetrics(() => election.leading);
  const health = await serveHealth({
    port: config.port,
    registry: metrics.registry,
    live: () => undefined,
    ready: () => (started ? undefined : 'no API server has answered yet'),
  });
  let started = false;
  log.info('started', { version: VERSION, port: health.port });
  const image = await patiently(() => ownImage(client, config), log, signal);
  started = true;
  void followMount(config.endpointDir, connection, log, signal);
  const operator = { image, version: VERSION };
  try {
    await election.run(signal, (term) =>
      lead({ client, connection, log, operator, podName: config.podName, metrics }, term),
    );
  } finally {
    await health.close();
    client.close();
  }
}

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2), process.env);
  if (command.kind === 'help') process.stdout.write(helpText());
  else if (command.kind === 'version') process.stdout.write(`${VERSION}\n`);
  else await run(command.config);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`margay-operator: ${messageOf(error)}\n`);
    process.exit(1);
  },
);
