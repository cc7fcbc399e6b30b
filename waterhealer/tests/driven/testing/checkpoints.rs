//! Checkpoints: what is kept of each node, under which path, of which record, and what is done of it when something fails.

use serde::Serialize;
use waterhealer::prelude::*;
use waterhealer::testing::drive;
use waterhealer::{Form, Pipeline};

use super::{AnyError, Store};

#[derive(Clone, Serialize)]
pub(crate) struct Order {
    id: u64,
    cents: u64,
}

/// What is printed of it, and whether that panics.
#[derive(Clone)]
pub(crate) struct Priced(u64);

impl std::fmt::Debug for Priced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        assert!(self.0 != 13, "thirteen");
        write!(f, "Priced({})", self.0)
    }
}

#[pipeline(group = "shop", checkpoint_history = 3)]
mod shop {
    use super::*;

    #[source(topic = "orders", checkpoint)]
    fn order(record: &Record<'_>) -> Result<Order, AnyError> {
        let id = record.offset() as u64;
        let cents = record.text()?.parse()?;
        Ok(Order { id, cents })
    }

    #[map(from = order, checkpoint)]
    fn price(order: Order) -> Priced {
        Priced(order.cents)
    }

    #[filter(from = price, checkpoint)]
    fn wanted(priced: &Priced) -> bool {
        priced.0 > 0
    }

    #[sink(from = wanted, checkpoint, on_error = skip)]
    async fn keep(priced: Priced, kept: &Store<u64>) -> Result<(), String> {
        if priced.0 == 404 {
            return Err("not found".to_owned());
        }
        kept.put(priced.0);
        Ok(())
    }

    #[sink(from = order.partition(2, within = "1s").checkpoint())]
    fn count(orders: Batch<Order>) -> Done {
        orders.done()
    }
}

const ORDER: &str = "source.order";
const PRICE: &str = "source.order.map.price";
const WANTED: &str = "source.order.map.price.filter.wanted";
const KEEP: &str = "source.order.map.price.filter.wanted.sink.keep";
const PARTITION: &str = "source.order.count.partition";

fn shop() -> Pipeline<shop::__waterhealer::Graph> {
    shop::pipeline(shop::Resources { kept: Store::new() })
}

#[test]
fn the_last_value_of_each_node_is_kept_under_its_path() {
    let pipeline = shop();
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    assert!(handle.checkpoint().is_empty(), "nothing has come yet");

    test.records("orders", ["1", "0"]);
    let kept = handle.checkpoint();
    let kept: Vec<_> = kept
        .values()
        .map(|kept| (&*kept.path, &*kept.value, kept.form))
        .collect();
    let batch = r#"[{"id":0,"cents":1},{"id":1,"cents":0}]"#;
    let last = r#"{"id":1,"cents":0}"#;
    assert_eq!(
        kept,
        [
            (ORDER, last, Form::Json),
            (PARTITION, batch, Form::Json),
            (PRICE, "Priced(0)", Form::Debug),
            (WANTED, "Priced(1)", Form::Debug),
            (KEEP, "Priced(1)", Form::Debug),
        ],
        "what was filtered out came no further"
    );
    assert_eq!(test.resources().kept.all(), [1]);
}

#[test]
fn what_a_failed_record_was_is_found_by_its_emit_id() {
    let pipeline = shop();
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    test.records("orders", ["7", "404", "8"]);
    assert_eq!(test.failures().len(), 1);

    let all = handle.checkpoint_history(PRICE);
    let values: Vec<_> = all.iter().map(|kept| kept.value.as_str()).collect();
    assert_eq!(values, ["Priced(7)", "Priced(404)", "Priced(8)"]);
    let failed = all[1].emit_id;
    assert_eq!((failed.partition(), failed.offset()), (0, 1));
    let of_it: Vec<_> = handle
        .checkpoint_of(failed)
        .into_iter()
        .map(|kept| kept.path)
        .collect();
    assert_eq!(of_it, [ORDER, PRICE, WANTED, KEEP]);

    test.records("orders", ["9", "10", "11"]);
    assert!(
        handle.checkpoint_of(failed).is_empty(),
        "three of each node are kept"
    );
    let first = |path| handle.checkpoint_history(path)[0].value.clone();
    assert_eq!(
        (first(PRICE), first(KEEP)),
        ("Priced(9)".into(), "Priced(9)".into())
    );
    assert!(handle.checkpoint_history("source.nobody").is_empty());
}

#[test]
fn a_value_whose_form_panics_says_so_and_goes_on() {
    let pipeline = shop();
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    test.records("orders", ["13", "14"]);
    assert_eq!(test.resources().kept.all(), [13, 14]);
    assert!(test.failures().is_empty());
    let first = &handle.checkpoint_history(PRICE)[0];
    assert_eq!(first.form, Form::Name);
    assert!(first.value.contains("thirteen"), "{first}");
}

#[test]
fn what_is_kept_stays_when_its_partition_goes() {
    let pipeline = shop();
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    test.records("orders", ["1", "2"]);
    test.revoke("orders", 0);
    assert_eq!(handle.checkpoint()[PRICE].value, "Priced(2)");
    test.assign("orders", 0);
    test.record("orders", 0, 2, "3");
    assert_eq!(handle.checkpoint_history(PRICE).len(), 3);
}
