/** What an error can say besides where it happened and what is wrong. */
export interface FaultDetails {
  /** What would have been accepted. */
  expected?: string;
  /** What came instead. */
  got?: string;
  /** What the reader can do about it. */
  fix?: string;
}

/**
 * The one error class of the library: where, what is wrong, what was expected, what came, what to do.
 * The fields stay readable for programs; the message is for people.
 */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly where: string;
  readonly problem: string;
  readonly details: Readonly<FaultDetails>;

  constructor(where: string, problem: string, details: FaultDetails = {}, cause?: unknown) {
    super(render(where, problem, details), cause === undefined ? undefined : { cause });
    this.where = where;
    this.problem = problem;
    this.details = details;
  }
}

/** Makes the error to throw: `throw fault("matmul", "axis k is 3 and 4", { expected, got })`. */
export function fault(where: string, problem: string, details?: FaultDetails, cause?: unknown): Fault {
  return new Fault(where, problem, details, cause);
}

function render(where: string, problem: string, details: FaultDetails): string {
  const lines = [`${where}: ${problem}`];
  if (details.expected !== undefined) lines.push(`  expected  ${details.expected}`);
  if (details.got !== undefined) lines.push(`  got       ${details.got}`);
  if (details.fix !== undefined) lines.push(`  fix       ${details.fix}`);
  return lines.join("\n");
}
