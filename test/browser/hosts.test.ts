import { testInBrowser } from "./harness.js";

testInBrowser(new URL("./hosts.page.ts", import.meta.url));
