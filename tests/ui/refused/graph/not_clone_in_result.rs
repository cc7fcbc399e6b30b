//! Mistake: a value in a `Result` that goes to two nodes and cannot be cloned, from an async node.

use waterhealer::prelude::*;

/// Has no `Clone`.
pub struct Priced {
    cents: i64,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: i64) -> Result<Priced, String> {
        Ok(Priced { cents: order })
    }
    #[sink(from = price)]
    fn store(priced: Priced) {
        assert!(priced.cents > 0);
    }
    #[sink(from = price)]
    fn report(priced: &Priced) {
        assert!(priced.cents > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
