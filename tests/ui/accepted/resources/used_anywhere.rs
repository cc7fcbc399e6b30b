//! Resources that are used deep inside, in a macro, or only in a text.

use std::sync::Mutex;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64, fee: &i64, label: &String, width: &usize) -> String {
        let add = |order: i64| if order > 0 { order + fee } else { 0 };
        format!("{label}: {:>width$}", add(order))
    }
    #[sink(from = price)]
    async fn store(price: String, rows: &Mutex<Vec<String>>, r#type: &u8) {
        tokio::select! {
            () = std::future::ready(()) => rows.lock().unwrap().push(price),
        }
        println!("{type}");
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        fee: 1,
        label: "price".to_owned(),
        width: 4,
        rows: Mutex::default(),
        r#type: 1,
    });
}
