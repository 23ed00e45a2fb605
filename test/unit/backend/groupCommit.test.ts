import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { isDiskFull } from '../../../src/backend/storage/database.ts';
import { GroupCommit } from '../../../src/backend/storage/groupCommit.ts';

const setUp = (t: TestContext, beforeCommit: () => void = () => undefined) => {
  const db = new DatabaseSync(':memory:');
  t.after(() => db.close());
  db.exec('CREATE TABLE item(name TEXT PRIMARY KEY)');
  let discarded = 0;
  const commits: string[] = [];
  const counting = {
    exec: (sql: string) => {
      if (sql === 'COMMIT') commits.push(sql);
      db.exec(sql);
    },
    prepare: db.prepare.bind(db),
    close: () => db.close(),
  };
  const writes = new GroupCommit(counting, beforeCommit, () => (discarded += 1));
  const insert = (name: string): Promise<string> =>
    writes.run(() => {
      db.prepare('INSERT INTO item VALUES (?)').run(name);
      return name;
    });
  const names = (): unknown[] =>
    db
      .prepare('SELECT name FROM item ORDER BY name')
      .all()
      .map((row) => row['name']);
  return { db, writes, insert, names, commits, discarded: () => discarded };
};

describe('group commit', () => {
  it('shares one commit among what arrives together, and answers after it', async (t) => {
    const { insert, names, commits } = setUp(t);
    let committedFirst = true;
    const jobs = ['a', 'b', 'c'].map((name) => insert(name).then(() => (committedFirst &&= commits.length === 1)));
    assert.deepEqual(names(), []);
    await Promise.all(jobs);
    assert.ok(committedFirst);
    assert.deepEqual(names(), ['a', 'b', 'c']);
    await insert('d');
    assert.equal(commits.length, 2);
  });

  it('keeps nothing when the disk is full, says that to all, and goes on when there is room', async (t) => {
    const { db, insert, names, discarded } = setUp(t);
    await insert('a');
    db.exec('PRAGMA max_page_count = 4');
    const results = await Promise.allSettled([insert('b'), insert('c'.repeat(50_000)), insert('d')]);
    for (const result of results) assert.ok(result.status === 'rejected' && isDiskFull(result.reason), JSON.stringify(result));
    assert.deepEqual([names(), discarded()], [['a'], 1]);
    db.exec('PRAGMA max_page_count = 1000');
    await insert('e');
    assert.deepEqual(names(), ['a', 'e']);
  });

  it('undoes a job that fails and keeps its neighbours', async (t) => {
    const { db, writes, insert, names } = setUp(t);
    const bad = writes.run(() => {
      db.prepare('INSERT INTO item VALUES (?)').run('half');
      throw new Error('no');
    });
    const results = await Promise.allSettled([insert('a'), bad, insert('b'), insert('a')]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    );
    assert.deepEqual(names(), ['a', 'b']);
  });

  it('acknowledges nothing when the commit fails, and works again after it', async (t) => {
    let broken = true;
    const { insert, names, discarded } = setUp(t, () => {
      if (broken) throw new Error('disk full');
    });
    const results = await Promise.allSettled([insert('a'), insert('b')]);
    assert.ok(results.every((result) => result.status === 'rejected' && (result.reason as Error).message === 'disk full'));
    assert.deepEqual([names(), discarded()], [[], 1]);
    broken = false;
    await insert('c');
    assert.deepEqual(names(), ['c']);
  });
});
