;; The product of matrices for Python in a browser, whose NumPy has no library for linear algebra: it takes
;; one number at a time, from rows and columns as they lie. Here four rows meet the columns that fill two
;; vectors of 16 bytes. Between `each` and `end` the loops stand once for both kinds of numbers, with words in capitals:
;;
;;   KIND   float    double        SIZE    4   8     bytes of a number
;;   NUM    f32      f64           COLS    8   4     numbers in two vectors
;;   VEC    f32x4    f64x2         SPLAT   v128.load32_splat   v128.load64_splat
;;
;; `book/_ext/wat.py` makes a library of it that Pyodide can load; `product.py` hands its loops to NumPy.
(module
  ;; The bytes that Pyodide sets apart for it, at a multiple of 2^4: a panel of 512 rows of two vectors, which are
  ;; 16384 bytes, and behind it a tile of four rows.
  (@dylink.0 (mem-info (memory 16512 4)))
  (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $panel i32))
  (import "env" "__indirect_function_table" (table 0 funcref))
  (type $loop (func (param i32 i32 i32 i32)))
  (global $float (mut i32) (i32.const 0))   ;; NumPy's own loops, for what is too small
  (global $double (mut i32) (i32.const 0))

  (func $begin (export "begin") (param $f i32) (param $d i32)
    (global.set $float (local.get $f))
    (global.set $double (local.get $d)))

  (func $least (param $x i32) (param $y i32) (result i32)
    (select (local.get $x) (local.get $y) (i32.lt_s (local.get $x) (local.get $y))))

