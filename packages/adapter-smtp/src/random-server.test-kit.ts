import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';

/** How a server answers one command or message. */
export interface Turn {
  readonly says: 'yes' | 'later' | 'never' | '421' | 'nonsense' | 'nothing';
  /** A reply too many behind it. */
  readonly extra: string;
  /** Where it cuts the connection. */
  readonly cut: 'no' | 'before' | 'within' | 'after';
  /** Into how many pieces the answer falls. */
  readonly pieces: number;
}

export const YES: Turn = { says: 'yes', extra: '', cut: 'no', pieces: 1 };

const often = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 3, arbitrary: fc.constantFrom(...others) },
  );

/** Mostly yes. */
export const turn: fc.Arbitrary<Turn> = fc.record({
  says: often<Turn['says']>('yes', 'later', 'never', '421', 'nonsense', 'nothing', 'later', 'never'),
  extra: often(
    '',
    '250 2.0.0 Ok\r\n',
    '451 4.3.0 Not now\r\n',
    '550 5.1.1 No such user\r\n',
    '354 Go on\r\n',
  ),
  cut: often<Turn['cut']>('no', 'before', 'within', 'after'),
  pieces: fc.integer({ min: 1, max: 4 }),
});

/** Once at most: several that stand where answers are awaited cannot be told from them by anybody. */
export function oneTooMany(turns: readonly Turn[]): readonly Turn[] {
  const first = turns.findIndex(({ extra }) => extra !== '');
  return turns.map((it, index) => (index === first ? it : { ...it, extra: '' }));
}

/** A server of moods, and what it really did with each message, by recipient. */
export interface RandomServer {
  readonly port: number;
  /** How often it took the message: from then on it answers for it, whether it can still say so or not. */
  readonly taken: ReadonlyMap<string, number>;
  /** To whose message it said so, in full. */
  readonly confirmed: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Each connection lives through its own turns, then says yes to everything. */
export async function startRandomServer(
  turnsOf: (connection: number) => readonly Turn[],
  extensions: readonly string[],
): Promise<RandomServer> {
  const taken = new Map<string, number>();
  const confirmed = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const turns = turnsOf(sockets.size);
    sockets.add(socket);
    socket.on('error', () => undefined);
    converse(socket, turns, extensions, (address, isConfirmed) => {
      taken.set(address, (taken.get(address) ?? 0) + 1);
      if (isConfirmed) confirmed.add(address);
    }).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    confirmed,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const REPLIES: Readonly<Record<Exclude<Turn['says'], 'yes'>, string>> = {
  later: '451-4.3.0 Not\r\n451 4.3.0 now\r\n',
  never: '550 5.7.1 Not here\r\n',
  421: '421 4.3.2 Bye\r\n',
  nonsense: 'moo\r\n',
  nothing: '',
};

async function converse(
  socket: Socket,
  turns: readonly Turn[],
  extensions: readonly string[],
  take: (address: string, isConfirmed: boolean) => void,
): Promise<void> {
  let next = 0;
  let isMailed = false;
  let recipient = '';
  let isMessage = false;
  let isMute = false;

  /** Answers as the turn wants; whether it was a yes. */
  const answer = async (yes: string, { says, extra, cut, pieces }: Turn): Promise<boolean> => {
    const reply = says === 'yes' ? yes : REPLIES[says];
    const bytes = Buffer.from(reply === '' ? '' : reply + extra);
    const end = cut === 'within' ? Math.floor(reply.length / 2) : bytes.length;
    const size = Math.ceil(end / pieces) || 1;
    if (cut === 'before') socket.destroy();
    for (let at = 0; at < end && !socket.destroyed; at += size) {
      socket.write(bytes.subarray(at, Math.min(end, at + size)));
      await setImmediate();
    }
    if (cut === 'within' || cut === 'after' || says === '421') socket.end();
    return says === 'yes';
  };

  socket.write('220 moods\r\n');
  for await (const line of linesOf(socket)) {
    if (isMute || (isMessage && line !== '.')) continue;
    if (line.startsWith('EHLO')) {
      const offers = ['moods', ...extensions];
      socket.write(offers.map((offer, at) => `250${offers[at + 1] ? '-' : ' '}${offer}\r\n`).join(''));
      continue;
    }
    const turn = turns[next++] ?? YES;
    if (isMessage) {
      if (turn.says === 'yes') take(recipient, turn.cut === 'no' || turn.cut === 'after');
      [isMessage, isMailed, recipient] = [false, false, ''];
      // What it said later could not be told from the answer that it owes.
      isMute = turn.says === 'nothing';
      await answer('250 2.0.0 Ok\r\n', turn);
    } else if (line.startsWith('RSET')) {
      if (await answer('250 2.0.0 Ok\r\n', turn)) [isMailed, recipient] = [false, ''];
    } else if (line.startsWith('MAIL')) {
      if (await answer('250 2.1.0 Ok\r\n', turn)) isMailed = true;
    } else if (!/^(RCPT|DATA)/.test(line)) {
      socket.write(line.startsWith('QUIT') ? '221 2.0.0 Bye\r\n' : '502 5.5.2 What?\r\n');
    } else if (!isMailed) {
      await answer('503 5.5.1 MAIL first\r\n', turn);
    } else if (line.startsWith('RCPT')) {
      if (await answer('250 2.1.5 Ok\r\n', turn)) recipient = /<(.*)>/.exec(line)?.[1] ?? '';
    } else if (recipient === '') {
      await answer('503 5.5.1 RCPT first\r\n', turn);
    } else {
      // One too many in pieces of its own could not be told from the answer to the message.
      isMessage = await answer('354 Go ahead\r\n', { ...turn, extra: '' });
    }
  }
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let begun = '';
  for await (const chunk of socket) {
    const lines = (begun + chunk).split('\r\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
}
