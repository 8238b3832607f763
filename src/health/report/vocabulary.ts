import { findCause } from "../causes/index.js";
import { findSymptom } from "../symptoms/index.js";
import type { Vocabulary } from "./words.js";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The words of the catalogues. A name that is in none stands for itself. */
export const vocabulary: Vocabulary = {
  symptom(name) {
    const record = findSymptom(name);
    return { title: capital(name), meaning: record?.what ?? "" };
  },
  cause(name) {
    const record = findCause(name);
    return { title: record?.title ?? name, meaning: record?.why ?? "", advice: record?.advice ?? [] };
  },
};
