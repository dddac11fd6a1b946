import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeError } from '@margay/lib/errors';
import type { KubeClient, KubeRequest } from '@margay/lib/kube-client';
import type { Logger } from '@margay/lib/log';
import type { StatusDraft } from '../node-mode/facts.ts';
import type { NodeStatus, StatusContext } from './node-status.ts';
import { nodeStatus, statusPatch } from './node-status.ts';
import { StatusWriter } from './writer.ts';

const draft: StatusDraft = {
  mode: 'Enabling',
  reason: 'Programming',
  message: 'loading',
  findings: [{ type: 'Supported', status: 'True', reason: 'Probed', message: 'fine' }],
  kubeProxy: 'Running',
};
const context: StatusContext = {
  order: { generation: 4, mode: 'BPF', configName: 'margay-config-a' },
  identity: { kernel: '6.18', agentVersion: '1', layout: 1 },
  features: { tcx: true },
  leftovers: [],
  now: new Date('2026-01-01T00:00:00.900Z'),
};
const later = { ...context, now: new Date('2026-01-01T00:05:00Z') };

describe('the status', () => {
  const first = nodeStatus({}, draft, context);

  test('conditions are about this order, and keep their time while their status stays', () => {
    assert.equal(first.conditions?.[0]?.observedGeneration, 4);
    assert.equal(first.conditions[0].lastTransitionTime, '2026-01-01T00:00:00Z');
    const same = nodeStatus(first, draft, later);
    assert.deepEqual(same, first);
    const failed = {
      ...draft,
      findings: [
        {
          ...draft.findings[0],
          status: 'False' as const,
          type: 'Supported' as const,
          reason: 'X',
          message: 'y',
        },
      ],
    };
    assert.equal(
      nodeStatus(first, failed, later).conditions?.[0]?.lastTransitionTime,
      '2026-01-01T00:05:00Z',
    );
  });

  test('what is not in it any more is taken from the server', () => {
    const draining = nodeStatus(
      first,
      { ...draft, drainFlows: 3 },
      { ...context, leftovers: ['nat/X <- Y'] },
    );
    assert.deepEqual(draining.drain, { flows: 3 });
    const patch = statusPatch(draining, first) as { status: Record<string, unknown> };
    assert.equal(patch.status['drain'], null);
    assert.deepEqual(patch.status['kubeProxy'], { state: 'Running', leftovers: null });
  });
});

describe('the writer', () => {
  let requests: KubeRequest[] = [];
  let fail: Error | undefined;
  let writer: StatusWriter;

  beforeEach(() => {
    requests = [];
    fail = undefined;
    const client = {
      request: (request: KubeRequest) => {
        requests.push(request);
        return fail === undefined ? Promise.resolve({}) : Promise.reject(fail);
      },
    } as unknown as KubeClient;
    const log = { warn: () => undefined } as unknown as Logger;
    writer = new StatusWriter({ client, nodeName: 'n1', log, random: () => 0 });
  });

  test('writes when something changed, to the status of its own object, and not again', async () => {
    writer.submit(draft, context);
    assert.equal(requests.length, 0, 'there is no object yet');
    writer.observed({}, { changed: true });
    writer.submit(draft, context);
    await sleep(5);
    writer.submit(draft, later);
    await sleep(5);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/apis/margay.io/v1/nodedataplanes/n1/status'],
    );
    writer.submit({ ...draft, mode: 'BPF' }, later);
    await sleep(5);
    assert.equal(requests.length, 2);
    writer.close();
  });

  test('another count alone waits', async () => {
    writer.observed({}, { changed: true });
    writer.submit({ ...draft, drainFlows: 9 }, context);
    await sleep(5);
    writer.submit({ ...draft, drainFlows: 8 }, context);
    await sleep(5);
    assert.equal(requests.length, 1);
    writer.submit({ ...draft, mode: 'BPF' }, context);
    await sleep(5);
    assert.equal(requests.length, 2, 'what is more than a count does not wait for it');
    writer.close();
  });

  test('a status that somebody else changed is put back', async () => {
    writer.observed({}, { changed: true });
    writer.submit(draft, context);
    await sleep(5);
    const foreign: NodeStatus = { ...nodeStatus({}, draft, context), mode: 'BPF' };
    writer.observed(foreign, { changed: false });
    await sleep(5);
    assert.equal(requests.length, 2);
    writer.close();
  });

  test('a new object of the same name gets its status', async () => {
    writer.observed({}, { changed: true });
    writer.submit(draft, context);
    await sleep(5);
    writer.observed({}, { changed: true });
    writer.submit(draft, context);
    await sleep(5);
    assert.equal(requests.length, 2);
    writer.close();
  });

  test('a failed write is tried again with the latest draft', async () => {
    fail = new KubeError('away', { code: 'Unreachable', status: 0, request: 'PATCH', retryable: true });
    writer.observed({}, { changed: true });
    writer.submit(draft, context);
    await sleep(5);
    fail = undefined;
    writer.submit({ ...draft, mode: 'BPF' }, context);
    for (let i = 0; i < 100 && requests.length < 2; i++) await sleep(20);
    assert.equal((requests[1]?.body as { status: NodeStatus }).status.mode, 'BPF');
    writer.close();
  });
});
