/** Formats that other programs read and write. */
export { readSafetensors, type StoredTensor, type StoredTensors, type StoredType, writeSafetensors } from "./safetensors.js";
