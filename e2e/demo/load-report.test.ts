import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadTable, parseLoadLine, streamSentence, totals } from './load-report.ts';
import type { LoadState } from './load-report.ts';

const state: LoadState = {
  client: 'pod',
  targets: [
    { kind: 'tcp', target: '10.96.0.7:80', requests: 100, failed: 1, p50Ms: 1, p99Ms: 3, maxMs: 9 },
    { kind: 'udp', target: '10.96.0.7:90', requests: 50, failed: 0, p50Ms: 1, p99Ms: 2, maxMs: 4 },
  ],
  streams: [],
};

describe('the load client’s output', () => {
  it('is read line by line, foreign lines left out', () => {
    assert.equal(parseLoadLine('curl: nothing of ours'), undefined);
    assert.equal(parseLoadLine('{"event":"other"}'), undefined);
    assert.equal(parseLoadLine('{"event":"summ'), undefined);
    assert.equal(parseLoadLine(JSON.stringify({ event: 'summary', ...state }))?.event, 'summary');
  });

  it('is summed over clients', () => {
    assert.deepEqual(totals([state, state]), { requests: 300, failed: 2 });
    assert.deepEqual(totals([]), { requests: 0, failed: 0 });
  });

  it('becomes a table with a row for each target', () => {
    const lines = loadTable([state]).split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? '', /pod +tcp +10\.96\.0\.7:80 +100 +1/);
  });
});

describe('the long stream’s sentence', () => {
  const stream = { target: 't', opened: 1, broken: 0, exchanges: 10, longestGapMs: 70 };

  it('says that the connection survived', () => {
    assert.match(streamSentence([stream], [{ ...stream, exchanges: 30 }]), /same connection.*20 exchanges/);
  });

  it('counts only what broke since', () => {
    const after = { ...stream, broken: 3, opened: 4 };
    assert.match(streamSentence([{ ...stream, broken: 1 }], [after]), /broken 2 times/);
  });
});
