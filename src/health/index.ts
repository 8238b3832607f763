/** Gradient health: what goes wrong in a training, seen, named, cured and proved. */
export { type Cause, causes, findCause } from "./causes/index.js";
export { diagnose } from "./diagnose.js";
export type { Diagnosis, Evidence, Finding, FirstNonFinite, Probes, Severity, SuspectedCause } from "./diagnosis.js";
export type { Check, History, LayerReading, MeasuredLayer, Reading, StepRecord } from "./history.js";
export { type HealthMonitor, type MonitorOptions, monitor } from "./monitor.js";
export { type CauseName, causeNames, type SymptomName, symptomNames } from "./names.js";
export type { InstrumentOptions } from "./probes/instrument.js";
export { measuredLayers } from "./probes/measured.js";
export type { Schedule, ScheduleOptions } from "./probes/schedule.js";
export { type BatchShape, type Watch, type WatchOptions, watch } from "./probes/watch.js";
export type { DataSummary, Subject, SubjectLayer } from "./subject.js";
export { findSymptom, type Symptom, symptoms } from "./symptoms/index.js";
export * from "./theory/index.js";
