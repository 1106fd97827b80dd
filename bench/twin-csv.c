/*
 * The path of grouper/cases/plain.ts, drg/assembly/kernel.ts and drg/result.ts in C, over the same rule book: blocks of a file,
 * rows with all checks, ids of codes, duplicates, groups, rows of the result file. Besides plain rows it takes empty places
 * in lists of codes, and ends with status 4 at anything else.
 * twin-csv BOOK TAILS CASES RESULT: TAILS holds what stands behind the id of a result row, 64 bytes by leaf and reason, of
 * which the first is the length. Prints nanoseconds by the clock and of the processor, and the checksum.
 */
#include <fcntl.h>
#include <unistd.h>
#include "twin-kernel.h"

enum { SKIP, ID, SEX, AGE, AGE_DAYS, WEIGHT, LOS, DISCHARGE_WAY, ICU_HOURS, DX, PX, COST, FUND, PATIENT, HOSPITAL };
enum { BLOCK = 1 << 18, LONGEST_ROW = 1 << 20, PADDING = 24, CAPACITY = 32768, MOST_CODES = 500, REASONS = 11 };

static const struct { const char *name; int op; } FIELDS[] = {
  {"id", ID}, {"gender", SEX}, {"age", AGE}, {"ageDay", AGE_DAYS}, {"weight", WEIGHT}, {"los", LOS},
  {"leavingType", DISCHARGE_WAY}, {"dx", DX}, {"proc", PX}, {"totalCost", COST}, {"fundPay", FUND},
  {"patientPay", PATIENT}, {"hospital", HOSPITAL},
};
static const i32 LIMITS[] = {0, 0, 0, 150, 60000, 30000, 30000, 99, 1000000};

/* A dictionary as codes/code-tree.ts and codes/keyword.ts have it. */
typedef struct {
  i32 *heads, *cells, *branches, *keys;
  u16 *leaves, *slots, *ids;
  u32 head_mask, slot_mask;
} Table;

static u8 ops[256], stops[256], *ids;
static int columns;
static u32 line[CAPACITY], id_start[CAPACITY + 1], *seen, seen_size, seen_count;
static i32 id_hash[CAPACITY * 2];
static double *fund, *patient;
static Table dx_table, px_table;

static void fail(const char *what, u32 row) {
  fprintf(stderr, "%s, row %u\n", what, row);
  exit(4);
}

static i32 word(const u8 *p) {
  i32 w;
  memcpy(&w, p, 4);
  return w;
}

static i32 word_before(const u8 *p, const u8 *to) {
  return to - p >= 4 ? word(p) : to <= p ? 0 : word(p) & ((1 << (to - p) * 8) - 1);
}

static u32 cell_of(const Table *t, i32 first, u32 second) {
  u32 fifth = second & 255, tens = (second >> 8 & 255) - '0', ones = (second >> 16 & 255) - '0';
  u32 row = fifth == 'x' ? 10 : fifth - '0';
  if ((row > 9 && fifth != 'x') || tens > 9 || ones > 9) return 0;
  u32 mixed = (u32)first * 0x9e3779b1u, head = (mixed ^ mixed >> 15) * 8 & t->head_mask;
  for (; t->heads[head] != first; head = (head + 8) & t->head_mask) if (t->heads[head] == 0) return 0;
  u16 *start = (u16 *)(t->heads + head) + 2 + row;
  u32 cell = start[0] + tens * 10 + ones;
  return cell < start[1] ? t->cells[cell] : 0;
}

static u16 leaf_of(const Table *t, u32 cell, u32 third) {
  u32 hundreds = (third & 255) - '0', tens = (third >> 8 & 255) - '0', ones = (third >> 16 & 255) - '0';
  if (hundreds > 9 || tens > 9 || ones > 9) return 0;
  i32 branch = cell >> 16, leaf = t->branches[branch] + hundreds * 100 + tens * 10 + ones;
  return leaf < t->branches[branch + 1] ? t->leaves[leaf] : 0;
}

