//! Leak: the carrier is hidden behind `dyn Any`, where no lifetime is seen.

use std::any::Any;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        let hidden: Box<dyn Any> = Box::new(order);
        hidden.downcast::<Done>().map(|done| *done).unwrap()
    }
}

fn main() -> ExitCode {
    shop::main()
}
