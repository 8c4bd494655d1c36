import { describe, expect, it, vi } from 'vitest';
import { Remembered } from './remembered.ts';

describe('texts that are remembered', () => {
  it('are those of their value and of all names of their writer', () => {
    const texts = new Remembered(
      (first: string, second: string) => (value: number) => `${first}/${second}:${value}`,
    );
    for (let time = 0; time < 2; time += 1) {
      for (const value of [1, 2]) {
        expect(texts.write(value, 'a', 'b')).toBe(`a/b:${value}`);
        expect(texts.write(value, 'b', 'a')).toBe(`b/a:${value}`);
        expect(texts.write(value, 'a', '')).toBe(`a/:${value}`);
      }
    }
  });

  it('are written once', () => {
    const write = vi.fn(String);
    const makeWriter = vi.fn((_name: string) => write);
    const texts = new Remembered(makeWriter);
    for (const value of [1, 2, 1, 2]) expect(texts.write(value, 'a')).toBe(String(value));
    expect(makeWriter).toHaveBeenCalledTimes(1);
    expect(write).toHaveBeenCalledTimes(2);
  });

  it('tell 0 from -0', () => {
    const texts = new Remembered(() => (value: number) => (Object.is(value, -0) ? '-0' : String(value)));
    expect([0, -0, 0, -0].map((value) => texts.write(value))).toEqual(['0', '-0', '0', '-0']);
  });

  it('are right still when there are more of them, and more writers, than are kept', () => {
    const texts = new Remembered((name: string) => (value: number) => `${name}:${value}`);
    for (let name = 0; name < 1200; name += 1)
      expect(texts.write(name % 7, `${name}`)).toBe(`${name}:${name % 7}`);
    for (let value = 0; value < 100; value += 1) expect(texts.write(value % 40, 'a')).toBe(`a:${value % 40}`);
  });

  it('are forgotten where the writer fails', () => {
    let fails = true;
    const texts = new Remembered(() => (value: number) => {
      if (fails) throw new Error('Not now.');
      return String(value);
    });
    expect(() => texts.write(1)).toThrow('Not now.');
    fails = false;
    expect(texts.write(1)).toBe('1');
  });
});
