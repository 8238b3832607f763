/**
 * A key that one object of a JSON text has twice, or null. JSON.parse keeps the last of them and says nothing, which lets
 * two readers of one file disagree. The text must be JSON: it has been parsed before.
 */
export function duplicateKey(text: string): string | null {
  /** Keys seen in each open object; null stands for an open array. */
  const open: (Set<string> | null)[] = [];
  let keyIsNext = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keyIsNext && keys) {
        const key = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      keyIsNext = false;
      at = end - 1;
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : null);
      keyIsNext = character === "{";
    } else if (character === "}" || character === "]") open.pop();
    else if (character === ",") keyIsNext = open.at(-1) !== null;
  }
  return null;
}

/** The place after the closing quotation mark of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
