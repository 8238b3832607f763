import { testInBrowser } from "./harness.js";

testInBrowser(new URL("./gradient.page.ts", import.meta.url));
