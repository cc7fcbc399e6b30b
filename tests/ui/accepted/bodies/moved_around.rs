//! A carrier in a pattern, an `Option`, a tuple and a struct inside the stage, as long as it comes out again.

use waterhealer::prelude::*;

struct Holder<'r> {
    carrier: Option<Tracked<'r, i64>>,
    note: &'static str,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Result<Tracked<i64>, String> {
        let held = Holder {
            carrier: Some(order),
            note: "held",
        };
        let Holder { carrier, note } = held;
        let (carrier, _) = (carrier.ok_or_else(|| note.to_owned())?, note);
        let cell = std::cell::RefCell::new(Some(carrier));
        let carrier = cell.take().ok_or("empty")?;
        Ok(*Box::new(carrier))
    }
    #[sink(from = price)]
    fn store(price: Tracked<i64>) -> Done {
        std::panic::AssertUnwindSafe(price).0.done()
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
