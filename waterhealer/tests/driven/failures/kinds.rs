//! One stage of each kind, which fails on one number: what it was given is kept, and given again it fails again.

use serde_json::{Value, json};
use waterhealer::prelude::*;
use waterhealer::testing::{self, Incoming, ReplayError};

use super::Kept;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Two causes deep.
#[derive(Debug)]
struct NoPrice(std::num::ParseIntError);

impl std::fmt::Display for NoPrice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no price")
    }
}

impl std::error::Error for NoPrice {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// What the stages share; the numbers they refuse are odd by their own.
pub(super) struct Rates {
    refused: u64,
}

impl Rates {
    fn price(&self, number: u64) -> Result<u64, NoPrice> {
        match number == self.refused {
            true => Err(NoPrice("x".parse::<u64>().unwrap_err())),
            false => Ok(number * 10),
        }
    }
}

#[pipeline(group = "kinds")]
mod alone {
    use super::*;

    #[source(topic = "numbers", on_error = skip)]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = number, on_error = skip)]
    fn by_value(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(number)
    }

    #[sink(from = by_value)]
    fn end_by_value(_number: u64) {}

    #[map(from = number, on_error = skip)]
    fn by_ref(number: &u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(*number)
    }

    #[sink(from = by_ref)]
    fn end_by_ref(_number: u64) {}

    #[filter(from = number, on_error = skip)]
    fn kept(number: &u64, rates: &Rates) -> Result<bool, NoPrice> {
        Ok(rates.price(*number)? > 10)
    }

    #[sink(from = kept)]
    fn end_kept(_number: u64) {}

    #[flat_map(from = number, on_error = skip)]
    fn many(number: u64, rates: &Rates) -> Result<Vec<u64>, NoPrice> {
        Ok(vec![number, rates.price(number)?])
    }

    #[sink(from = many)]
    fn end_many(_number: u64) {}

    #[map(from = number, on_error = skip, concurrency = 4)]
    async fn waiting(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        tokio::task::yield_now().await;
        rates.price(number)
    }

    #[sink(from = waiting)]
    fn end_waiting(_number: u64) {}

    #[map(from = number, on_error = skip)]
    async fn ready(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(number)
    }

    #[sink(from = ready)]
    fn end_ready(_number: u64) {}

    #[map(from = number, blocking, on_error = skip)]
    fn blocking(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(number)
    }

    #[sink(from = blocking)]
    fn end_blocking(_number: u64) {}

    #[map(from = number, retry(max = 2, backoff = "1ms..1ms"), on_error = skip)]
    fn again(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(number)
    }

    #[sink(from = again)]
    fn end_again(_number: u64) {}

    #[map(from = number, retry(max = 2, backoff = "1ms..1ms"), on_error = skip)]
    fn again_by_ref(number: &u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(*number)
    }

    #[sink(from = again_by_ref)]
    fn end_again_by_ref(_number: u64) {}

    #[map(from = number, retry(max = 2, backoff = "1ms..1ms"), on_error = skip)]
    async fn again_waiting(number: &u64, rates: &Rates) -> Result<u64, NoPrice> {
        tokio::task::yield_now().await;
        rates.price(*number)
    }

    #[sink(from = again_waiting)]
    fn end_again_waiting(_number: u64) {}

    #[accumulate(from = number, start = 0_u64, volatile, on_error = skip)]
    fn sum(sum: u64, number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        Ok(sum + rates.price(number)?)
    }

    #[sink(from = sum)]
    fn end_sum(_sum: u64) {}

    #[map(from = number, on_error = skip)]
    fn tracked(number: Tracked<u64>, rates: &Rates) -> Result<Tracked<String>, NoPrice> {
        let price = rates.price(*number.value())?;
        let text = format!("{price} at {}", number.position());
        Ok(number.map(|_| text))
    }

    #[sink(from = tracked)]
    fn end_tracked(_text: String) {}

