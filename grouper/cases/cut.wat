;; Cuts plain rows into cells, 64 bytes at a time: the one loop of this project that JavaScript has no instructions for. It
;; takes half the time of arithmetic on words of four bytes. `plain-cuts.ts` calls it; `cut-code.ts` has its bytes, made from
;; this text by a test (UPDATE=1 vitest run test/grouper/cases/cut-code.test.ts).
(module
  (memory (export "memory") 2 2)

  ;; The memory holds the cuts, from address 0 on, and from 65,536 on the text, whose rows begin at position 64.

  ;; Writes cuts (see `ends` of plain-cuts.ts) and returns the number of whole rows before something that is not plain, before
  ;; position `to`, or `most`. Behind `to` there are 64 bytes above 44; behind the place of the last due cut there is room for
  ;; 64 more.
  (func (export "cut")
    (param $to i32) (param $delimiter i32) (param $lineEnd i32) (param $columns i32) (param $most i32)
    (result i32)
    (local $rows i32)
    (local $p i32)     ;; address of the block
    (local $last i32)  ;; address behind the last byte
    (local $marks i64) ;; bit k: byte k of the block can end a cell
    (local $end i32)   ;; address of such a byte
    (local $b i32)
    (local $cuts i32)  ;; address of the last cut
    (local $due i32)   ;; where the cut at the end of the row belongs
    (local $limit v128)

    (local.set $columns (i32.shl (local.get $columns) (i32.const 2)))
    (local.set $due (local.get $columns))
    (i32.store (i32.const 0) (i32.const 63))
    (local.set $p (i32.const 65600))
    (local.set $last (i32.add (i32.const 65536) (local.get $to)))

    ;; Every byte that can end a cell is below 45, nearly all others above.
    (local.set $limit (v128.const i8x16 45 45 45 45 45 45 45 45 45 45 45 45 45 45 45 45))
    (loop $block
      (local.set $marks
        (i64.or
          (i64.or
            (i64.extend_i32_u (i8x16.bitmask (i8x16.lt_u (v128.load (local.get $p)) (local.get $limit))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.lt_u (v128.load offset=16 (local.get $p)) (local.get $limit)))) (i64.const 16)))
          (i64.or
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.lt_u (v128.load offset=32 (local.get $p)) (local.get $limit)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.lt_u (v128.load offset=48 (local.get $p)) (local.get $limit)))) (i64.const 48)))))
      (block $done
        (loop $mark
          (br_if $done (i64.eqz (local.get $marks)))
          (local.set $end (i32.add (local.get $p) (i32.wrap_i64 (i64.ctz (local.get $marks)))))
          (local.set $marks (i64.and (local.get $marks) (i64.sub (local.get $marks) (i64.const 1))))
          (local.set $b (i32.load8_u (local.get $end)))
          (if (i32.eq (local.get $b) (local.get $delimiter))
            (then
              (local.set $cuts (i32.add (local.get $cuts) (i32.const 4)))
              (i32.store (local.get $cuts) (i32.sub (local.get $end) (i32.const 65536)))
              (br $mark)))
          (if (i32.eq (local.get $b) (local.get $lineEnd))
            (then
              (i32.store offset=4 (local.get $cuts) (i32.sub (local.get $end) (i32.const 65536)))
              (local.set $cuts (i32.add (local.get $cuts) (i32.const 8)))
              ;; A row of another width.
              (if (i32.ne (local.get $cuts) (i32.add (local.get $due) (i32.const 4))) (then (return (local.get $rows))))
              (if (i32.eq (local.get $lineEnd) (i32.const 13))
                (then
                  (local.set $end (i32.add (local.get $end) (i32.const 1)))
                  (if (i32.ne (i32.load8_u (local.get $end)) (i32.const 10)) (then (return (local.get $rows))))))
              (i32.store (local.get $cuts) (i32.sub (local.get $end) (i32.const 65536)))
              (local.set $due (i32.add (local.get $cuts) (local.get $columns)))
              (local.set $rows (i32.add (local.get $rows) (i32.const 1)))
              (br_if $mark (i32.lt_u (local.get $rows) (local.get $most)))
              (return (local.get $rows))))
          ;; The LF of a CR LF was passed with it.
          (br_if $mark
            (i32.and
              (i32.eq (local.get $b) (i32.const 10))
              (i32.eq (i32.sub (local.get $end) (i32.const 65536)) (i32.load (local.get $cuts)))))
          ;; Another line end, or a line break inside a cell.
          (br_if $mark
            (i32.and
              (i32.ne (local.get $b) (i32.const 10))
              (i32.and (i32.ne (local.get $b) (i32.const 11)) (i32.ne (local.get $b) (i32.const 13)))))
          (return (local.get $rows))))
      ;; More cells than columns.
      (if (i32.gt_u (local.get $cuts) (local.get $due)) (then (return (local.get $rows))))
      (local.set $p (i32.add (local.get $p) (i32.const 64)))
      (br_if $block (i32.lt_u (local.get $p) (local.get $last))))
    (local.get $rows)))
