//! Mistake: two nodes take a batch whose rows cannot be cloned.

use waterhealer::prelude::*;

pub struct Own(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", batch = 500, within = "1s")]
    fn order(record: &Record<'_>) -> Own {
        Own(record.offset())
    }

    #[sink(from = order)]
    fn store(orders: Batch<Own>) -> Done {
        orders.done()
    }

    #[sink(from = order)]
    fn report(orders: Vec<Own>) {
        println!("{}", orders[0].0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
