;; Functions of many numbers for Python in a browser, whose NumPy takes them one by one from a library for C:
;; exp and tanh of float32, four at a time, and the greater of two. `product.py` hands the loops to NumPy.
;; `each` and the words in capitals as in `product.wat`; HALF of COLS fill one vector, and EACH is exp or tanh.
(module
  (@dylink.0 (mem-info))  ;; what makes it a library that Pyodide loads
  (import "env" "memory" (memory 0))

  ;; exp(x) = 2^n exp(r), where r is at most half of log 2: there the series needs eight terms. Twice an n that
  ;; fits into the exponent: 2^n in two steps, since the greatest are beyond one.
  (func $exp4 (param $x v128) (result v128)
    (local $n v128) (local $r v128) (local $half v128) (local $y v128)
    (local.set $r (f32x4.max (f32x4.splat (f32.const -104)) (f32x4.min (f32x4.splat (f32.const 89)) (local.get $x))))
    (local.set $n (f32x4.nearest (f32x4.mul (local.get $r) (f32x4.splat (f32.const 1.4426950408889634)))))
    ;; log 2 in two parts, of which the first times n is exact
    (local.set $r (f32x4.sub (local.get $r) (f32x4.mul (local.get $n) (f32x4.splat (f32.const 0.693359375)))))
    (local.set $r (f32x4.sub (local.get $r) (f32x4.mul (local.get $n) (f32x4.splat (f32.const -0.00021219444005469057)))))
    (local.set $y (f32x4.splat (f32.const 0.0001984126984)))  ;; 1/5040
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 0.001388888889))))  ;; 1/720
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 0.008333333333))))  ;; 1/120
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 0.04166666667))))  ;; 1/24
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 0.1666666667))))  ;; 1/6
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 0.5))))  ;; 1/2
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 1))))  ;; 1
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $r)) (f32x4.splat (f32.const 1))))  ;; 1
    (local.set $n (i32x4.trunc_sat_f32x4_s (local.get $n)))
    (local.set $half (i32x4.shr_s (local.get $n) (i32.const 1)))
    (f32x4.mul
      (f32x4.mul (local.get $y) (i32x4.shl (i32x4.add (local.get $half) (i32x4.splat (i32.const 127))) (i32.const 23)))
      (i32x4.shl (i32x4.add (i32x4.sub (local.get $n) (local.get $half)) (i32x4.splat (i32.const 127))) (i32.const 23))))

  ;; Up to 0.55 the series; beyond, 1 - 2 / (exp(2|x|) + 1) with the sign of x.
  (func $tanh4 (param $x v128) (result v128)
    (local $size v128) (local $square v128) (local $y v128)
    (local.set $size (f32x4.min (f32x4.abs (local.get $x)) (f32x4.splat (f32.const 10))))
    (local.set $square (f32x4.mul (local.get $size) (local.get $size)))
    (local.set $y (f32x4.splat (f32.const -0.001455834387)))  ;; -929569/638512875
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const 0.003592128037))))  ;; 21844/6081075
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const -0.00886323553))))  ;; -1382/155925
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const 0.02186948854))))  ;; 62/2835
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const -0.05396825397))))  ;; -17/315
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const 0.1333333333))))  ;; 2/15
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const -0.3333333333))))  ;; -1/3
    (local.set $y (f32x4.add (f32x4.mul (local.get $y) (local.get $square)) (f32x4.splat (f32.const 1))))  ;; 1
    (v128.or
      (v128.and (local.get $x) (i32x4.splat (i32.const -2147483648)))
      (v128.bitselect
        (f32x4.mul (local.get $size) (local.get $y))
        (f32x4.sub (f32x4.splat (f32.const 1))
          (f32x4.div (f32x4.splat (f32.const 2))
            (f32x4.add (f32x4.splat (f32.const 1)) (call $exp4 (f32x4.add (local.get $size) (local.get $size))))))
        (f32x4.lt (local.get $size) (f32x4.splat (f32.const 0.55))))))

