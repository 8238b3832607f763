import { testInBrowser } from "./harness.js";

testInBrowser(new URL("./core.page.ts", import.meta.url));
