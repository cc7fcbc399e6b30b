//! Types that nobody outside the module can name, as values and as a resource.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[derive(Clone)]
    struct Priced {
        cents: i64,
    }
    #[derive(Default)]
    struct Db {
        rows: std::sync::Mutex<Vec<i64>>,
    }
    #[map(from = order)]
    async fn price(order: i64) -> Priced {
        Priced { cents: order }
    }
    #[map(from = price)]
    async fn late(price: Tracked<Priced>) -> Tracked<Priced> {
        price
    }
    #[sink(from = late)]
    fn store(price: Priced, db: &Db) {
        db.rows.lock().unwrap().push(price.cents);
    }
    #[sink(from = price)]
    async fn report(price: &Priced) {
        assert!(price.cents > 0);
    }
    pub fn build() {
        let _pipeline = pipeline(Resources { db: Db::default() });
    }
}

fn main() {
    shop::build();
}
