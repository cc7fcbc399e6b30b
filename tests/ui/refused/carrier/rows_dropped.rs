//! Leak: rows are picked out of a batch into a list, which is answered in its place; the offsets of the others are gone.

use waterhealer::prelude::*;

#[derive(Clone)]
pub struct Row {
    data: u64,
    left: u64,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn row(record: &Record<'_>) -> Row {
        Row { data: record.offset().unsigned_abs(), left: 0 }
    }

    #[map(from = row.partition(5, within = "1s"))]
    fn increment_left(rows: Batch<Row>) -> Batch<Row> {
        let mut results = Vec::new();
        for row in &rows {
            if row.data < 3 {
                results.push(Row { left: row.data + 1, ..row.clone() });
            }
        }
        results
    }

    #[sink(from = increment_left)]
    fn print(rows: Vec<Row>) {
        for row in rows {
            println!("{} {}", row.data, row.left);
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
