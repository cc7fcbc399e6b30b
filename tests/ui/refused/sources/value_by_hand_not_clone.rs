//! Mistake: a value sent in by hand is needed again, and gone.

use waterhealer::prelude::*;

pub struct Order(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(emit, retry(max = 5))]
    fn order(order: Order) -> Result<i64, std::io::Error> {
        Ok(order.0)
    }

    #[sink(from = order)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
