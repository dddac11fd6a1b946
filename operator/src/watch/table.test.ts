import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Table } from './table.ts';

test('an older record never replaces a newer one, whatever comes first', () => {
  const told: string[] = [];
  const table = new Table<{ version: string; what: string }>((key, now) =>
    told.push(`${key}=${now?.what ?? 'gone'}`),
  );
  table.put('n1', { version: '99', what: 'watched' });
  table.put('n1', { version: '101', what: 'written' });
  table.put('n1', { version: '100', what: 'late' });
  assert.equal(table.get('n1')?.what, 'written');
  table.put('n1', { version: '102', what: 'new' });
  table.remove('n1');
  table.remove('n1');
  assert.deepEqual(told, ['n1=watched', 'n1=written', 'n1=new', 'n1=gone']);
});
