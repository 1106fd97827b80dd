/* The kernel of grouper/drg/assembly/kernel.ts in C, over the same rule book, for the ratio of the two. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int32_t i32;
typedef uint32_t u32;
typedef uint64_t u64;
typedef uint16_t u16;
typedef uint8_t u8;

typedef long long i64;

/* Nanoseconds by the clock, and of the processor. */
typedef struct { i64 clock, processor; } Time;

static i64 read_clock(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static Time now(void) { return (Time){read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)}; }

static Time since(Time start) {
  Time end = now();
  return (Time){end.clock - start.clock, end.processor - start.processor};
}

static u8 *load(const char *name) {
  FILE *f = fopen(name, "rb");
  if (!f) exit(2);
  fseek(f, 0, SEEK_END);
  long size = ftell(f);
  rewind(f);
  u8 *data = aligned_alloc(64, (size + 63) / 64 * 64);
  if (fread(data, 1, size, f) != (size_t)size) exit(2);
  fclose(f);
  return data;
}

static void *section(u8 *data, const char *name, u32 *length) {
  u32 count = *(u32 *)(data + 8);
  for (u32 i = 0; i < count; i++) {
    u8 *entry = data + 12 + i * 28;
    if (strncmp((char *)entry, name, 16)) continue;
    if (length) *length = *(u32 *)(entry + 24);
    return data + *(u32 *)(entry + 20);
  }
  fprintf(stderr, "section %s is missing\n", name);
  exit(3);
}

static u16 *px_class, *dx_principal, *dx, *px, *leaf;
static i32 *dx_words, *dx_rows, *px_rows, *candidate_start, *candidates, *residues, *px_masks, *free_mask, *triggered;
static i32 *rank_trigger, *dx_trigger, *rank_leaf, *leaves, *mdc_whole, *leaf_program, *program, *exclusions;
static i32 *age_days, *weight, *los, *icu_hours;
static u8 *leaf_test, *leaf_kind, *sex, *discharge_way, *status, *reason;
static u32 *dx_start, *px_start, mdcs;
static int16_t *age;
static double *cost;
static i32 dx_row_words, px_row_words, exclusion_words, rank_words, day_cut;

enum { PULLS = 1 << 18, NO_PRINCIPAL = 0xfffc, KEYS = 64, SEXES = 16, AGES = 4, KIND_SHIFT = 16, GRADED = 1 << 18 };

static int severity_of(u32 row) {
  u32 from = dx_start[row], end = dx_start[row + 1];
  u16 z = dx[from];
  i32 *excluded = exclusions + dx_principal[z] * exclusion_words;
  int bits = 0;
  for (u32 k = from + 1; k < end && bits != 3; k++) {
    u16 other = dx[k];
    u32 word = dx_words[other], level = word >> 16 & 3, t = word >> 19 & 0xfff;
    if (level == 0 || (bits & level) || other == z) continue;
    if (t && ((u32)excluded[t >> 5] >> (t & 31) & 1)) continue;
    bits |= level;
  }
  return bits;
}

static int in_list(u32 row, int fields, int list, int distinct) {
  int is_dx = fields < 4, bits = is_dx ? fields : fields >> 2, words = is_dx ? dx_row_words : px_row_words, found = 0;
  u16 *codes = is_dx ? dx : px;
  u32 *starts = is_dx ? dx_start : px_start, start = starts[row], end = starts[row + 1];
  i32 *rows = is_dx ? dx_rows : px_rows;
  if (!(bits & 2) && end > start + 1) end = start + 1;
  u32 first = bits & 1 ? start : start + 1;
  for (u32 k = first; k < end; k++) {
    int class = is_dx ? dx_words[codes[k]] & 0xffff : px_class[codes[k]];
    if (!((u32)rows[class * words + (list >> 5)] >> (list & 31) & 1)) continue;
    if (!distinct) return 1;
    int seen = 0;
    for (u32 j = first; j < k; j++) seen |= codes[j] == codes[k];
    found += !seen;
  }
  return found;
}

static int compare(double left, int comparison, double right) {
  switch (comparison) {
    case 0: return left == right;
    case 1: return left < right;
    case 2: return left <= right;
    case 3: return left > right;
    default: return left >= right;
  }
}

static double scalar(u32 row, int which) {
  switch (which) {
    case 0: return age[row];
    case 1: return age[row] == 0 ? age_days[row] : -1;
    case 2: return weight[row] == 0 ? -1 : weight[row];
    case 3: return sex[row];
    case 4: return los[row];
    case 5: return discharge_way[row] == 0 ? -1 : discharge_way[row];
    case 6: return icu_hours[row];
    default: return cost[row];
  }
}

static int run(u32 row, i32 address) {
  int truth = 0;
  for (i32 pc = address;; pc += 3) {
    i32 a = program[pc + 1], b = program[pc + 2];
    switch (program[pc]) {
      case 1: truth = in_list(row, a, b, 0); break;
      case 2: {
        double s = scalar(row, a >> 3 & 7);
        truth = s >= 0 && compare(s, a & 7, (a >> 6) * 2147483648.0 + b);
        break;
      }
      case 3: truth = (severity_of(row) & a) != 0; break;
      case 4: truth = !truth; break;
      case 5: if (!truth) pc = a - 3; break;
      case 6: if (truth) pc = a - 3; break;
      case 7: truth = compare(in_list(row, a & 15, a >> 4, 1), b & 7, b >> 3); break;
      case 8: truth = a == 1; break;
      default: return truth;
    }
  }
}

