import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Skipped } from './figure.ts';

/** A Redis of its own, with the settings that it has by itself. */
export interface Redis extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts one that keeps its data in that folder.
 *
 * @throws Skipped where there is none on the PATH.
 */
export async function openRedis(folder: string): Promise<Redis> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child, 'spawn');
  } catch {
    throw new Skipped('there is no redis-server on the PATH');
  }
  const ended = once(child, 'exit');
  await untilReady(child.stdout);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

async function untilReady(output: NodeJS.ReadableStream): Promise<void> {
  const lines: string[] = [];
  for await (const line of createInterface(output)) {
    if (line.includes('Ready to accept connections')) {
      output.resume();
      return;
    }
    lines.push(line);
  }
  throw new Error(`Redis did not start:\n${lines.join('\n')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
