import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes, presences, presentFor, type Sample } from './placement.ts';

const parked = (at: number, node: string): Sample => ({
  at,
  node,
  parked: true,
  pod: false,
  unsupported: '',
});

test('a presence lasts from the first node that is not parked until every node is, its pod gone', () => {
  const samples = [
    parked(0, 'n1'),
    parked(0, 'n2'),
    { ...parked(10, 'n2'), parked: false },
    { ...parked(12, 'n1'), pod: true },
    parked(20, 'n2'),
    parked(25, 'n1'),
    { ...parked(40, 'n1'), pod: true },
  ];
  assert.deepEqual(presences(samples, 50), [
    { from: 10, to: 25, nodes: ['n1', 'n2'] },
    { from: 40, to: 50, nodes: ['n1'] },
  ]);
});

test('nodes that are parked all the time are no presence', () => {
  assert.deepEqual(presences([parked(0, 'n1'), parked(5, 'n2')], 9), []);
});

test('every object of the messages is named once, with its namespace and the reason', () => {
  const unsupported =
    'services-1/affinity (sessionAffinity ClientIP), pod hostport-2/pod1 (hostPort) and 3 more: this version leaves these to kube-proxy, which must stay';
  const samples = [parked(0, 'n1'), { ...parked(1, 'n1'), unsupported }, { ...parked(2, 'n2'), unsupported }];
  assert.deepEqual(causes(samples), [
    { object: 'services-1/affinity', namespace: 'services-1', why: 'sessionAffinity ClientIP' },
    { object: 'pod hostport-2/pod1', namespace: 'hostport-2', why: 'hostPort' },
  ]);
});

test('only the common part of a spec and a presence counts', () => {
  const periods = [
    { from: 10, to: 20, nodes: [] },
    { from: 30, to: 40, nodes: [] },
  ];
  for (const [from, to, expected] of [
    [0, 10, 0],
    [0, 15, 5],
    [12, 14, 2],
    [15, 35, 10],
    [20, 30, 0],
  ] as const)
    assert.equal(presentFor(from, to, periods), expected, `${from}-${to}`);
});
