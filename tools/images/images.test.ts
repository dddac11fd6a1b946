import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { archiveName, catalog } from './catalog.ts';
import { copySources } from './dockerfile.ts';
import { mmdebstrapArguments, parseMirrors, parsePackages } from './packages.ts';
import { pushedName } from './push.ts';

test('COPY sources: options and the target are none of them', () => {
  const text = 'FROM x\nCOPY --chmod=755 a b/c /to/\n# COPY no\nRUN true\nCOPY d \\\n  e /f\n';
  assert.deepEqual(copySources(text), ['a', 'b/c', 'd', 'e']);
});

test('every image of the catalog has a Dockerfile, and an archive name of its own', () => {
  const images = catalog('1.2.3');
  for (const { folder } of images) assert.ok(existsSync(`${folder}/Dockerfile`), folder);
  assert.equal(new Set(images.map(archiveName)).size, images.length);
});

test("what the product's Dockerfiles copy is let through by .dockerignore", () => {
  const allowed = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) =>
      line
        .slice(1)
        .replace(/\/$/, '/**')
        .replaceAll('.', '\\.')
        .replace('**', '.+')
        .replace(/(?<!\.)\*/, '[^/]*'),
    );
  const copied = catalog('1').filter(({ context }) => context === 'checkout');
  for (const { folder } of copied) {
    for (const source of copySources(readFileSync(`${folder}/Dockerfile`, 'utf8'))) {
      assert.ok(
        allowed.some((pattern) => new RegExp(`^${pattern}$`).test(source)),
        source,
      );
    }
  }
});

test('a pushed image keeps name and tag: the operator derives the agent from its own', () => {
  assert.equal(pushedName('margay/agent:1.2.3', 'localhost:5000/team/'), 'localhost:5000/team/agent:1.2.3');
});

const targets =
  'bookworm http://m/debian/\nbookworm-updates http://m/debian/\nbookworm-security http://s/debian-security/\n';

test('mirrors are those of the machine', () => {
  const found = { release: 'bookworm', archive: 'http://m/debian/', security: 'http://s/debian-security/' };
  assert.deepEqual(parseMirrors('bookworm', targets), found);
  assert.equal(parseMirrors('trixie', targets), undefined);
});

test('backports only on a release that is too old', () => {
  const packages = parsePackages('# why\n\nnftables\nlibbpf1   backports\n');
  const on = (release: string): string[] =>
    mmdebstrapArguments(packages, { release, archive: 'http://m' }, 'out.tar');
  assert.ok(on('bookworm').includes('--include=nftables,libbpf1/bookworm-backports'));
  assert.ok(on('bookworm').includes('deb http://m bookworm-backports main'));
  assert.ok(on('trixie').includes('--include=nftables,libbpf1'));
  assert.ok(!on('trixie').some((argument) => argument.includes('backports')));
});
