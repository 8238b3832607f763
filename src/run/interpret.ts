export { interpret } from "../ir/interpret.js";
