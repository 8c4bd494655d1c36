import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a database on which the answer to a commit can get lost. */
export interface CuttingProxy {
  /** The database's URL by this way. */
  readonly url: string;
  /** The next commits reach the database; their answers get lost, with the connection. */
  cut(commits: number): void;
  /** How many were lost so far. */
  readonly lost: number;
}

/** A simple query is a `Q`, its length in four bytes, and its text (PostgreSQL, "Message Formats"). */
const COMMIT = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

export async function openCuttingProxy(database: string): Promise<CuttingProxy> {
  const { port, hostname } = new URL(database);
  const sockets = new Set<Socket>();
  let left = 0;
  let lost = 0;

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: Number(port), host: hostname, noDelay: true });
    let isCut = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).once('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (bytes) => {
      if (left > 0 && bytes.includes(COMMIT)) {
        left -= 1;
        isCut = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!isCut) {
        client.write(bytes);
        return;
      }
      lost += 1;
      end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const url = new URL(database);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: (commits) => {
      left = commits;
    },
    get lost() {
      return lost;
    },
  };
}
