import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lastSyncFromHealth, lastSyncFromMetrics, oldest } from './last-sync.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`testdata/${name}.txt`, import.meta.url), 'utf8');
const dual = new Set([4, 6] as const);

test('metrics of 1.36: a time for each family, not that of the queue', () => {
  assert.deepEqual(lastSyncFromMetrics(recorded('metrics')), {
    4: 1.7952077335813627e9,
    6: 1.7952077337474084e9,
  });
});

test('metrics without the label stand for both families; 0 and absence mean never', () => {
  const name = 'kubeproxy_sync_proxy_rules_last_timestamp_seconds';
  assert.deepEqual(lastSyncFromMetrics(`${name} 1.7e+09\n`), { 4: 1.7e9, 6: 1.7e9 });
  assert.deepEqual(lastSyncFromMetrics(`${name}{ip_family="IPv4"} 0\n`), {});
  assert.deepEqual(lastSyncFromMetrics('up 1\n'), {});
});

test('livez tells it too; a kube-proxy that starts has no family in it', () => {
  const sync = lastSyncFromHealth(recorded('livez'));
  assert.equal(sync[4], Date.parse('2026-11-20T20:49:06.01925855Z') / 1000);
  assert.ok((sync[6] ?? 0) > (sync[4] ?? 0));
  assert.deepEqual(
    lastSyncFromHealth('{"lastUpdated":"2026-11-20T20:49:06Z","healthy":true,"status":{}}'),
    {},
  );
  assert.deepEqual(lastSyncFromHealth('{"lastUpdated":"2026-11-20T20:49:06Z"}'), {});
});

test('the oldest of the families that are asked for, all of them or none', () => {
  assert.equal(oldest({ 4: 10, 6: 20 }, dual), 10);
  assert.equal(oldest({ 4: 10 }, dual), undefined);
  assert.equal(oldest({ 4: 10 }, new Set([4] as const)), 10);
});
