//! Leak: a type of the user's own with the receipt's name.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    /// Says that something is done.
    pub struct Done<'r>(std::marker::PhantomData<&'r ()>);
    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        drop(order);
        Done(std::marker::PhantomData)
    }
}

fn main() -> ExitCode {
    shop::main()
}
