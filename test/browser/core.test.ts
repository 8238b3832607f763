import { testInBrowser } from "./checks.js";

testInBrowser(new URL("./core.page.ts", import.meta.url));
