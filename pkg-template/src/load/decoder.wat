;; Turns the text of an inlined module (made and explained in xtask/js/inline.mjs) back into its bytes, in place.
;; WebAssembly and not JavaScript, because this runs once in a fresh process or page, where a JavaScript loop is
;; still interpreted: 76 KB take 1.5 ms here, starting included, and 3 to 8 ms there (Node 20, two busy cores).
;;
;; Memory, laid out by inlined.js:
;;      0  two bytes for each ASCII character: the byte it stands for, or, if it begins a pair, where its row of pairs is
;;    256  one byte for each ASCII character: its place in the alphabet
;;    512  the bytes written with pairs
;;   1024  the text
(module
  (memory (export "memory") 1)
  (func (export "decode") (param $from i32) (param $end i32) (result i32)
    (local $to i32)
    (local $value i32)
    (local.set $to (local.get $from))
    (loop $next
      (if (i32.lt_u (local.get $from) (local.get $end))
        (then
          (local.set $value (i32.load16_u (i32.shl (i32.load8_u (local.get $from)) (i32.const 1))))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (if (i32.gt_u (local.get $value) (i32.const 255))
            (then
              (local.set $value
                (i32.load8_u
                  (i32.add (local.get $value) (i32.load8_u offset=256 (i32.load8_u (local.get $from))))))
              (local.set $from (i32.add (local.get $from) (i32.const 1)))))
          (i32.store8 (local.get $to) (local.get $value))
          (local.set $to (i32.add (local.get $to) (i32.const 1)))
          (br $next))))
    (local.get $to)))
