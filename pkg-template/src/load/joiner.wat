;; Turns a parted module (made and explained in xtask/js/part.mjs) back into the module. In WebAssembly for the reason that
;; decoder.wat gives.
;;
;; Memory:
;;      0  how long each of sixteen streams is; for 1 to 15 then where the next of its bytes is
;;     64  two bytes for each opcode: the streams of its immediates, lowest four bits first
;;    576  the streams 1 … 15, 0; and behind them the module
(module
  (memory (export "memory") 1)
  ;; Makes the module behind the streams, which reach to `end`, and gives where it ends itself.
  (func (export "join") (param $end i32) (result i32)
    (local $from i32)
    (local $to i32)
    (local $stream i32)
    (local $place i32)
    (local $length i32)
    (local $opcode i32)
    (local $shape i32)
    (local $function i32)
    (local.set $from (i32.const 576))
    (loop $streams
      (local.set $stream (i32.add (local.get $stream) (i32.const 4)))
      (local.set $length (i32.load (local.get $stream)))
      (i32.store (local.get $stream) (local.get $from))
      (local.set $from (i32.add (local.get $from) (local.get $length)))
      (br_if $streams (i32.lt_u (local.get $stream) (i32.const 60))))
    (local.set $to (local.get $end))
    (loop $next
      (if (i32.ge_u (local.get $from) (local.get $end)) (then (return (local.get $to))))
      (local.set $opcode (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (if (i32.eq (local.get $opcode) (i32.const 0xff)) ;; so many bytes as they are
        (then
          (local.set $length (i32.load16_u (local.get $from)))
          (memory.copy (local.get $to) (i32.add (local.get $from) (i32.const 2)) (local.get $length))
          (local.set $to (i32.add (local.get $to) (local.get $length)))
          (local.set $from (i32.add (i32.add (local.get $from) (i32.const 2)) (local.get $length)))
          (br $next)))
      (if (i32.eq (local.get $opcode) (i32.const 0xfe)) ;; a function begins, with the list of its locals
        (then
          (local.set $function (local.get $to))
          (local.set $place (i32.load (i32.const 4)))
          (local.set $length (i32.load8_u (local.get $place)))
          (memory.copy (local.get $to) (i32.add (local.get $place) (i32.const 1)) (local.get $length))
          (local.set $to (i32.add (local.get $to) (local.get $length)))
          (i32.store (i32.const 4) (i32.add (i32.add (local.get $place) (i32.const 1)) (local.get $length)))
          (br $next)))
      (if (i32.eq (local.get $opcode) (i32.const 0xfb)) ;; it ends: its length comes before it
        (then
          (local.set $length (i32.sub (local.get $to) (local.get $function)))
          (loop $digits
            (memory.copy
              (i32.add (local.get $function) (i32.const 1))
              (local.get $function)
              (i32.sub (local.get $to) (local.get $function)))
            (local.set $to (i32.add (local.get $to) (i32.const 1)))
            (i32.store8
              (local.get $function)
              (i32.or
                (i32.and (local.get $length) (i32.const 127))
                (i32.shl (i32.gt_u (local.get $length) (i32.const 127)) (i32.const 7))))
            (local.set $function (i32.add (local.get $function) (i32.const 1)))
            (br_if $digits (local.tee $length (i32.shr_u (local.get $length) (i32.const 7)))))
          (br $next)))
      (i32.store8 (local.get $to) (local.get $opcode))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $shape (i32.load16_u offset=64 (i32.shl (local.get $opcode) (i32.const 1))))
      (loop $immediates
        (br_if $next (i32.eqz (local.get $shape)))
        (local.set $stream (i32.shl (i32.and (local.get $shape) (i32.const 15)) (i32.const 2)))
        (local.set $place (i32.load (local.get $stream)))
        (loop $number
          (i32.store8 (local.get $to) (local.tee $length (i32.load8_u (local.get $place))))
          (local.set $to (i32.add (local.get $to) (i32.const 1)))
          (local.set $place (i32.add (local.get $place) (i32.const 1)))
          (br_if $number (i32.gt_u (local.get $length) (i32.const 127))))
        (i32.store (local.get $stream) (local.get $place))
        (local.set $shape (i32.shr_u (local.get $shape) (i32.const 4)))
        (br $immediates)))
    (unreachable)))
