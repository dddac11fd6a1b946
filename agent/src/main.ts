/** margay-agent: one a node. See `margay-agent --help`. */
import { loadNative } from '@margay/addon/native';
import { loadNetlink } from '@margay/addon/netlink';
import { messageOf } from '@margay/lib/errors';
import type { Logger } from '@margay/lib/log';
import { createLogger } from '@margay/lib/log';
import { shutdownSignal } from '@margay/lib/signals';
import { layoutVersion } from './abi/types.gen.ts';
import { Agent } from './core/agent.ts';
import { ApiAccess } from './core/api.ts';
import { cleanup } from './core/cleanup.ts';
import type { AgentOptions } from './core/options.ts';
import { parseOptions, usage, UsageError } from './core/options.ts';
import { checkPrivileges } from './core/privileges.ts';

const version = process.env['MARGAY_VERSION'] ?? 'dev';

async function run(options: AgentOptions, log: Logger): Promise<void> {
  const native = loadNative();
  native.setLogSink((level, text) => log[level]('libbpf', { text: text.trimEnd() }));
  const api = await ApiAccess.open(options, process.env, log);
  const agent = new Agent({ options, version, log, native, netlink: loadNetlink(), api });
  await agent.run(shutdownSignal());
  native.setLogSink(undefined);
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, process.env);
  if (options.command === 'help') process.stdout.write(usage());
  if (options.command === 'version')
    process.stdout.write(`margay-agent ${version} (layout ${layoutVersion})\n`);
  if (options.command !== 'run' && options.command !== 'cleanup') return 0;
  const log = createLogger({ level: options.logLevel, fields: { node: options.nodeName } });
  try {
    await checkPrivileges();
    if (options.command === 'run') await run(options, log);
    else await cleanup({ options, native: loadNative(), netlink: loadNetlink(), log });
    return 0;
  } catch (error) {
    log.error('the agent cannot go on', {
      error: messageOf(error),
      code: (error as { code?: unknown }).code,
    });
    return 1;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`margay-agent: ${error.message}\n`);
  process.exitCode = 2;
}
