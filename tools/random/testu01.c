/* Runs a TestU01 battery on the raw uint32 words of standard input.
 *
 *   cc -O2 -o testu01 tools/random/testu01.c -ltestu01 -ltestu01probdist -ltestu01mylib -lm      (Debian: libtestu01-0-dev)
 *   node --import tsx tools/random/stream.ts counters | ./testu01 small [reversed]
 *
 * TestU01 looks at the high bits most; `reversed` gives it every word with its bits in reverse order. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <testu01/bbattery.h>
#include <testu01/swrite.h>
#include <testu01/unif01.h>

static int reversed = 0;

static unsigned int next_word(void) {
  static uint32_t words[1 << 14];
  static size_t used = 0, available = 0;
  if (used == available) {
    available = fread(words, sizeof words[0], sizeof words / sizeof words[0], stdin);
    used = 0;
    if (available == 0) { fputs("testu01: standard input ended\n", stderr); exit(1); }
  }
  uint32_t word = words[used++];
  if (!reversed) return word;
  uint32_t mirrored = 0;
  for (int bit = 0; bit < 32; bit++) mirrored |= ((word >> bit) & 1u) << (31 - bit);
  return mirrored;
}

int main(int count, char **arguments) {
  if (count < 2) { fputs("usage: testu01 small|crush|big [reversed]\n", stderr); return 2; }
  reversed = count > 2 && strcmp(arguments[2], "reversed") == 0;
  swrite_Basic = FALSE;
  unif01_Gen *generator = unif01_CreateExternGenBits("softgrad", next_word);
  if (strcmp(arguments[1], "small") == 0) bbattery_SmallCrush(generator);
  else if (strcmp(arguments[1], "crush") == 0) bbattery_Crush(generator);
  else bbattery_BigCrush(generator);
  unif01_DeleteExternGenBits(generator);
  return 0;
}