static int leaf_by_programs(u32 row, int rank) {
  for (i32 l = rank_leaf[rank]; l < rank_leaf[rank + 1]; l++) {
    int test = leaf_test[l];
    if (test == 0 || (test == 255 ? run(row, leaf_program[l]) : severity_of(row) & test)) return l | leaf_kind[l] << KIND_SHIFT;
  }
  return 0;
}

static int find(u32 i, i32 first) {
  u32 px_from = px_start[i], px_end = px_start[i + 1], dx_from = dx_start[i], dx_end = dx_start[i + 1];
  i32 others = 0, *main_row = px_masks, px_words = rank_words * 2;
  for (u32 k = dx_from + 1; k < dx_end; k++) others |= dx_words[dx[k]];
  int pulls = (first | others) & PULLS, some = px_from < px_end, days = age_days[i];
  int aged = age[i] > 0 ? 0 : days < 0 ? 3 : days > day_cut ? 2 : 1;
  int key = (first & 0xffff) * KEYS + (sex[i] + (sex[i] >> 2) & 3) * SEXES + aged * AGES + (pulls >> 17) + some;
  int level = others >> 16 & 3 ? -1 : 0;
  u32 triggers = 0;
  if (some) main_row += px_class[px[px_from]] * px_words;
  u32 open;
  for (i32 *c = candidates + candidate_start[key]; (open = c[0]); c += 4) {
    i32 word = c[1];
    if (some) {
      u32 any = free_mask[word];
      open &= main_row[word * 2];
      if (!open) continue;
      for (u32 k = px_from; k < px_end; k++) any |= px_masks[px_class[px[k]] * px_words + word * 2 + 1];
      open &= any;
    }
    if (pulls) {
      u32 doubtful = open & triggered[word];
      if (doubtful && !triggers) for (u32 k = dx_from; k < dx_end; k++) triggers |= dx_trigger[dx_words[dx[k]] & 0xffff];
      for (; doubtful; doubtful &= ~(0x80000000u >> __builtin_clz(doubtful))) {
        int bit = __builtin_clz(doubtful);
        if (!(rank_trigger[word * 32 + bit] & triggers)) open &= ~(0x80000000u >> bit);
      }
    }
    for (; open; open &= ~(0x80000000u >> __builtin_clz(open))) {
      int bit = __builtin_clz(open), rank = word * 32 + bit;
      u32 unsure = ~c[2];
      if (unsure << bit & 0x80000000u) {
        int before = __builtin_popcount(c[0] & unsure & ~(0xffffffffu >> bit));
        if (!run(i, residues[c[3] + before])) continue;
      }
      int found = leaves[rank * 4];
      if (found >= GRADED) {
        if (level < 0) level = severity_of(i);
        found = leaves[rank * 4 + level] & ~GRADED;
      } else if (found < 0) found = leaf_by_programs(i, rank);
      if (found) return found;
    }
  }
  return 0;
}

static int why_invalid(u32 row) {
  if (dx_start[row] == dx_start[row + 1]) return 1;
  int known = dx_principal[dx[dx_start[row]]] - NO_PRINCIPAL;
  return known == 0 ? 2 : known == 1 ? 3 : known == 2 ? 10 : sex[row] == 0 ? 4 : 5;
}

static void group(u32 count) {
  for (u32 i = 0; i < count; i++) {
    u32 from = dx_start[i];
    i32 first = dx_words[from < dx_start[i + 1] ? dx[from] : 0], l = 0;
    if (first < 0 || sex[i] == 0 || age[i] < 0) {
      status[i] = 3;
      reason[i] = why_invalid(i);
    } else if ((l = find(i, first))) {
      int kind = l >> KIND_SHIFT;
      status[i] = kind;
      reason[i] = kind == 0 ? 0 : kind == 1 ? 8 : 9;
    } else {
      status[i] = 2;
      reason[i] = 6;
      for (u32 m = 0; m < mdcs && reason[i] == 6; m++) if (mdc_whole[m] >= 0 && run(i, mdc_whole[m])) reason[i] = 7;
    }
    leaf[i] = l;
  }
}

/* Points the tables at the sections of a rule book. */
static void open_book(u8 *book) {
  i32 *sizes = section(book, "sizes", 0);
  dx_row_words = sizes[0], px_row_words = sizes[1], exclusion_words = sizes[2], rank_words = sizes[3], day_cut = sizes[4];
  dx_words = section(book, "dxWords", 0), dx_principal = section(book, "dxPrinc", 0);
  px_class = section(book, "pxClass", 0);
  dx_rows = section(book, "dxRows", 0), px_rows = section(book, "pxRows", 0);
  exclusions = section(book, "excl", 0);
  candidate_start = section(book, "candStar", 0), candidates = section(book, "cand", 0);
  residues = section(book, "residues", 0), px_masks = section(book, "pxMasks", 0);
  free_mask = section(book, "freeMask", 0), triggered = section(book, "triggerd", 0);
  rank_trigger = section(book, "rankTrig", 0), dx_trigger = section(book, "dxTrig", 0);
  rank_leaf = section(book, "rankLeaf", 0), leaves = section(book, "leafOf", 0);
  mdc_whole = section(book, "mdcWhole", &mdcs), leaf_test = section(book, "leafTest", 0);
  leaf_program = section(book, "leafProg", 0), leaf_kind = section(book, "leafKind", 0);
  program = section(book, "program", 0);
}

static u32 fold(u32 sum, u32 count) {
  for (u32 i = 0; i < count; i++) sum = sum * 31 + leaf[i] * 16 + reason[i];
  return sum;
}