;;; each KIND
  ;; Columns of b side by side, with zeros where there are fewer than COLS.
  (func $pack_KIND (param $b i32) (param $bn i32) (param $bp i32) (param $depth i32) (param $width i32)
    (local $to i32) (local $end i32) (local $c i32) (local $from i32)
    (local.set $to (global.get $panel))
    (local.set $end (i32.add (local.get $to) (i32.shl (local.get $depth) (i32.const 5))))
    (loop $rows
      (if (i32.and (i32.eq (local.get $width) (i32.const COLS)) (i32.eq (local.get $bp) (i32.const SIZE)))
        (then
          (v128.store (local.get $to) (v128.load (local.get $b)))
          (v128.store offset=16 (local.get $to) (v128.load offset=16 (local.get $b))))
        (else
          (v128.store (local.get $to) (v128.const i32x4 0 0 0 0))
          (v128.store offset=16 (local.get $to) (v128.const i32x4 0 0 0 0))
          (local.set $c (i32.const 0))
          (local.set $from (local.get $b))
          (loop $columns
            (NUM.store (i32.add (local.get $to) (i32.mul (local.get $c) (i32.const SIZE))) (NUM.load (local.get $from)))
            (local.set $from (i32.add (local.get $from) (local.get $bp)))
            (br_if $columns (i32.lt_s (local.tee $c (i32.add (local.get $c) (i32.const 1))) (local.get $width))))))
      (local.set $b (i32.add (local.get $b) (local.get $bn)))
      (br_if $rows (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 32))) (local.get $end)))))

  ;; Four rows of a with the panel, into the tile; a0 to a3 are where the rows begin.
  (func $tile_KIND (param $a0 i32) (param $a1 i32) (param $a2 i32) (param $a3 i32) (param $an i32) (param $depth i32)
    (local $at i32) (local $end i32) (local $x v128) (local $y v128) (local $z v128)
    (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128)
    (local $d0 v128) (local $d1 v128) (local $d2 v128) (local $d3 v128)
    (local.set $at (global.get $panel))
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $depth) (i32.const 5))))
    (loop $along
      (local.set $y (v128.load (local.get $at)))
      (local.set $z (v128.load offset=16 (local.get $at)))
      (local.set $x (SPLAT (local.get $a0)))
      (local.set $c0 (VEC.add (local.get $c0) (VEC.mul (local.get $x) (local.get $y))))
      (local.set $d0 (VEC.add (local.get $d0) (VEC.mul (local.get $x) (local.get $z))))
      (local.set $x (SPLAT (local.get $a1)))
      (local.set $c1 (VEC.add (local.get $c1) (VEC.mul (local.get $x) (local.get $y))))
      (local.set $d1 (VEC.add (local.get $d1) (VEC.mul (local.get $x) (local.get $z))))
      (local.set $x (SPLAT (local.get $a2)))
      (local.set $c2 (VEC.add (local.get $c2) (VEC.mul (local.get $x) (local.get $y))))
      (local.set $d2 (VEC.add (local.get $d2) (VEC.mul (local.get $x) (local.get $z))))
      (local.set $x (SPLAT (local.get $a3)))
      (local.set $c3 (VEC.add (local.get $c3) (VEC.mul (local.get $x) (local.get $y))))
      (local.set $d3 (VEC.add (local.get $d3) (VEC.mul (local.get $x) (local.get $z))))
      (local.set $a0 (i32.add (local.get $a0) (local.get $an)))
      (local.set $a1 (i32.add (local.get $a1) (local.get $an)))
      (local.set $a2 (i32.add (local.get $a2) (local.get $an)))
      (local.set $a3 (i32.add (local.get $a3) (local.get $an)))
      (br_if $along (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (local.get $end))))
    (local.set $at (i32.add (global.get $panel) (i32.const 16384)))
    (v128.store (local.get $at) (local.get $c0))
    (v128.store offset=16 (local.get $at) (local.get $d0))
    (v128.store offset=32 (local.get $at) (local.get $c1))
    (v128.store offset=48 (local.get $at) (local.get $d1))
    (v128.store offset=64 (local.get $at) (local.get $c2))
    (v128.store offset=80 (local.get $at) (local.get $d2))
    (v128.store offset=96 (local.get $at) (local.get $c3))
    (v128.store offset=112 (local.get $at) (local.get $d3)))

  ;; The tile into the result: put there by the first panel, added by those below it.
  (func $place_KIND (param $out i32) (param $om i32) (param $op i32) (param $rows i32) (param $width i32) (param $first i32)
    (local $from i32) (local $to i32) (local $c i32)
    (local.set $from (i32.add (global.get $panel) (i32.const 16384)))
    (loop $down
      (if (i32.and (i32.eq (local.get $width) (i32.const COLS)) (i32.eq (local.get $op) (i32.const SIZE)))
        (then
          (if (i32.eqz (local.get $first))
            (then
              (v128.store (local.get $from) (VEC.add (v128.load (local.get $from)) (v128.load (local.get $out))))
              (v128.store offset=16 (local.get $from)
                (VEC.add (v128.load offset=16 (local.get $from)) (v128.load offset=16 (local.get $out))))))
          (v128.store (local.get $out) (v128.load (local.get $from)))
          (v128.store offset=16 (local.get $out) (v128.load offset=16 (local.get $from))))
        (else
          (local.set $c (i32.const 0))
          (local.set $to (local.get $out))
          (loop $columns
            (NUM.store (local.get $to) (NUM.add
              (NUM.load (i32.add (local.get $from) (i32.mul (local.get $c) (i32.const SIZE))))
              (if (result NUM) (local.get $first) (then (NUM.const 0)) (else (NUM.load (local.get $to))))))
            (local.set $to (i32.add (local.get $to) (local.get $op)))
            (br_if $columns (i32.lt_s (local.tee $c (i32.add (local.get $c) (i32.const 1))) (local.get $width))))))
      (local.set $from (i32.add (local.get $from) (i32.const 32)))
      (local.set $out (i32.add (local.get $out) (local.get $om)))
      (br_if $down (i32.gt_s (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))) (i32.const 0)))))

  ;; out (m, p) = a (m, n) b (n, p); of each its address, and the bytes from one index to the next.
  (func $product_KIND (param $a i32) (param $b i32) (param $out i32) (param $m i32) (param $n i32) (param $p i32)
      (param $am i32) (param $an i32) (param $bn i32) (param $bp i32) (param $om i32) (param $op i32)
    (local $i i32) (local $j i32) (local $k i32) (local $depth i32) (local $width i32) (local $rows i32) (local $at i32)
    (loop $columns
      (local.set $width (call $least (i32.const COLS) (i32.sub (local.get $p) (local.get $j))))
      (local.set $k (i32.const 0))
      (loop $deep
        (local.set $depth (call $least (i32.const 512) (i32.sub (local.get $n) (local.get $k))))
        (call $pack_KIND
          (i32.add (local.get $b) (i32.add
            (i32.mul (local.get $k) (local.get $bn)) (i32.mul (local.get $j) (local.get $bp))))
          (local.get $bn) (local.get $bp) (local.get $depth) (local.get $width))
        (local.set $i (i32.const 0))
        (loop $down
          (local.set $rows (call $least (i32.const 4) (i32.sub (local.get $m) (local.get $i))))
          (local.set $at (i32.add (local.get $a) (i32.add
            (i32.mul (local.get $i) (local.get $am)) (i32.mul (local.get $k) (local.get $an)))))
          ;; where there are fewer than four rows, the last stands for those that are not there
          (call $tile_KIND
            (local.get $at)
            (i32.add (local.get $at) (i32.mul (local.get $am) (call $least (i32.const 1) (i32.sub (local.get $rows) (i32.const 1)))))
            (i32.add (local.get $at) (i32.mul (local.get $am) (call $least (i32.const 2) (i32.sub (local.get $rows) (i32.const 1)))))
            (i32.add (local.get $at) (i32.mul (local.get $am) (i32.sub (local.get $rows) (i32.const 1))))
            (local.get $an) (local.get $depth))
          (call $place_KIND
            (i32.add (local.get $out) (i32.add
              (i32.mul (local.get $i) (local.get $om)) (i32.mul (local.get $j) (local.get $op))))
            (local.get $om) (local.get $op) (local.get $rows) (local.get $width) (i32.eqz (local.get $k)))
          (br_if $down (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $m))))
        (br_if $deep (i32.lt_s (local.tee $k (i32.add (local.get $k) (i32.const 512))) (local.get $n))))
      (br_if $columns (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const COLS))) (local.get $p)))))

  ;; What NumPy calls: addresses of three arrays, how many products and m, n, p, the steps from one to the
  ;; next, and within a, b and out. Vectors and what is tiny are left to NumPy's own loop.
  (func $loop_KIND (export "loop_KIND") (param $args i32) (param $dims i32) (param $steps i32) (param $data i32)
    (local $a i32) (local $b i32) (local $out i32) (local $count i32) (local $m i32) (local $n i32) (local $p i32)
    (local.set $count (i32.load (local.get $dims)))
    (local.set $m (i32.load offset=4 (local.get $dims)))
    (local.set $n (i32.load offset=8 (local.get $dims)))
    (local.set $p (i32.load offset=12 (local.get $dims)))
    (if (i32.or
        (i32.or
          (i32.lt_s (local.get $p) (i32.const 2))
          (i32.and (i32.lt_s (local.get $m) (i32.const 2)) (i32.lt_s (local.get $p) (i32.const COLS))))
        (i32.or (i32.lt_s (local.get $n) (i32.const 2)) (i32.lt_s (local.get $count) (i32.const 1))))
      (then
        (call_indirect (type $loop) (local.get $args) (local.get $dims) (local.get $steps) (local.get $data) (global.get $KIND))
        (return)))
    (local.set $a (i32.load (local.get $args)))
    (local.set $b (i32.load offset=4 (local.get $args)))
    (local.set $out (i32.load offset=8 (local.get $args)))
    (loop $each
      (if (i32.and (i32.lt_s (local.get $p) (i32.const COLS)) (i32.lt_s (local.get $p) (local.get $m)))
        (then  ;; few columns: the transposed product, whose columns are the rows
          (call $product_KIND (local.get $b) (local.get $a) (local.get $out) (local.get $p) (local.get $n) (local.get $m)
            (i32.load offset=24 (local.get $steps)) (i32.load offset=20 (local.get $steps))
            (i32.load offset=16 (local.get $steps)) (i32.load offset=12 (local.get $steps))
            (i32.load offset=32 (local.get $steps)) (i32.load offset=28 (local.get $steps))))
        (else
          (call $product_KIND (local.get $a) (local.get $b) (local.get $out) (local.get $m) (local.get $n) (local.get $p)
            (i32.load offset=12 (local.get $steps)) (i32.load offset=16 (local.get $steps))
            (i32.load offset=20 (local.get $steps)) (i32.load offset=24 (local.get $steps))
            (i32.load offset=28 (local.get $steps)) (i32.load offset=32 (local.get $steps)))))
      (local.set $a (i32.add (local.get $a) (i32.load (local.get $steps))))
      (local.set $b (i32.add (local.get $b) (i32.load offset=4 (local.get $steps))))
      (local.set $out (i32.add (local.get $out) (i32.load offset=8 (local.get $steps))))
      (br_if $each (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 1))) (i32.const 0)))))
;;; end
)
