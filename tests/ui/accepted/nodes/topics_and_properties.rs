//! Sources of several topics, with properties of the client.

use waterhealer::prelude::*;

#[pipeline(
    group = "shop",
    interval = "500ms",
    drain_timeout = "1m",
    max_in_flight = 10_000,
    shutdown_grace = "5s"
)]
mod shop {
    use super::*;

    #[source(topics = ["orders", "returns"], properties("fetch.min.bytes" = "1", "fetch.wait.max.ms" = "50"))]
    fn either(record: &Record<'_>) -> String {
        format!(
            "{} {} {}",
            record.topic(),
            record.partition(),
            record.offset()
        )
    }
    #[source(topic = "customers", on_error = skip)]
    fn customer(record: &waterhealer::Record<'_>) -> Result<String, std::str::Utf8Error> {
        record.text().map(str::to_owned)
    }
    #[sink(from = either.union(customer))]
    fn store(line: String) {
        assert!(!line.is_empty());
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
