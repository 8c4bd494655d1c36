import { expect, it } from 'vitest';
import { didYouMean, quoted } from './did-you-mean.ts';

it('names the nearest', () => {
  expect(didYouMean('custommers', ['staff', 'customers'])).toBe('Did you mean "customers"?');
  expect(didYouMean('SMTP', ['sendgrid', 'smtp'])).toBe('Did you mean "smtp"?');
});

it('names what there is where nothing is near', () => {
  expect(didYouMean('guests', ['staff', 'customers'])).toBe('Known: "staff", "customers".');
  expect(didYouMean('guests', [])).toBe('There are none yet.');
  const many = Array.from({ length: 20 }, (_, index) => `source-${index}`);
  expect(didYouMean('x', many)).toContain('and 12 more.');
});

it('is not held up by enormous names', () => {
  expect(didYouMean('x'.repeat(1_000_000), ['y'.repeat(1_000_000)]).length).toBeLessThan(200);
  expect(quoted('a\nb')).toBe('"a\\nb"');
});
