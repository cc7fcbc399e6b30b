//! A pipeline whose calls fail on some records, by what they hold.

use waterhealer::prelude::*;

/// An order, as it stands in the topic: its number.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Order {
    number: u64,
}

/// Whether the mistake is mended.
pub(crate) struct Mended(bool);

#[pipeline(group = "from the command line", interval = "50ms")]
mod failing_pipeline {
    use super::*;

    #[source(topic = "wh-failures", on_error = skip)]
    fn read(record: &Record<'_>) -> Result<Order, Box<dyn std::error::Error + Send + Sync>> {
        let number = record.text()?.parse()?;
        Ok(Order { number })
    }

    #[map(from = read, concurrency = 8, on_error = skip)]
    async fn check(order: Order, mended: &Mended) -> Result<Order, String> {
        tokio::task::yield_now().await;
        match order.number % 10 {
            3 if !mended.0 => Err(format!("{} ends in a 3", order.number)),
            _ => Ok(order),
        }
    }

    #[sink(from = check)]
    fn done(_order: Order) {}
}

/// Numbers that end in a 3 fail, until `MENDED` says that they do not.
pub(crate) fn start() -> ExitCode {
    failing_pipeline::main(failing_pipeline::Resources {
        mended: Mended(std::env::var_os("MENDED").is_some()),
    })
}
