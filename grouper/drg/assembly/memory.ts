/* Tables in the memory of the machine code: `i` counts values, not bytes. */

export function byte(table: usize, i: i32): i32 {
  return load<u8>(table + <usize>i)
}

export function short(table: usize, i: i32): i32 {
  return load<u16>(table + ((<usize>i) << 1))
}

export function signed(table: usize, i: i32): i32 {
  return load<i16>(table + ((<usize>i) << 1))
}

export function word(table: usize, i: i32): i32 {
  return load<i32>(table + ((<usize>i) << 2))
}

export function double(table: usize, i: i32): f64 {
  return load<f64>(table + ((<usize>i) << 3))
}
