/** What a database takes as a value. Booleans are 0 or 1, JSON is text. */
export type Param = string | number | Uint8Array | null;
/** By name. */
export type Params = object;

/** Stands for a parameter while a statement is compiled. */
export class Place {
  readonly name: string;
  /** What is done to its value on the way to the database. */
  readonly fit: (value: Param) => Param;

  constructor(name: string, fit: (value: Param) => Param = asItIs) {
    this.name = name;
    this.fit = fit;
  }
}

/** A place for whatever parameter is asked for. */
export const places = new Proxy({}, { get: (_, name) => new Place(String(name)) });

/** Lays the values out in the order of the placeholders. */
export function layout(parameters: readonly unknown[]) {
  const laid = parameters.map((value) =>
    value instanceof Place ? value : { constant: fit(value as Param) },
  );
  return (params: Params): readonly Param[] => {
    const named = params as Readonly<Record<string, Param>>;
    return laid.map((place) =>
      place instanceof Place ? fit(place.fit(named[place.name] as Param)) : place.constant,
    );
  };
}

/**
 * A value as every database can hold it: NUL, which no text of Postgres has, becomes what halves of characters become on
 * their way to either: U+FFFD.
 */
export function fit(value: Param): Param {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}

function asItIs(value: Param): Param {
  return value;
}
