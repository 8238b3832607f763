export { type CnnOptions, cnn, type ImageShape } from "./cnn.js";
export { type ResnetOptions, resnet } from "./resnet.js";
