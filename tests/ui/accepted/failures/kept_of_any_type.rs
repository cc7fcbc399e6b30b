//! Failures are kept of values of any type: borrowed for ever, without any trait, not to be moved between threads.

use std::rc::Rc;

use waterhealer::prelude::*;

/// It can be read from nothing but what lives for ever.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Borrowed {
    name: &'static str,
}

/// It can do nothing.
pub struct Nothing;

#[pipeline(group = "any")]
mod any {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        number
    }

    #[map(from = number)]
    fn borrowed(_number: u64) -> Borrowed {
        Borrowed { name: "x" }
    }

    #[map(from = borrowed)]
    fn text(borrowed: Borrowed) -> &'static str {
        borrowed.name
    }

    #[map(from = text)]
    fn shared(text: &'static str) -> Rc<str> {
        Rc::from(text)
    }

    #[map(from = shared)]
    fn nothing(_shared: Rc<str>) -> Nothing {
        Nothing
    }

    #[map(from = nothing)]
    fn called(_nothing: Nothing) -> fn(u64) -> u64 {
        u64::swap_bytes
    }

    #[flat_map(from = called)]
    fn many(called: fn(u64) -> u64) -> impl Iterator<Item = Option<Nothing>> {
        (0..3).map(move |number| (called(number) > 0).then_some(Nothing))
    }

    #[sink(from = many)]
    fn done(_nothing: Option<Nothing>) {}
}

fn main() {
    let _pipeline = any::pipeline().redact(|_| {});
}
