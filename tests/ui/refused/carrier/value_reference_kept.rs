//! Leak: a sink that is lent its value keeps the reference, to work on it later.

use std::sync::Mutex;

use waterhealer::prelude::*;

static SEEN: Mutex<Vec<&String>> = Mutex::new(Vec::new());

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.offset().to_string()
    }

    #[sink(from = order)]
    fn store(order: &String) {
        SEEN.lock().unwrap().push(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
