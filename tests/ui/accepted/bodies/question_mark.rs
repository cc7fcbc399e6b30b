//! `?` leaves with an error while a carrier is held.

use waterhealer::prelude::*;

async fn insert(row: i64) -> Result<(), std::io::Error> {
    tokio::task::yield_now().await;
    if row == 0 {
        Err(std::io::ErrorKind::InvalidData.into())
    } else {
        Ok(())
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.to_owned())
    }

    #[map(from = order)]
    fn parse(order: Tracked<String>) -> Result<Tracked<i64>, std::num::ParseIntError> {
        let number: i64 = order.trim().parse()?;
        Ok(order.put(number))
    }
    #[map(from = parse)]
    fn checked(order: Tracked<i64>) -> Result<Tracked<i64>, String> {
        order
            .map(|order| order.checked_mul(2).ok_or("too large".to_owned()))
            .transpose()
    }
    #[sink(from = checked)]
    async fn store(order: Tracked<i64>) -> Result<Done, std::io::Error> {
        insert(*order).await?;
        insert(-*order).await?;
        Ok(order.done())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
