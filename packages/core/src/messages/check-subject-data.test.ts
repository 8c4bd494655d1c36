import { describe, expect, it } from 'vitest';
import type { CompiledSkeleton } from '../ports/index.ts';
import { checkSubjectData } from './check-subject-data.ts';

function subjectOf(liquid: string): CompiledSkeleton {
  const skeleton = { id: '1', locale: 'da', slotCount: 1, sensitiveSlots: [] };
  return {
    skeleton: { ...skeleton, channel: 'email', subject: [0], text: ['{{ note }}'], attachments: [] },
    compiled: { subject: liquid, text: '{{ note }}' },
  };
}

const hello = subjectOf('Hej {{ customer.firstName }}');
const lines = subjectOf('{% for line in order.lines %}{{ line.name }}{% endfor %}');

describe('a line break in data for the subject', () => {
  it.each([
    [
      'a value',
      hello,
      { customer: { firstName: 'Anna\r\nBcc: eve@example.com' } },
      'data.customer.firstName',
    ],
    ['a field of a list', lines, { order: { lines: [{ name: 'a\nb' }] } }, 'data.order.lines'],
  ])('is refused: %s', async (_case, compiled, data, path) => {
    await expect(checkSubjectData(compiled, data, {})).rejects.toMatchObject({
      code: 'header_injection',
      path,
    });
  });

  const endless: Record<string, unknown> = { note: 'a\nb' };
  endless.self = endless;
  it.each([
    ['in a value that stands elsewhere', { note: 'one\ntwo' }],
    ['at the end, as in a form field that nobody trimmed', { customer: { firstName: 'Anna\n' } }],
    ['in data without an end', endless],
    ['in nothing', undefined],
  ])('is no matter %s', async (_case, data) => {
    await expect(checkSubjectData(hello, data, {})).resolves.toBeUndefined();
  });
});
