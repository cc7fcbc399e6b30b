//! Leak: the carrier is swapped with one that a hidden item lends for a ticket of the user's own.

use waterhealer::__private::{Epoch, Ledger, SlotId, lend};
use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(mut order: Tracked<i64>) -> Done {
        let mut ledger = Ledger::new();
        ledger.open(SlotId(0), Epoch(1));
        let ticket = ledger.deliver(SlotId(0), 0, None);

        let lent = lend(0, &ticket, |brand, mut other| {
            std::mem::swap(&mut order, &mut other);
            brand.seal(other)
        });
        assert!(lent.is_ok());
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
