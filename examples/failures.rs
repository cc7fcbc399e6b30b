//! Calls that fail are kept with what they were given, the seeds' remote logging. It shows a place of the program's own, what is
//! taken out before anything leaves the process, and a stage that is called again with it.
//!
//! `cargo run --example failures`, or on a real broker: `cargo run --example failures -- --brokers 127.0.0.1:9092`

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use waterhealer::prelude::*;
use waterhealer::{BoxError, FailedCall, testing};
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-failures";

/// Something to pay.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Payment {
    card: String,
    cents: u64,
}

/// What may be charged.
pub(crate) struct Limits {
    cents: u64,
}

#[pipeline(group = "waterhealer-failures", interval = "1s")]
pub(crate) mod failures {
    use super::*;

    #[source(topic = "waterhealer-failures", on_error = skip)]
    fn payment(record: &Record<'_>) -> Result<Payment, serde_json::Error> {
        record.json()
    }

    #[map(from = payment, on_error = skip)]
    fn charge(payment: Payment, limits: &Limits) -> Result<u64, String> {
        match payment.cents > limits.cents {
            true => Err(format!("{} is too much", payment.cents)),
            false => Ok(payment.cents),
        }
    }

    #[sink(from = charge)]
    fn book(cents: u64) {
        println!("    {cents} cents booked");
    }
}

/// The pipeline with this limit.
fn pipeline(cents: u64) -> Pipeline<failures::__waterhealer::Graph> {
    let limits = Limits { cents };
    failures::pipeline(failures::Resources { limits })
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, "waterhealer-failures").await?;
    stage.fill(
        TOPIC,
        [
            r#"{"card":"4111","cents":700}"#,
            r#"{"card":"4222","cents":90000}"#,
            "no payment",
        ],
    )?;

    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = {
        let kept = Arc::clone(&kept);
        move |call: &FailedCall| -> Result<(), BoxError> {
            let mut kept = kept.lock().map_err(|_| "another call has panicked")?;
            kept.push(call.json().clone());
            Ok(())
        }
    };
    // To a directory or a bucket it is a setting: `failures = "dir:failed"`.
    let report = pipeline(1_000)
        .persist(keep)
        .redact(mask_card)
        .config(stage.config().until_end())
        .run()
        .await?;
    println!("{} finished, {} skipped", report.finished, report.skipped);

    let kept = std::mem::take(&mut *kept.lock().map_err(|_| "a call has panicked")?);
    for failure in &kept {
        println!("`{}` failed:", failure["stage"].as_str().unwrap_or("?"));
        for field in ["args", "args_form", "kwargs", "error", "position", "record"] {
            println!("    {field}: {}", failure[field]);
        }
    }

    let Some(charge) = kept.iter().find(|failure| failure["stage"] == "charge") else {
        return Err("nothing was too much".into());
    };
    for cents in [1_000, 100_000] {
        match testing::replay(pipeline(cents), &charge.to_string()) {
            Ok(answer) => println!("with a limit of {cents} it answers {answer}"),
            Err(error) => println!("with a limit of {cents} it fails again: {error}"),
        }
    }
    Ok(())
}

/// Cards do not leave the process; nor does the record as it was read, which has them, too.
fn mask_card(failure: &mut Value) {
    if failure["args_form"] == "json" {
        failure["args"][0]["card"] = json!("***");
        failure["record"] = Value::Null;
    }
}
