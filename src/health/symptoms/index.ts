export { findSymptom, symptoms } from "./catalogue.js";
export { percent, type Symptom, shown } from "./symptom.js";
