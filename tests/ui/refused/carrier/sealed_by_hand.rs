//! Leak: a stage seals its own answer by the hidden trait, which has no brand.

use waterhealer::__private::{Answered, DoneAnswer, Sealed};
use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Sealed<Answered<()>> {
        order.done().into_sealed()
    }
}

fn main() -> ExitCode {
    shop::main()
}