static u16 find_code(const Table *t, const u8 *p, const u8 *to) {
  i32 length = to - p;
  if (length == 7 || (length == 11 && p[7] == 'x')) {
    u32 cell = cell_of(t, word(p), word(p + 4));
    u16 id = length == 7 ? (u16)cell : leaf_of(t, cell, word(p + 8));
    if (id) return id;
  }
  if (length <= 0 || length > 20) return 0;
  i32 key[6] = {0, 0, 0, 0, 0, length};
  for (int k = 0; k < 5; k++) {
    key[k] = length < 12 ? k < 3 ? word_before(p + k * 4, to) : 0 : k < 3 ? word(p + k * 4) : word(to - 4 * (5 - k));
  }
  u32 head = (u32)key[0] * 0x9e3779b1u ^ (u32)key[1] * 0x85ebca6bu;
  u32 tail = (u32)key[2] * 0xc2b2ae35u ^ (u32)key[4] * 0x27d4eb2fu;
  u32 mixed = (head ^ tail ^ head >> 15) * 0x2c1b3c6du;
  for (u32 slot = (mixed ^ mixed >> 13) & t->slot_mask;; slot = (slot + 1) & t->slot_mask) {
    u32 found = t->slots[slot];
    if (!found) return 0;
    if (!memcmp(t->keys + found * 6, key, sizeof key)) return t->ids[found];
  }
}

/* Codes of a cell to codes[at …]; returns the position behind the last one, or -1. */
static i64 cell_codes(const Table *t, const u8 **cell, u8 end, u16 *codes, u32 first, u32 at, int principal) {
  const u8 *p = *cell;
  if (*p == end) return at;
  if (!principal && at == first) return -1;
  for (;; p++) {
    const u8 *piece = p;
    if (stops[*p] == 1) continue; /* an empty place, which the careful way takes */
    if (*p == end) break;
    u32 second = word(p + 4);
    u16 code = 0;
    if (stops[second >> 24]) code = cell_of(t, word(p), second), p += 7;
    else if (second >> 24 == 'x') {
      u32 third = word(p + 8);
      if (stops[third >> 24]) code = leaf_of(t, cell_of(t, word(p), second), third), p += 11;
    }
    if (!code) {
      p = piece + 18;
      if (stops[*p]) code = find_code(t, piece, p);
      if (!code) {
        for (p = piece; !stops[*p]; p++);
        code = find_code(t, piece, p);
      }
    }
    if (!code || at - first >= MOST_CODES) return -1;
    codes[at++] = code;
    if (*p == end) break;
    if (stops[*p] == 2) return -1;
  }
  *cell = p;
  return at;
}

static u32 finish(u32 h) {
  h = (h ^ h >> 16) * 0x7feb352du;
  h = (h ^ h >> 15) * 0x846ca68bu;
  return h ^ h >> 16;
}

static void hash_more(i32 *out, const u8 *p, const u8 *to) {
  u32 a = out[0] ^ (u32)(to - p), b = out[1] ^ ~(u32)(to - p);
  for (; p < to; p += 4) {
    u32 w = word_before(p, to);
    a = (a ^ w) * 0xcc9e2d51u, a = a << 15 | a >> 17;
    b = (b ^ w) * 0x85ebca6bu, b = b << 13 | b >> 19;
  }
  out[0] = finish(a);
  out[1] = finish(b);
  if (!out[1]) out[1] = 1;
}

static int meet(u32 low, u32 high) {
  u32 last = seen_size - 2, slot = low << 1 & last;
  for (; seen[slot + 1]; slot = (slot + 2) & last) if (seen[slot + 1] == high && seen[slot] == low) return 0;
  seen[slot] = low, seen[slot + 1] = high;
  return 1;
}

static void meet_all(u32 from, u32 to) {
  u32 size = seen_size ? seen_size : 1 << 16, *old = seen, old_size = seen_size;
  while ((u64)(seen_count + to - from) * 8 > (u64)size * 3) size *= 2;
  if (size != old_size) {
    seen = calloc(size, 4), seen_size = size;
    for (u32 slot = 0; slot < old_size; slot += 2) if (old[slot + 1]) meet(old[slot], old[slot + 1]);
    free(old);
  }
  for (u32 row = from; row < to; row++) if (!meet(id_hash[row * 2], id_hash[row * 2 + 1])) fail("id met before", row);
  seen_count += to - from;
}

