/*
 * twin BOOK BATCH: both as sections.ts packs them; groups the batch and prints the best nanoseconds of three passes, by
 * the clock and of the processor, and the checksum.
 */
#include "twin-kernel.h"

int main(int argc, char **argv) {
  if (argc != 3) return 1;
  open_book(load(argv[1]));
  u8 *batch = load(argv[2]);
  u32 count;
  sex = section(batch, "sex", &count), age = section(batch, "age", 0), age_days = section(batch, "ageDays", 0);
  weight = section(batch, "weight", 0), los = section(batch, "los", 0), cost = section(batch, "cost", 0);
  discharge_way = section(batch, "dischargeWay", 0), icu_hours = section(batch, "icuHours", 0);
  dx = section(batch, "dx", 0), dx_start = section(batch, "dxStart", 0);
  px = section(batch, "px", 0), px_start = section(batch, "pxStart", 0);
  leaf = calloc(count, 2), status = calloc(count, 1), reason = calloc(count, 1);
  Time best = {INT64_MAX, INT64_MAX};
  for (int pass = 0; pass < 3; pass++) {
    Time start = now();
    group(count);
    Time took = since(start);
    if (took.clock < best.clock) best.clock = took.clock;
    if (took.processor < best.processor) best.processor = took.processor;
  }
  printf("%lld %lld %d\n", best.clock, best.processor, (i32)fold(0, count));
  return 0;
}
