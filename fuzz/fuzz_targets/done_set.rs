#![no_main]

//! The metadata of commits, which any program may have written: whatever it is, reading it comes to an end.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| waterhealer_runtime::private::withstand(bytes));
