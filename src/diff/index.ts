export { type VmapOptions, vmap } from "./batch.js";
export { checkpoint, customJvp, customVjp } from "./custom.js";
export { hessian, type Jacobian, type JacobianOptions, jacobian } from "./jacobian.js";
export { type ScanOptions, scan } from "./scan.js";
export { type GradOptions, grad, jvp, valueAndGrad, valueAndGradWithAux, vjp } from "./transforms.js";
