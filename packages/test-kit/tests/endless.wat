;; A requester that never comes back: what it is told in the form of an answer, {"ok":…}, it answers; a call of the market
;; has no end.
(module
  (memory (export "memory") 2)
  (global $free (mut i32) (i32.const 65536))

  ;; The answer to its instantiation: a region {offset, capacity, length} and its text.
  (data (i32.const 16) "\00\01\00\00\3e\00\00\00\3e\00\00\00")
  (data (i32.const 256) "{\"ok\":{\"messages\":[],\"attributes\":[],\"events\":[],\"data\":null}}")

  (func (export "interface_version_8"))
  (func (export "allocate") (param $size i32) (result i32) (local $region i32)
    (local.set $region (global.get $free))
    (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
    (i32.store offset=4 (local.get $region) (local.get $size))
    (i32.store offset=8 (local.get $region) (i32.const 0))
    (global.set $free (i32.add (global.get $free) (i32.add (local.get $size) (i32.const 12))))
    (local.get $region))
  (func (export "deallocate") (param i32))

  (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 16))
  (func (export "query") (param i32 i32) (result i32) (i32.const 16))
  (func (export "execute") (param i32 i32) (param $message i32) (result i32)
    ;; The third byte of {"ok" and of {"receive_execution".
    (if (i32.ne (i32.load8_u offset=2 (i32.load (local.get $message))) (i32.const 111))
      (then (loop $ever (br $ever))))
    (local.get $message)))
