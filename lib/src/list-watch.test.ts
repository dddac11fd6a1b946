import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import type { KubeClient } from './kube-client.ts';
import { ListWatch, type ListWatchOptions } from './list-watch.ts';
import type { KubeObject } from './objects.ts';
import { nodes } from './resources.ts';
import { MemoryLog } from './testing/memory-log.ts';
import {
  clientOf,
  makeCertificate,
  ScriptedServer,
  type SeenRequest,
  sendJson,
  sendStatus,
} from './testing/scripted-server.ts';
import { until } from './testing/until.ts';

const certificate = makeCertificate();
const quick = { backoffFirstMs: 5, backoffLongestMs: 20, idleMs: 1000, random: () => 0 };

interface Record {
  readonly colour: string;
}

let server: ScriptedServer;
let client: KubeClient;
let log: MemoryLog;
let stop: AbortController;
let heard: string[];
let running: Promise<void>[];

beforeEach(async () => {
  server = await ScriptedServer.start(certificate);
  client = clientOf([server]);
  log = new MemoryLog();
  stop = new AbortController();
  heard = [];
  running = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.allSettled(running);
  client.close();
  await server.stop();
});

function node(name: string, version: number, colour = 'red'): KubeObject & { colour: string } {
  return { metadata: { name, resourceVersion: String(version) }, colour };
}

function watchNodes(more: Partial<ListWatchOptions<Record>> = {}): ListWatch<Record> {
  return new ListWatch<Record>({
    client,
    resource: nodes,
    decode: (object) => ({ colour: (object as { colour: string }).colour }),
    handler: {
      onUpsert: (key, record, previous) =>
        void heard.push(`${key}=${record.colour}${previous ? `<${previous.colour}` : ''}`),
      onDelete: (key) => void heard.push(`-${key}`),
      onSynced: () => void heard.push('synced'),
    },
    log,
    tuning: quick,
    ...more,
  });
}

function start(watch: ListWatch<Record>): ListWatch<Record> {
  running.push(watch.run(stop.signal));
  return watch;
}

function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function bookmark(version: number, initialEnd = false): string {
  const annotations = initialEnd ? { 'k8s.io/initial-events-end': 'true' } : {};
  return line('BOOKMARK', { metadata: { resourceVersion: String(version), annotations } });
}

/** Answers the n-th request with the n-th script, and any later one by an open, silent stream. */
function inTurn(...scripts: ((seen: SeenRequest, response: ServerResponse) => void)[]): void {
  server.script = (seen, response) => {
    const script = scripts.shift();
    if (script === undefined) response.flushHeaders();
    else script(seen, response);
  };
}

const sends =
  (text: string, end = true) =>
  (_seen: SeenRequest, response: ServerResponse): void => {
    if (end) response.end(text);
    else response.write(text);
  };

test('a streamed list, then changes on the same stream', async () => {
  inTurn(
    sends(
      line('ADDED', node('a', 1)) +
        line('ADDED', node('b', 2)) +
        bookmark(5, true) +
        line('MODIFIED', node('a', 6, 'blue')) +
        line('DELETED', node('b', 7)),
      false,
    ),
  );
  const watch = start(watchNodes({ labelSelector: 'x=y', fieldSelector: 'metadata.name!=z' }));
  await watch.synced;
  await until(() => heard.length >= 5);
  assert.deepEqual(heard, ['a=red', 'b=red', 'synced', 'a=blue<red', '-b']);
  assert.deepEqual([...watch.entries()], [['a', { colour: 'blue' }]]);
  const [query] = server.seen.map((seen) => seen.query);
  assert.equal(query?.get('sendInitialEvents'), 'true');
  assert.equal(query.get('resourceVersionMatch'), 'NotOlderThan');
  assert.equal(query.get('labelSelector'), 'x=y');
  assert.equal(query.get('fieldSelector'), 'metadata.name!=z');
  assert.equal(query.get('resourceVersion'), null);
  assert.equal(query.get('timeoutSeconds'), '300');
});

