//! Leak: the hidden proof that an answer belongs to a record is made from nothing.

use std::marker::PhantomData;

use waterhealer::__private::Brand;
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
        let _forged = Brand { mark: PhantomData };
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