/* Rows from p until to, or until `full`; returns the position reached. */
static const u8 *rows(const u8 *p, const u8 *to, u32 *count, u32 full) {
  const u8 line_end = to[-2] == 13 ? 13 : 10;
  static u32 lines = 2;
  u32 row = *count;
  for (; p < to && row < full; row++) {
    u32 id_end = id_start[row], dx_end = dx_start[row], px_end = px_start[row];
    const u8 *hospital = 0, *hospital_end = 0;
    for (int column = 0; column < columns; column++, p++) {
      const u8 op = ops[column], end = column + 1 < columns ? ',' : line_end, *start = p;
      switch (op) {
        case AGE: case AGE_DAYS: case WEIGHT: case LOS: case DISCHARGE_WAY: case ICU_HOURS: {
          i32 value = -1;
          if (*p != end) {
            for (value = 0; *p >= '0' && *p <= '9'; p++) value = (i32)((u32)value * 10 + (*p - '0'));
            if (*p != end || p - start > 9 || value > LIMITS[op]) fail("integer", row);
          }
          if (op == AGE) age[row] = value;
          else if (op == AGE_DAYS) age_days[row] = value;
          else if (op == WEIGHT) weight[row] = value;
          else if (op == LOS) los[row] = value;
          else if (op == DISCHARGE_WAY) discharge_way[row] = value < 0 ? 0 : value;
          else icu_hours[row] = value;
          break;
        }
        case DX: case PX: {
          u32 first = op == DX ? dx_start[row] : px_start[row];
          i64 at = cell_codes(op == DX ? &dx_table : &px_table, &p, end, op == DX ? dx : px, first, first, 1);
          if (at < 0) fail("code", row);
          if (op == DX) dx_end = at; else px_end = at;
          break;
        }
        case SEX:
          if ((*p != '1' && *p != '2') || p[1] != end) fail("sex", row);
          sex[row] = *p++ - '0';
          break;
        case COST: case FUND: case PATIENT: {
          double fen = -1;
          if (*p != end) {
            i32 yuan = 0, cents = 0;
            for (; *p >= '0' && *p <= '9'; p++) yuan = (i32)((u32)yuan * 10 + (*p - '0'));
            i64 digits = p - start;
            if (*p == '.') {
              p++;
              if (*p >= '0' && *p <= '9') {
                cents = (*p++ - '0') * 10;
                if (*p >= '0' && *p <= '9') cents += *p++ - '0';
              }
            }
            if (*p != end || digits == 0 || digits > 7) fail("money", row);
            fen = yuan * 100.0 + cents;
          }
          (op == COST ? cost : op == FUND ? fund : patient)[row] = fen;
          break;
        }
        default:
          while (*p > ',' || (*p != ',' && *p != 10 && *p != 13 && *p != 11)) p++;
          if (*p != end) fail("width", row);
          if (op == ID) {
            for (const u8 *k = start; k < p; k++) ids[id_end++] = *k;
            id_hash[row * 2] = id_hash[row * 2 + 1] = 0;
            hash_more(id_hash + row * 2, start, p);
          } else if (op == HOSPITAL) hospital = start, hospital_end = p;
      }
    }
    if (id_end == id_start[row] || (line_end == 13 && *p++ != 10)) fail("id", row);
    if (hospital_end > hospital) hash_more(id_hash + row * 2, hospital, hospital_end);
    line[row] = lines++;
    id_start[row + 1] = id_end, dx_start[row + 1] = dx_end, px_start[row + 1] = px_end;
  }
  *count = row;
  return p;
}

static int is_utf8(const u8 *p, const u8 *to) {
  u8 high = 0;
  for (const u8 *k = p; k < to; k++) high |= *k;
  if (high < 128) return 1;
  for (; p < to;) {
    int more = *p < 0x80 ? 0 : *p >= 0xc2 && *p < 0xe0 ? 1 : *p >> 4 == 0xe ? 2 : *p >= 0xf0 && *p < 0xf5 ? 3 : -1;
    if (more < 0 || p + more >= to) return 0;
    if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f)) return 0;
    if ((*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f)) return 0;
    for (p++; more > 0; more--, p++) if (*p >> 6 != 2) return 0;
  }
  return 1;
}

