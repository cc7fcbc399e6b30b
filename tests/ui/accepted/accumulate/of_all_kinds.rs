//! A state by itself, with a value beside it, with a failure, with resources.

use waterhealer::prelude::*;

/// A state that cannot be cloned.
#[derive(Default)]
pub struct Own;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = 0, volatile)]
    fn total(total: i64, x: i64) -> i64 {
        total + x
    }
    #[accumulate(from = order, start = Vec::new(), returns_state, volatile)]
    fn last(mut last: Vec<i64>, x: i64, size: &usize) -> (Vec<i64>, String) {
        last.push(x);
        if last.len() > *size {
            last.remove(0);
        }
        let text = format!("{last:?}");
        (last, text)
    }
    #[accumulate(from = order, start = 0, volatile, on_error = skip)]
    fn checked(total: u64, x: i64) -> Result<u64, std::num::TryFromIntError> {
        Ok(total + u64::try_from(x)?)
    }
    #[accumulate(from = order, start = Own::default(), returns_state, volatile)]
    fn fallible(own: Own, x: &i64) -> Result<(Own, i64), std::io::Error> {
        Ok((own, *x))
    }

    #[sink(from = total.union(fallible))]
    fn store(x: i64) {
        assert!(x > 0);
    }
    #[sink(from = last)]
    fn b(x: String) {
        assert!(!x.is_empty());
    }
    #[sink(from = checked)]
    fn c(x: u64) {
        assert!(x > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { size: 3 });
}
