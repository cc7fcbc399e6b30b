//! Mistake: the state goes on as a value too, so that it must be `Clone`.

use waterhealer::prelude::*;

/// No `Clone`.
pub struct Totals(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = Totals(0), volatile)]
    fn total(totals: Totals, x: i64) -> Totals {
        Totals(totals.0 + x)
    }

    #[sink(from = total)]
    fn store(x: &Totals) {
        assert!(x.0 > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
