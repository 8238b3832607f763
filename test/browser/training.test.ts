import { softwareWebgpu } from "./chromium.js";
import { testInBrowser } from "./harness.js";

testInBrowser(new URL("./training.page.ts", import.meta.url), softwareWebgpu);