    #[map(from = number, on_error = skip)]
    async fn tracked_waiting(number: Tracked<u64>, rates: &Rates) -> Result<Tracked<u64>, NoPrice> {
        tokio::task::yield_now().await;
        let price = rates.price(*number.value())?;
        Ok(number.map(|_| price))
    }

    #[sink(from = tracked_waiting)]
    fn end_tracked_waiting(_number: u64) {}

    #[sink(from = number, on_error = skip)]
    fn write(number: u64, rates: &Rates) -> Result<(), NoPrice> {
        rates.price(number).map(|_| ())
    }
}

#[pipeline(group = "batches")]
mod batches {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = number.partition(2, within = "1h"), on_error = skip)]
    fn whole(numbers: Batch<u64>, rates: &Rates) -> Result<Batch<u64>, NoPrice> {
        for number in numbers.as_slice() {
            rates.price(*number)?;
        }
        Ok(numbers)
    }

    #[sink(from = whole)]
    fn end_whole(_rows: Vec<u64>) {}

    #[map(from = number.partition(2, within = "1h"), on_error = skip)]
    fn rows(numbers: Batch<u64>, rates: &Rates) -> Batch<u64> {
        numbers.try_map(|number| rates.price(number))
    }

    #[sink(from = rows)]
    fn end_rows(_rows: Vec<u64>) {}

    #[map(from = number.partition(2, within = "1h"), on_error = skip)]
    async fn rows_waiting(numbers: Batch<u64>, rates: &Rates) -> Batch<u64> {
        tokio::task::yield_now().await;
        numbers.try_map(|number| rates.price(number))
    }

    #[sink(from = rows_waiting)]
    fn end_rows_waiting(_rows: Vec<u64>) {}

    #[foreach_map(from = number.partition(2, within = "1h"), on_error = skip)]
    fn each(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        rates.price(number)
    }

    #[sink(from = each)]
    fn end_each(_rows: Vec<u64>) {}

    #[foreach_async(from = number.partition(2, within = "1h"), on_error = skip)]
    async fn together(number: u64, rates: &Rates) -> Result<u64, NoPrice> {
        tokio::task::yield_now().await;
        rates.price(number)
    }

    #[sink(from = together)]
    fn end_together(_rows: Vec<u64>) {}
}

fn rates(refused: u64) -> Rates {
    Rates { refused }
}

fn kinds_refusing(refused: u64) -> Pipeline<alone::__waterhealer::Graph> {
    let rates = rates(refused);
    alone::pipeline(alone::Resources { rates })
}

fn batches_refusing(refused: u64) -> Pipeline<batches::__waterhealer::Graph> {
    let rates = rates(refused);
    batches::pipeline(batches::Resources { rates })
}

const OF_ONE: [&str; 14] = [
    "by_value",
    "by_ref",
    "kept",
    "many",
    "waiting",
    "ready",
    "blocking",
    "again",
    "again_by_ref",
    "again_waiting",
    "sum",
    "tracked",
    "tracked_waiting",
    "write",
];

fn of<'k>(kept: &'k [Value], stage: &str) -> &'k Value {
    let mut found = kept.iter().filter(|failure| failure["stage"] == stage);
    let failure = found.next().unwrap_or_else(|| panic!("none of `{stage}`"));
    assert_eq!(found.next(), None, "one of `{stage}`");
    failure
}

/// What a replay answers, where the same number is refused and where another is.
fn replayed<G: waterhealer::Graph>(
    failure: &Value,
    refusing: fn(u64) -> Pipeline<G>,
) -> (Result<String, ReplayError>, Result<String, ReplayError>) {
    let text = failure.to_string();
    (
        testing::replay(refusing(3), &text),
        testing::replay(refusing(4), &text),
    )
}