test('nothing counts as synced before the list is complete', async () => {
  inTurn(sends(line('ADDED', node('a', 1)) + bookmark(5), false));
  const watch = start(watchNodes());
  let synced = false;
  watch.synced.then(
    () => (synced = true),
    () => undefined,
  );
  await until(() => heard.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(synced, false);
});

test('lines cut anywhere, even inside a character', async () => {
  const bytes = Buffer.from(line('ADDED', node('a', 1, 'grün')) + bookmark(5, true));
  inTurn((_seen, response) => {
    const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    const next = (): void => {
      const piece = pieces.shift();
      if (piece !== undefined) response.write(piece, () => setImmediate(next));
    };
    next();
  });
  await start(watchNodes()).synced;
  assert.deepEqual(heard, ['a=grün', 'synced']);
});

test('resumes where the stream broke off, also after a bookmark, and in the middle of a line', async () => {
  inTurn(
    sends(line('ADDED', node('a', 1)) + bookmark(5, true) + bookmark(8)),
    sends(line('MODIFIED', node('a', 9, 'blue')) + '{"type":"MODIFIED","obj'),
    (_seen, response) => response.destroy(),
    sends(line('MODIFIED', node('a', 10, 'green')), false),
  );
  start(watchNodes());
  await until(() => heard.includes('a=green<blue'));
  const versions = server.seen.map((seen) => seen.query.get('resourceVersion'));
  assert.equal(versions[1], '8');
  assert.deepEqual(versions.slice(-1), ['9']);
  assert.ok(server.seen.slice(1).every((seen) => seen.query.get('sendInitialEvents') === null));
});

test('410: lists again, passes over what is known, deletes what is gone', async () => {
  const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
  inTurn(
    sends(
      line('ADDED', node('a', 1)) +
        line('ADDED', node('b', 2)) +
        line('ADDED', node('c', 3)) +
        bookmark(5, true),
    ),
    sends(line('ERROR', gone)),
    sends(line('ADDED', node('a', 1)) + line('ADDED', node('c', 20, 'blue')) + bookmark(21, true), false),
  );
  const watch = start(watchNodes());
  await until(() => heard.filter((what) => what === 'synced').length === 2);
  assert.deepEqual(heard, ['a=red', 'b=red', 'c=red', 'synced', 'c=blue<red', '-b', 'synced']);
  assert.deepEqual(
    server.seen.map((seen) => seen.query.get('resourceVersion')),
    [null, '5', null],
  );
  assert.equal(watch.stats.lists, 2);
});

test('410 as an answer does the same', async () => {
  inTurn(
    sends(line('ADDED', node('a', 1)) + bookmark(5, true)),
    (_seen, response) => sendStatus(response, 410, 'Expired'),
    sends(bookmark(21, true), false),
  );
  start(watchNodes());
  await until(() => heard.length === 4);
  assert.deepEqual(heard, ['a=red', 'synced', '-a', 'synced']);
});

test('a server without streamed lists: pages, then a watch from their version', async () => {
  const page = (items: object[], token?: string) => (_: SeenRequest, response: ServerResponse) =>
    sendJson(response, { metadata: { resourceVersion: '50', continue: token }, items });
  inTurn(
    (_seen, response) => sendStatus(response, 422, 'Invalid'),
    page([node('a', 1), node('b', 2)], 'more'),
    page([node('c', 3)]),
    sends(line('DELETED', node('a', 51)), false),
  );
  start(watchNodes({ tuning: { ...quick, pageSize: 2 } }));
  await until(() => heard.length === 5);
  assert.deepEqual(heard, ['a=red', 'b=red', 'c=red', 'synced', '-a']);
  const [, first, second, watch] = server.seen.map((seen) => seen.query);
  assert.equal(first?.get('limit'), '2');
  assert.equal(second?.get('continue'), 'more');
  assert.equal(watch?.get('resourceVersion'), '50');
});

test('a stream that is silent for too long is given up', async () => {
  inTurn(sends(line('ADDED', node('a', 1)) + bookmark(5, true), false));
  start(watchNodes({ tuning: { ...quick, idleMs: 60 } }));
  await until(() => server.seen.length >= 2);
  assert.equal(server.seen[1]?.query.get('resourceVersion'), '5');
  assert.ok(log.lines.some(({ fields }) => /nothing came for 60 ms/.test(String(fields['error']))));
});

test('an idle time is counted from the last line, not from the first', async () => {
  let sent = 0;
  inTurn((_seen, response) => {
    response.write(bookmark(5, true));
    const timer = setInterval(() => {
      response.write(bookmark(6 + sent++));
      if (sent === 8) clearInterval(timer);
    }, 30);
  });
  start(watchNodes({ tuning: { ...quick, idleMs: 150 } }));
  await until(() => sent === 8);
  assert.equal(server.seen.length, 1);
});

test('streams that end at once, and failures, are tried again at growing intervals', async () => {
  const times: number[] = [];
  server.script = (_seen, response) => {
    times.push(performance.now());
    if (times.length === 1) response.end(bookmark(5, true));
    else if (times.length % 2 === 0) sendStatus(response, 500, 'InternalError');
    else response.end();
  };
  start(watchNodes({ tuning: { ...quick, backoffFirstMs: 20, backoffLongestMs: 80 } }));
  await until(() => times.length >= 7);
  const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  // Of the waiting time, half at least: 20 ms after the second request, 80 ms after the fourth and later ones.
  assert.ok((gaps[1] ?? 0) >= 9 && (gaps[4] ?? 0) >= 39 && (gaps[5] ?? 0) >= 39, gaps.join(' '));
  assert.ok(
    log.lines.filter(({ level }) => level === 'warn').length >= 2,
    'a lasting failure is worth a line',
  );
});

test('after a stream that lived, waiting times begin anew', async () => {
  const times: number[] = [];
  server.script = (_seen, response) => {
    times.push(performance.now());
    if (times.length === 4) {
      response.write(bookmark(5, true));
      setTimeout(() => response.destroy(), 60);
    } else {
      response.end();
    }
  };
  start(watchNodes({ tuning: { ...quick, healthyMs: 50, backoffFirstMs: 20, backoffLongestMs: 10_000 } }));
  await until(() => times.length >= 5);
  // Without it the fourth failure would wait 80 ms.
  assert.ok((times[4] ?? 0) - (times[3] ?? 0) < 60 + 60, times.join(' '));
});

test('an object that cannot be read is named, counts as absent, and harms no other', async () => {
  const decode = (object: KubeObject): Record | undefined => {
    const { colour } = object as { colour: string };
    if (colour === 'bad') throw new Error('no colour');
    return colour === 'dull' ? undefined : { colour };
  };
  const list = [node('a', 1), node('b', 2, 'bad'), node('c', 3, 'dull'), node('d', 4)];
  inTurn(
    sends(
      list.map((one) => line('ADDED', one)).join('') +
        bookmark(5, true) +
        line('MODIFIED', node('a', 6, 'bad')) +
        line('MODIFIED', node('d', 7, 'dull')),
      false,
    ),
  );
  start(watchNodes({ decode }));
  await until(() => heard.length === 5);
  assert.deepEqual(heard, ['a=red', 'd=red', 'synced', '-a', '-d']);
  assert.deepEqual(
    log.lines.map(({ fields }) => [fields['name'], fields['resource']]),
    [
      ['b', 'nodes'],
      ['a', 'nodes'],
    ],
  );
});

test('what a handler throws ends the run, for it is a fault of ours', async () => {
  inTurn(sends(line('ADDED', node('a', 1)), false));
  const handler = {
    onUpsert: () => {
      throw new Error('fault');
    },
    onDelete: () => undefined,
  };
  const watch = watchNodes({ handler });
  await assert.rejects(watch.run(stop.signal), /fault/);
  await assert.rejects(watch.synced, { code: 'Stopped' });
});

test('an abort ends the run quietly, wherever it is', async () => {
  inTurn(sends(line('ADDED', node('a', 1)), false));
  const watch = watchNodes();
  const done = watch.run(stop.signal);
  await until(() => heard.length === 1);
  stop.abort();
  await done;
  await assert.rejects(watch.synced, { code: 'Stopped' });
});

test('a second server takes over a watch whose first is gone, from where it was', async () => {
  const second = await ScriptedServer.start(certificate);
  const both = clientOf([server, second]);
  inTurn(sends(line('ADDED', node('a', 1)) + bookmark(5, true), false));
  second.script = sends(line('MODIFIED', node('a', 6, 'blue')), false);
  start(watchNodes({ client: both }));
  await until(() => heard.length === 2);
  await server.stop();
  await until(() => heard.includes('a=blue<red'));
  assert.equal(second.seen[0]?.query.get('resourceVersion'), '5');
  stop.abort();
  both.close();
  await second.stop();
});
