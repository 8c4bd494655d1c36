import { expect, it } from 'vitest';
import { anna, openSalon } from './salon.test-kit.ts';

it('shows the beginning of a long message in one line, and half of no emoji', async () => {
  const { posthorn } = await openSalon();
  for (const before of ['', 'x']) {
    const text = `Kære\n\n  Anna! ${before}${'😀'.repeat(300)}`;
    const { preview } = await posthorn.send({ to: anna, email: { subject: 'Hej', text } });
    expect(preview.startsWith(`Kære Anna! ${before}😀😀`)).toBe(true);
    expect(preview.endsWith('😀…')).toBe(true);
    expect(preview.isWellFormed()).toBe(true);
    expect(preview.length).toBeGreaterThan(190);
    expect(preview.length).toBeLessThanOrEqual(200);
  }
});
