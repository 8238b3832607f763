import type { Smoothed } from "./smoothed.js";

/** Whether an activation is one that `mollify` or `gate` made. */
export const isSmoothed = (f: unknown): f is Smoothed => typeof f === "function" && "harden" in f && "kernel" in f;