;;; each EACH
  ;; What NumPy calls: addresses of the arrays, how many numbers, the bytes from one to the next.
  (func $loop_EACH (export "loop_EACH") (param $args i32) (param $dims i32) (param $steps i32) (param $data i32)
    (local $from i32) (local $to i32) (local $count i32) (local $step i32) (local $pace i32)
    (local.set $from (i32.load (local.get $args)))
    (local.set $to (i32.load offset=4 (local.get $args)))
    (local.set $step (i32.load (local.get $steps)))
    (local.set $pace (i32.load offset=4 (local.get $steps)))
    (local.set $count (i32.load (local.get $dims)))
    (if (i32.and (i32.eq (local.get $step) (i32.const 4)) (i32.eq (local.get $pace) (i32.const 4)))
      (then
        (if (i32.gt_s (local.get $count) (i32.const 3))
          (then
            (loop $fours
              (v128.store (local.get $to) (call $EACH4 (v128.load (local.get $from))))
              (local.set $from (i32.add (local.get $from) (i32.const 16)))
              (local.set $to (i32.add (local.get $to) (i32.const 16)))
              (br_if $fours
                (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 4))) (i32.const 3))))))))
    (if (i32.gt_s (local.get $count) (i32.const 0))
      (then
        (loop $one
          (f32.store (local.get $to) (f32x4.extract_lane 0 (call $EACH4 (v128.load32_splat (local.get $from)))))
          (local.set $from (i32.add (local.get $from) (local.get $step)))
          (local.set $to (i32.add (local.get $to) (local.get $pace)))
          (br_if $one (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 1))) (i32.const 0)))))))
;;; end

;;; each KIND
  ;; The greater of two, also where the second is one number for all, or the result is the first.
  (func $loop_greater_KIND (export "loop_greater_KIND") (param $args i32) (param $dims i32) (param $steps i32) (param $data i32)
    (local $a i32) (local $b i32) (local $to i32) (local $count i32) (local $as i32) (local $bs i32) (local $pace i32)
    (local.set $a (i32.load (local.get $args)))
    (local.set $b (i32.load offset=4 (local.get $args)))
    (local.set $to (i32.load offset=8 (local.get $args)))
    (local.set $as (i32.load (local.get $steps)))
    (local.set $bs (i32.load offset=4 (local.get $steps)))
    (local.set $pace (i32.load offset=8 (local.get $steps)))
    (local.set $count (i32.load (local.get $dims)))
    (if (i32.and
          (i32.and (i32.eq (local.get $as) (i32.const SIZE)) (i32.eq (local.get $pace) (i32.const SIZE)))
          (i32.and
            (i32.or (i32.eq (local.get $bs) (i32.const SIZE)) (i32.eqz (local.get $bs)))
            (i32.gt_s (local.get $count) (i32.const HALF))))
      (then
        (loop $vectors
          (v128.store (local.get $to) (VEC.max (v128.load (local.get $a))
            (if (result v128) (local.get $bs) (then (v128.load (local.get $b))) (else (SPLAT (local.get $b))))))
          (local.set $a (i32.add (local.get $a) (i32.const 16)))
          (local.set $b (i32.add (local.get $b) (i32.mul (local.get $bs) (i32.const HALF))))
          (local.set $to (i32.add (local.get $to) (i32.const 16)))
          (br_if $vectors
            (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const HALF))) (i32.const HALF))))))
    (if (i32.gt_s (local.get $count) (i32.const 0))
      (then
        (loop $one
          (NUM.store (local.get $to) (NUM.max (NUM.load (local.get $a)) (NUM.load (local.get $b))))
          (local.set $a (i32.add (local.get $a) (local.get $as)))
          (local.set $b (i32.add (local.get $b) (local.get $bs)))
          (local.set $to (i32.add (local.get $to) (local.get $pace)))
          (br_if $one (i32.gt_s (local.tee $count (i32.sub (local.get $count) (i32.const 1))) (i32.const 0)))))))
;;; end
)
