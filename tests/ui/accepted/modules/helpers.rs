//! Helpers beside the nodes: functions that a macro writes, constants, inner modules, `impl` blocks, tests.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    const LIMIT: i64 = 10;
    macro_rules! adder {
        ($name:ident, $more:expr) => {
            fn $name(value: i64) -> i64 {
                value + $more
            }
        };
    }
    adder!(add_one, 1);
    adder!(add_limit, LIMIT);
    mod more {
        pub fn half(value: i64) -> i64 {
            value / 2
        }
    }
    struct Shelf;
    impl Shelf {
        const SIZE: i64 = 3;
        fn fits(value: i64) -> bool {
            value < Self::SIZE
        }
    }
    #[map(from = order)]
    #[inline]
    #[must_use]
    #[allow(clippy::needless_pass_by_value)]
    fn price(mut order: i64) -> i64 {
        order += 1;
        add_one(add_limit(more::half(order)))
    }
    /// Only what fits.
    ///
    /// The rest is finished here.
    #[doc(alias = "small")]
    #[filter(from = price)]
    fn fits(&price: &i64) -> bool {
        Shelf::fits(price)
    }
    #[map(from = fits)]
    const fn constant(price: i64) -> i64 {
        price
    }

    #[sink(from = constant)]
    fn store(#[allow(unused)] _: i64) {}
    #[cfg(test)]
    mod tests {
        use super::*;
        #[test]
        fn prices() {
            assert_eq!(price(0), 11);
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
