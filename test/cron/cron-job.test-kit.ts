import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';

/** What a cron line runs: nothing but a drain, and then it ends. */
const [file = ''] = process.argv.slice(2);
const posthorn = createPosthorn({
  backend: sqlite(file),
  adapters: [recordingAdapter({ channel: 'email' })],
  secrets: { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } },
});
const { finished } = await posthorn.drain({ maxMs: 300 });
await posthorn.close();
console.log(`finished: ${finished}`);
