import { describe, expect, it } from 'vitest';
import { recipientPlaces } from './recipient-places.ts';

const ref = (id: string) => ({ source: 'customers', id });

describe('who is meant', () => {
  it('is each once, by source and id or by address as addresses are compared', async () => {
    const to = [
      ref('1'),
      { email: 'Anna@Example.DK' },
      ref('1'),
      { email: 'anna@example.dk', name: 'Anna' },
      { phone: '+45 12 34 56 78' },
      { phone: '004512345678' },
    ];
    expect(await recipientPlaces({ adapters: new Map() }, { country: null }, to)).toEqual([0, 1, 0, 1, 2, 2]);
  });

  it('is not the same where an id, a source or one of two addresses differs', async () => {
    const to = [
      ref('1'),
      { source: 'staff', id: '1' },
      { email: 'a@b.dk' },
      { email: 'a@b.dk', phone: '+4512345678' },
    ];
    expect(await recipientPlaces({ adapters: new Map() }, { country: null }, to)).toEqual([0, 1, 2, 3]);
  });
});
