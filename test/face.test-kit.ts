/** The names of everything that can be called on a face: `send`, `messages.get`. */
export function methodsOf(face: object): string[] {
  return Object.entries(face)
    .flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : methodsOf(value as object).map((method) => `${name}.${method}`),
    )
    .sort();
}
