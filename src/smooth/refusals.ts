import { Fault } from "../ir/fault.js";

/** The integral of a function against a kernel does not exist: the function outgrows the kernel's tails. */
export class Divergence extends Fault {}

/** A function, or a kernel, for which no closed form of the convolution is known: quadrature takes it. */
export class NoClosedForm extends Fault {}