/* Groups the rows of a batch and writes them. */
static u32 flush(const u8 *tails, u32 count, u32 sum, int out) {
  static u8 bytes[CAPACITY * 96];
  u8 *at = bytes;
  group(count);
  for (u32 i = 0; i < count; i++) {
    u32 from = id_start[i], to = id_start[i + 1];
    for (u32 k = from; k < to; k++) if (ids[k] == 34 || ids[k] < 32) fail("id to quote", i);
    for (u32 k = from; k < to; k++) *at++ = ids[k];
    const u8 *tail = tails + (leaf[i] * REASONS + reason[i]) * 64;
    for (int k = 1; k <= tail[0]; k++) *at++ = tail[k];
  }
  if (write(out, bytes, at - bytes) != at - bytes) exit(5);
  return fold(sum, count);
}

static void *room(u32 count, u32 size) { return calloc(count, size); }

static Table table(u8 *book, const char *kind) {
  Table t;
  char name[16];
  u32 size;
#define PART(part) (sprintf(name, "%s.%s", kind, #part), t.part = section(book, name, &size))
  PART(cells), PART(branches), PART(keys), PART(leaves), PART(ids);
  PART(heads), t.head_mask = size - 1;
  PART(slots), t.slot_mask = size - 1;
  return t;
}

int main(int argc, char **argv) {
  if (argc != 5) return 1;
  u8 *book = load(argv[1]), *tails = load(argv[2]);
  open_book(book);
  dx_table = table(book, "dx"), px_table = table(book, "px");
  stops['|'] = stops[';'] = stops[' '] = 1, stops[','] = stops[10] = stops[13] = 2;

  Time begin = now();
  sex = room(CAPACITY, 1), age = room(CAPACITY, 2), discharge_way = room(CAPACITY, 1);
  age_days = room(CAPACITY, 4), weight = room(CAPACITY, 4), los = room(CAPACITY, 4), icu_hours = room(CAPACITY, 4);
  cost = room(CAPACITY, 8), fund = room(CAPACITY, 8), patient = room(CAPACITY, 8);
  dx_start = room(CAPACITY + 1, 4), px_start = room(CAPACITY + 1, 4), dx = room(CAPACITY, 64), px = room(CAPACITY, 32);
  leaf = room(CAPACITY, 2), status = room(CAPACITY, 1), reason = room(CAPACITY, 1), ids = room(CAPACITY, 32);
  memset(icu_hours, 255, CAPACITY * 4);
  u8 *text = malloc(BLOCK + LONGEST_ROW + PADDING);
  int in = open(argv[3], O_RDONLY), out = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0644);
  u32 count = 0, sum = 0;
  i64 length = 0, position = 0;
  int head = 1;
  for (;;) {
    i64 got = pread(in, text + length, BLOCK, position);
    if (got <= 0) break;
    position += got, length += got;
    const u8 *p = text, *to = text + length;
    while (to > text && to[-1] != 10) to--;
    if (head) {
      for (head = 0; *p != 10; p += *p == ',') {
        const u8 *name = p;
        while (*p != ',' && *p != 10) p++;
        for (u32 f = 0; f < sizeof FIELDS / sizeof *FIELDS; f++) {
          if (strlen(FIELDS[f].name) == (size_t)(p - name) && !memcmp(FIELDS[f].name, name, p - name)) {
            ops[columns] = FIELDS[f].op;
          }
        }
        columns++;
      }
      p++;
    }
    if (memchr(p, 34, to - p) || memchr(p, 31, to - p) || memchr(p, 11, to - p) || !is_utf8(p, to)) fail("text", 0);
    while (p < to) {
      u32 from = count, full = count + 1024 < CAPACITY ? count + 1024 : CAPACITY;
      p = rows(p, to, &count, full);
      meet_all(from, count);
      if (count == CAPACITY) sum = flush(tails, count, sum, out), count = 0;
    }
    length -= to - text;
    memmove(text, to, length);
  }
  if (length) fail("no line end", count);
  sum = flush(tails, count, sum, out);
  close(in), close(out);
  Time took = since(begin);
  printf("%lld %lld %d\n", took.clock, took.processor, (i32)sum);
  return 0;
}
