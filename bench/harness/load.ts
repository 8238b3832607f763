import { availableParallelism, loadavg } from "node:os";

/** Load of the last minute above a quarter of the processors: something else is running. */
export const tooLoaded = (): boolean => loadavg()[0]! > availableParallelism() / 4;

export const describeLoad = (): string =>
  `load average ${loadavg()
    .map((value) => value.toFixed(2))
    .join(", ")} on ${availableParallelism()} processors`;
