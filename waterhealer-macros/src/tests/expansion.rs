//! What a correct pipeline becomes, as formatted text. Read the `.snap` files as code: that is what they are for.

use crate::pipeline_tokens;

use super::tokens;

/// Snapshots without the source text: it stands here.
fn assert_expansion(name: &str, options: &str, item: &str) {
    let text = expand(options, item);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

pub(super) fn expand(options: &str, item: &str) -> String {
    let expanded = pipeline_tokens(tokens(options), &tokens(item));
    let file = syn::parse2(expanded).expect("the expansion is a file");
    prettyplease::unparse(&file)
}

#[test]
fn synchronous() {
    assert_expansion(
        "synchronous",
        "group = \"billing\", interval = \"10s\"",
        r#"
        /// What customers owe.
        pub mod billing {
            use super::*;

            /// Decodes an order.
            ///
            /// More about it.
            #[source(topic = "orders", properties("fetch.min.bytes" = "1"))]
            fn order(record: &Record<'_>) -> Result<Order, serde_json::Error> {
                record.json()
            }

            #[flat_map(from = order)]
            fn lines(order: Order) -> Vec<Line> {
                order.lines
            }

            #[filter(from = lines, on_error = skip)]
            fn large(line: &Line) -> bool {
                line.total > 100
            }

            #[sink(from = large)]
            fn print(line: Line) {
                println!("{line:?}");
            }
        }
        "#,
    );
}

#[test]
fn asynchronous_with_resources_and_fan_out() {
    assert_expansion(
        "asynchronous_with_resources_and_fan_out",
        "group = \"billing\"",
        r#"
        mod billing {
            use super::*;

            #[source(topics = ["orders", "returns"])]
            fn order(record: &Record<'_>) -> Result<Order, serde_json::Error> {
                record.json()
            }

            #[map(from = order, concurrency = 64)]
            async fn price(order: Order, rates: &RateClient) -> Result<Priced, PriceError> {
                rates.price(order).await
            }

            #[filter(from = price)]
            async fn large(priced: &Priced, rates: &RateClient) -> bool {
                priced.total > rates.limit().await
            }

            #[sink(from = large)]
            async fn store(priced: &Priced, db: &Db) -> Result<(), DbError> {
                db.insert(priced).await
            }

            #[sink(from = price, topic = "priced")]
            fn publish(priced: Priced) -> KafkaMessage {
                KafkaMessage::json(&priced).key(priced.id)
            }
        }
        "#,
    );
}

#[test]
fn tracked_with_emit_and_union() {
    assert_expansion(
        "tracked_with_emit_and_union",
        "",
        r#"
        mod audit {
            use super::*;

            #[source(topic = "orders")]
            fn order(record: &Record<'_>) -> Order {
                Order::from(record)
            }

            #[source(emit)]
            fn by_hand(order: Order) -> Order {
                order
            }

            #[map(from = order.union(by_hand))]
            fn stamp(order: Tracked<Order>) -> Tracked<Stamped> {
                let offset = order.position().offset;
                order.map(|order| Stamped { order, offset })
            }

            #[map(from = stamp)]
            async fn sign(stamped: Tracked<Stamped>, keys: &Keys) -> Result<Tracked<Signed>, KeyError> {
                let (stamped, carrier) = stamped.take();
                Ok(carrier.put(keys.sign(stamped).await?))
            }

            #[filter(from = sign)]
            fn fresh(signed: &Tracked<Signed>) -> bool {
                signed.timestamp().is_some()
            }

            #[sink(from = fresh)]
            fn keep(signed: Tracked<Signed>) -> Done {
                signed.done()
            }
        }
        "#,
    );
}

#[test]
fn batches() {
    assert_expansion(
        "batches",
        "group = \"billing\"",
        r#"
        mod billing {
            use super::*;

            #[source(topic = "orders")]
            fn order(record: &Record<'_>) -> Order {
                Order::from(record)
            }

            #[map(from = order.partition(500, within = "1s"))]
            fn price(orders: Batch<Order>) -> Batch<Priced> {
                orders.map(Priced::from)
            }

            #[map(from = price)]
            async fn sign(priced: Batch<Priced>, keys: &Keys) -> Result<Batch<Signed>, KeyError> {
                let (priced, rows) = priced.take();
                Ok(rows.put(keys.sign(priced).await?))
            }

            #[sink(from = sign)]
            fn store(signed: Batch<Signed>, db: &Db) -> Done {
                signed.try_for_each(|row| db.insert(row)).done()
            }

            #[sink(from = price.flatten())]
            fn print(priced: &Priced) {
                println!("{priced:?}");
            }
        }
        "#,
    );
}

#[test]
fn zip_of_branches_of_many() {
    assert_expansion(
        "zip_of_branches_of_many",
        "group = \"billing\"",
        r#"
        mod billing {
            use super::*;

            #[source(topic = "orders")]
            fn order(record: &Record<'_>) -> Order {
                Order::from(record)
            }

            #[flat_map(from = order)]
            fn line(order: Order) -> Vec<Line> {
                order.lines
            }

            #[map(from = line.pluck(cents))]
            fn price(cents: u64) -> u64 {
                cents * 120
            }

            #[filter(from = line)]
            fn fresh(line: &Line) -> bool {
                line.fresh
            }

            #[sink(from = price.zip("cents", fresh))]
            fn print((price, unit, line): (u64, &'static str, Line)) {
                println!("{price} {unit} {line:?}");
            }
        }
        "#,
    );
}

#[test]
fn states_elements_and_healed() {
    assert_expansion(
        "states_elements_and_healed",
        "group = \"billing\"",
        r#"
        mod billing {
            use super::*;

            #[source(topic = "orders", batch = 100, within = "1s")]
            fn order(record: &Record<'_>) -> Order {
                Order::from(record)
            }

            #[foreach_map(from = order)]
            fn price(order: Order) -> Result<u64, PriceError> {
                order.price()
            }

            #[foreach_async(from = price)]
            async fn tax(price: u64, rates: &Rates) -> u64 {
                rates.tax(price).await
            }

            #[accumulate(from = tax.flatten(), start = 0, volatile, on_error = skip)]
            fn total(total: u64, tax: u64) -> Result<u64, Overflow> {
                total.checked_add(tax).ok_or(Overflow)
            }

            #[sink(from = total)]
            fn print(total: u64) {
                println!("{total}");
            }

            #[healed]
            fn note(offsets: &[Position], log: &Log) -> Result<(), LogError> {
                log.append(offsets)
            }
        }
        "#,
    );
}

#[test]
fn calls_that_take_turns() {
    assert_expansion(
        "calls_that_take_turns",
        "group = \"billing\", on_panic = skip",
        r#"
        mod billing {
            use super::*;

            #[source(topic = "orders")]
            fn order(record: &Record<'_>) -> Result<Order, serde_json::Error> {
                record.json()
            }

            #[map(from = order, concurrency = 64, order_by = key, retry(max = 5, jitter, on = PriceError::is_busy), timeout = "30s")]
            async fn price(order: Tracked<Order>, rates: &RateClient) -> Result<Tracked<Priced>, PriceError> {
                rates.price(order).await
            }

            #[filter(from = price, retry(max = 1, backoff = "1s..1m"), on_error = skip)]
            fn large(priced: &Priced, limits: &Limits) -> Result<bool, LimitError> {
                Ok(priced.total > limits.get()?)
            }

            #[map(from = large, retry(max = 1))]
            fn seal(priced: Priced) -> Result<Sealed, SealError> {
                priced.seal()
            }

            #[map(from = seal, blocking, timeout = "1m")]
            fn render(sealed: Sealed) -> Page {
                sealed.render()
            }

            #[sink(from = render, flush = write_out)]
            fn buffer(page: &Page, files: &Files) {
                files.keep(page);
            }

            async fn write_out(files: &Files) -> Result<(), FileError> {
                files.write_out().await
            }

            #[sink(from = render, blocking, concurrency = 4, order_by = partition, retry(max = 2))]
            fn store(page: &Page, files: &Files) -> Result<(), FileError> {
                files.write(page)
            }
        }
        "#,
    );
}

#[test]
fn records_that_are_lent_again() {
    assert_expansion(
        "records_that_are_lent_again",
        "group = \"billing\"",
        r#"
        mod billing {
            use super::*;

            #[source(topic = "orders", retry(max = 5, on = SchemaError::is_away), breaker(consecutive = 100), on_error = skip)]
            fn order(record: &Record<'_>, schemas: &Schemas) -> Result<Order, SchemaError> {
                schemas.decode(record)
            }

            #[sink(from = order)]
            fn print(order: Order) {
                println!("{order:?}");
            }
        }
        "#,
    );
}

#[test]
fn checkpoints() {
    assert_expansion(
        "checkpoints",
        "group = \"billing\", checkpoint_history = 10",
        r#"
        mod billing {
            use super::*;

            #[source(topic = "orders", checkpoint)]
            fn order(record: &Record<'_>) -> Order {
                Order::from(record)
            }

            #[map(from = order.partition(5, within = "1s").checkpoint())]
            fn price(orders: Vec<Order>) -> Priced {
                Priced::from(orders)
            }

            #[sink(from = price, checkpoint)]
            async fn store(priced: Priced) {
                println!("{priced:?}");
            }
        }
        "#,
    );
}
