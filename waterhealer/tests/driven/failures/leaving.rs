//! What leaves the process: only what is asked for, with what is secret left out.

use serde_json::json;
use waterhealer::prelude::*;
use waterhealer::testing::drive;
use waterhealer::{BoxError, FailedCall};

use super::Kept;

#[pipeline(group = "cards")]
mod cards {
    use super::*;

    #[source(topic = "cards")]
    fn card(record: &Record<'_>) -> Result<serde_json::Value, serde_json::Error> {
        record.json()
    }

    #[sink(from = card, on_error = skip)]
    fn charge(card: serde_json::Value) -> Result<(), String> {
        Err(format!("no {}", card["cents"]))
    }
}

#[test]
fn a_function_of_the_program_takes_out_what_is_secret() {
    let kept = Kept::default();
    let pipeline = cards::pipeline().redact(|json| {
        json["args"][0]["number"] = json!("…");
        json["record"] = json!(null);
    });
    let handle = pipeline.handle();
    let mut test = kept.drive(pipeline);
    test.record("cards", 0, 0, r#"{"number":"4111","cents":7}"#);
    let failure = kept.only();
    assert_eq!(failure["args"], json!([{ "number": "…", "cents": 7 }]));
    assert!(!failure.to_string().contains("4111"), "{failure}");
    let last = handle.failures();
    assert_eq!(last.len(), 1);
    assert!(
        !last[0].json().to_string().contains("4111"),
        "in memory, too"
    );
}

#[test]
fn what_the_function_panics_on_does_not_leave() {
    let kept = Kept::default();
    let pipeline = cards::pipeline().redact(|_| panic!("no such field"));
    let handle = pipeline.handle();
    let mut test = kept.drive(pipeline);
    test.record("cards", 0, 0, r#"{"number":"4111","cents":7}"#);
    assert!(kept.all().is_empty());
    assert!(handle.failures().is_empty());
    assert_eq!(handle.state().failures_refused, 1);
}

#[test]
fn without_a_place_the_last_failures_are_known_without_their_arguments() {
    let pipeline = cards::pipeline();
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    for offset in 0..120 {
        test.record("cards", 0, offset, format!("{{\"cents\":{offset}}}"));
    }
    let last = handle.failures();
    assert_eq!(last.len(), 100, "the last ones");
    assert_eq!(last[0].json()["error"], "no 119", "the newest first");
    assert_eq!(last[0].json()["args_form"], "unknown");
    assert_eq!(last[0].json()["record"], json!(null));
}

#[test]
fn a_place_that_refuses_does_not_harm_the_pipeline() {
    let refuse = |_: &FailedCall| -> Result<(), BoxError> { Err("no room".into()) };
    let pipeline = cards::pipeline().persist(refuse);
    let handle = pipeline.handle();
    let mut test = drive(pipeline);
    test.records("cards", ["{}", "{}"]);
    assert_eq!(test.end().skipped, 2);
    assert_eq!(handle.state().failures_refused, 2);
    assert_eq!(handle.state().failures_kept, 0);
}
