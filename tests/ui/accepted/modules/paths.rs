//! Types by `super::`, `crate::` and `self::`, attributes by their whole path, in a pipeline deep inside and without the prelude.

/// An order.
#[derive(Clone)]
pub struct Order(i64);

mod sales {
    /// An order with its price.
    pub struct Priced(i64);

    impl Priced {
        pub fn cents(&self) -> i64 {
            self.0
        }
    }

    #[waterhealer::pipeline(group = "shop")]
    pub(crate) mod shop {
        pub(super) struct Row(i64);

        #[::waterhealer::source(topic = "orders")]
        fn order(record: &waterhealer::Record<'_>) -> crate::Order {
            crate::Order(record.offset())
        }

        #[waterhealer::map(from = order)]
        pub(crate) fn price(order: crate::Order) -> super::Priced {
            super::Priced(order.0)
        }

        #[waterhealer::prelude::map(from = price)]
        async fn row(
            priced: waterhealer::Tracked<'_, super::Priced>,
        ) -> waterhealer::Tracked<'_, self::Row> {
            priced.map(|priced| Row(priced.cents()))
        }

        #[waterhealer::sink(from = row)]
        pub(super) fn store(row: waterhealer::Tracked<self::Row>) -> waterhealer::Done {
            assert!(row.0 > 0);
            row.done()
        }
    }
}

fn main() {
    assert_eq!(sales::shop::price(Order(3)).cents(), 3);
    let _pipeline = sales::shop::pipeline();
}
