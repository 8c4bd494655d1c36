const BAR_WIDTH = 30;
const CLEAR_LINE = '\r\u001b[2K';

/** Plain lines; in a terminal with a bar below them that is drawn again and again. */
export function createProgressLine(output: NodeJS.WriteStream): ProgressLine {
  if (!output.isTTY) {
    return { say: (line) => output.write(`${line}\n`), update: () => undefined, end: () => undefined };
  }
  let bar = '';
  return {
    say: (line) => output.write(`${CLEAR_LINE}${line}\n${bar}`),
    update(done, total) {
      bar = drawBar(done, total);
      output.write(`${CLEAR_LINE}${bar}`);
    },
    end: () => output.write(CLEAR_LINE),
  };
}

export interface ProgressLine {
  say(line: string): void;
  update(done: number, total: number): void;
  end(): void;
}

function drawBar(done: number, total: number): string {
  const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
  return `  ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done} of ${total}`;
}
