//! Leak: a resource with room for the carrier of any call.

use waterhealer::prelude::*;

/// Room for a carrier.
pub struct Room<'record> {
    free: bool,
    seen: std::marker::PhantomData<Tracked<'record, i64>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>, room: &Room<'record>) -> Done {
        assert!(room.free);
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
