//! Mistake: a fallible sink over a carrier behind an alias of another shape.

use waterhealer::prelude::*;

type Maybe<T> = Option<T>;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Maybe<Done> {
        Some(order.done())
    }
}

fn main() -> ExitCode {
    shop::main()
}
