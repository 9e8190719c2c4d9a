;; Turns the text of an inlined module (made and explained in xtask/js/inline.mjs) back into its bytes, in place.
;; WebAssembly and not JavaScript, because this runs once in a fresh process or page, where a JavaScript loop is
;; still interpreted: 76 KB take 1.5 ms here, starting included, and 3 to 8 ms there (Node 20, two busy cores).
;;
;; Memory:
;;      0  two bytes for each ASCII character: the byte it stands for, or, if it begins a pair, where its row of pairs is
;;    256  one byte for each ASCII character: its place in the alphabet
;;    512  the bytes written with pairs
;;   1024  the text, put there by inlined.js: 64 hexadecimal digits, lowest bit first, that tell which bytes are written
;;         with one character, and from 1088 on the rest
(module
  (memory (export "memory") 1)
  ;; The next character of the alphabet, which is printable ASCII without `"`, `<` and `\`.
  (func $next (param $character i32) (result i32)
    (local.set $character (i32.add (local.get $character) (i32.const 1)))
    (i32.add
      (local.get $character)
      (i32.or
        (i32.or (i32.eq (local.get $character) (i32.const 34)) (i32.eq (local.get $character) (i32.const 60)))
        (i32.eq (local.get $character) (i32.const 92)))))
  (func (export "decode") (param $end i32) (result i32)
    (local $from i32)
    (local $to i32)
    (local $value i32)
    (local $character i32)
    (local $pair i32)
    ;; The alphabet's places; its first two characters, the space and the exclamation mark, begin pairs.
    (local.set $character (i32.const 32))
    (loop $places
      (i32.store8 offset=256 (local.get $character) (local.get $value))
      (local.set $value (i32.add (local.get $value) (i32.const 1)))
      (local.set $character (call $next (local.get $character)))
      (br_if $places (i32.lt_u (local.get $character) (i32.const 127))))
    (i32.store16 (i32.const 64) (i32.const 512))
    (i32.store16 (i32.const 66) (i32.const 604))
    ;; What the others and the pairs stand for, byte by byte.
    (local.set $character (i32.const 35))
    (local.set $value (i32.const 0))
    (loop $bytes
      (local.set $from (i32.load8_u offset=1024 (i32.shr_u (local.get $value) (i32.const 2))))
      (if
        (i32.and
          (i32.shr_u
            ;; "0" is 48 and "a" is 97.
            (i32.sub
              (local.get $from)
              (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $from) (i32.const 58))))
            (i32.and (local.get $value) (i32.const 3)))
          (i32.const 1))
        (then
          (i32.store16 (i32.shl (local.get $character) (i32.const 1)) (local.get $value))
          (local.set $character (call $next (local.get $character))))
        (else
          (i32.store8 offset=512 (local.get $pair) (local.get $value))
          (local.set $pair (i32.add (local.get $pair) (i32.const 1)))))
      (local.set $value (i32.add (local.get $value) (i32.const 1)))
      (br_if $bytes (i32.lt_u (local.get $value) (i32.const 256))))
    (local.set $from (i32.const 1088))
    (local.set $to (i32.const 1088))
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
