/**
 * JSON in which numbers that are not finite stand as texts, "NaN", "Infinity" and "-Infinity": a training that blew up is
 * told as it was. Digits beyond the sixth are left out.
 */
export const plainJson = (value: unknown, space?: number): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === "number" ? plainNumber(item) : item), space);

const plainNumber = (value: number): number | string => (Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value));