#[test]
fn a_stage_of_each_kind_fails_again_with_what_it_was_given() {
    let kept = Kept::default();
    let mut test = kept.drive(kinds_refusing(3));
    test.push(Incoming::new("numbers", "1"));
    test.push(
        Incoming::new("numbers", "3")
            .key("ada")
            .header("trace", "x")
            .timestamp(7),
    );
    test.advance(std::time::Duration::from_secs(1));
    let kept = kept.all();
    assert_eq!(kept.len(), OF_ONE.len(), "{kept:#?}");
    for stage in OF_ONE {
        let failure = of(&kept, stage);
        assert_eq!(failure["args"], json!([3]), "{stage}");
        assert_eq!(failure["args_form"], "json", "{stage}");
        assert_eq!(failure["kwargs"], json!(["rates"]), "{stage}");
        assert_eq!(failure["position"]["offset"], 1, "{stage}");
        assert_eq!(failure["record"]["text"], "3", "{stage}");
        assert_eq!(failure["key"]["text"], "ada", "{stage}");
        assert_eq!(failure["headers"][0]["name"], "trace", "{stage}");
        assert_eq!(
            failure["exception"],
            json!(["no price", "invalid digit found in string"]),
            "{stage}"
        );
        assert_eq!(failure["fate"], "skip", "{stage}");
        let attempts = if stage.starts_with("again") { 3 } else { 1 };
        assert_eq!(failure["attempts"], attempts, "{stage}");
        let (same, other) = replayed(failure, kinds_refusing);
        let failed = ReplayError::Failed("no price: invalid digit found in string".to_owned());
        assert_eq!(same, Err(failed), "{stage}");
        let answer = match stage {
            "kept" => "true",
            "many" => "[3,30]",
            "tracked" => "\"30 at numbers[0]@1\"",
            "write" => "null",
            _ => "30",
        };
        assert_eq!(other.as_deref(), Ok(answer), "{stage}");
    }
    let function = of(&kept, "by_value")["function"].as_str().unwrap();
    assert!(
        function.ends_with("failures::kinds::alone::by_value"),
        "{function}"
    );
}

#[test]
fn a_stage_over_batches_is_told_with_all_rows_and_an_element_alone() {
    let kept = Kept::default();
    let mut test = kept.drive(batches_refusing(3));
    test.records("numbers", ["2", "3"]);
    let kept = kept.all();
    for (stage, args, answer) in [
        ("rows", json!([[2, 3]]), "[20,30]"),
        ("rows_waiting", json!([[2, 3]]), "[20,30]"),
        ("whole", json!([[2, 3]]), "[2,3]"),
        ("each", json!([3]), "[30]"),
        ("together", json!([3]), "[30]"),
    ] {
        let failure = of(&kept, stage);
        assert_eq!(failure["args"], args, "{stage}");
        let (same, other) = replayed(failure, batches_refusing);
        assert!(
            matches!(same, Err(ReplayError::Failed(_))),
            "{stage}: {same:?}"
        );
        assert_eq!(other.as_deref(), Ok(answer), "{stage}");
    }
    let alone = of(&kept, "rows");
    assert_eq!(alone["position"]["offset"], 1, "the row's own record");
    assert_eq!(alone["records"], Value::Null);
    let whole = of(&kept, "whole");
    assert_eq!(whole["position"]["offset"], 0, "the first of all");
    assert_eq!(whole["records"][1]["offset"], 1);
}

#[test]
fn a_source_is_replayed_with_its_record() {
    let kept = Kept::default();
    let mut test = kept.drive(kinds_refusing(3));
    test.push(Incoming::new("numbers", vec![b'4', 0xff]));
    let failure = kept.only();
    assert_eq!(failure["args_form"], "record");
    assert_eq!(failure["record"], json!({ "base64": "NP8=" }));
    let (same, _) = replayed(&failure, kinds_refusing);
    let why = same.unwrap_err().to_string();
    assert!(why.contains("invalid utf-8"), "{why}");
}
