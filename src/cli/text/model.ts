import type { Watching } from "../../models/index.js";
import type { Layer } from "../../nn/index.js";
import type { ClassificationOutcome, TextOutcome } from "../../plot/report/run-summary.js";
import type { Runtime } from "../../run/runtime.js";
import type { RunFile } from "../train/run-folder.js";
import type { Setting } from "../train/settings.js";

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** What is known of a training before its first step. */
export interface Beginning {
  readonly description: string;
  readonly model: Layer;
}

/** What a training is given besides the text and its settings. */
export interface Place extends Watching {
  readonly runtime: Runtime;
  /** Where the text came from: for faults. */
  readonly path: string;
  /** Called once, when the text is found sound and the model is made. */
  begin(beginning: Beginning): void;
}

/** What was learned: how good it is, and the files that it is used from. */
export interface Learned {
  readonly outcome: TextOutcome | ClassificationOutcome;
  readonly files: readonly (readonly [RunFile, Uint8Array | string])[];
  /** What is needed to make the model again, as JSON. */
  readonly shape: Readonly<Record<string, unknown>>;
}

/** Something that can be learned from a text file by one command. */
export interface TextModel<S extends Settings = Settings> {
  /** Of the command, and of the kind of its runs. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** What the file has to hold. */
  readonly file: string;
  readonly settings: S;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  learn(text: string, values: ValuesOf<S>, place: Place): Promise<Learned>;
}

/** A record, with the types of its settings known inside and forgotten outside. */
export const textModel = <S extends Settings>(record: TextModel<S>): TextModel => record as unknown as TextModel;
