import { describe, expect, it } from 'vitest';
import type { Log } from '../ports/index.ts';
import { emailTo, MINUTE, openSalon, until } from './salon.test-kit.ts';

function recordingLog() {
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: (message) => warnings.push(message), error: quiet };
  return { log, warnings };
}

describe('a host that sends and works no queue', () => {
  it('is warned once, after a minute', async () => {
    const { log, warnings } = recordingLog();
    const { posthorn, clock } = await openSalon({ log });
    await posthorn.send(emailTo('anna@example.dk'));
    clock.advance(59_999);
    await posthorn.send(emailTo('berta@example.dk'));
    expect(warnings).toEqual([]);
    clock.advance(1);
    await until(() => warnings.length > 0);
    await posthorn.send(emailTo('carla@example.dk'));
    clock.advance(10 * MINUTE);
    await new Promise(setImmediate);
    expect(warnings).toEqual([expect.stringContaining('start()')]);
  });

  it('is not warned while a worker works', async () => {
    const { log, warnings } = recordingLog();
    const { posthorn, settled, advance } = await openSalon({ log });
    await posthorn.send(emailTo('anna@example.dk'));
    await settled();
    await posthorn.send(emailTo('anna@example.dk'));
    await advance(5 * MINUTE);
    expect(warnings).toEqual([]);
  });
});
