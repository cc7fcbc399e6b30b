//! What is written of a failure, to the letter; what leaves the process, and what waits to.

mod places;
mod waiting;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::read::Kept;
use super::redact::Redactor;
use super::report::{Fate, Place, Report};
use crate::error::{Failure, terminal};
use crate::types::{Arguments, EmitId, Meta, Position};

fn place() -> Place {
    Place {
        pipeline: "billing",
        group: "payments".to_owned(),
        module: "orders::billing",
        stage: "price",
        resources: &["rates"],
        source: false,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no price")]
struct NoPrice(#[source] crate::error::Terminal);

fn position(offset: i64) -> Position {
    Position {
        topic: "orders".into(),
        partition: 3,
        offset,
    }
}

fn failure(form: &'static str, text: &str) -> Failure {
    let given = Arguments {
        form,
        text: text.to_owned(),
        cut: false,
    };
    let failure = Failure::error(NoPrice(terminal("no such currency")));
    failure.after(2).given(Some(Arc::new(given)))
}

fn report(failure: &Failure) -> Report {
    let mut report = Report::new(place(), failure, Fate::DeadLetter);
    report.failed_at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_637_780_212_345);
    report.records = vec![(position(7), EmitId::new("c", "orders", 3, 7))];
    report.meta = Some(Arc::new(Meta {
        emit_id: EmitId::new("c", "orders", 3, 7),
        position: position(7),
        key: Some(b"ada".as_slice().into()),
        headers: vec![
            ("trace".to_owned(), Some([0xff].as_slice().into())),
            ("card".to_owned(), Some(b"4111".as_slice().into())),
        ],
        timestamp: Some(1_000),
        value: Some(br#"{"card":"4111","cents":7}"#.as_slice().into()),
    }));
    report
}

fn written(report: &Report) -> Value {
    let call = report.call(&Redactor::default());
    call.expect("nothing is to be left out").json().clone()
}

/// The guide has this, too. What changes here changes the version.
#[test]
fn a_failure_is_written_like_this() {
    let written = written(&report(&failure("json", r#"{"card":"4111","cents":7}"#)));
    let golden = include_str!("version_1.json");
    assert_eq!(format!("{written:#}\n"), golden);
}

#[test]
fn what_is_kept_can_be_read_again() {
    let text = written(&report(&failure("json", "[7]"))).to_string();
    let kept = Kept::read(&text).unwrap();
    assert_eq!(kept.argument().as_deref(), Ok("[7]"));
    assert_eq!(kept.resources(), ["rates"]);
    let meta = kept.meta();
    assert_eq!(meta.position, position(7));
    assert_eq!(meta.key.as_deref(), Some(b"ada".as_slice()));
    assert_eq!(meta.headers[0].1.as_deref(), Some([0xff].as_slice()));
    assert_eq!(meta.timestamp, Some(1_000));
}

#[test]
fn what_is_no_kept_failure_is_refused_with_the_reason() {
    for (text, why) in [
        ("{", "no JSON"),
        ("{}", "no `version`"),
        (r#"{"version":2}"#, "version 2"),
    ] {
        let refused = Kept::read(text).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
}

#[test]
fn the_name_of_a_file_has_the_function_and_the_time_as_the_seeds_have_it() {
    let report = report(&failure("json", "7"));
    let names = [(); 2].map(|()| report.call(&Redactor::default()).unwrap().file_name());
    for name in &names {
        let rest = name.strip_prefix("orders.billing.price-21-11-24-18-56-52-");
        let only = rest.and_then(|rest| rest.strip_suffix(".json"));
        assert_eq!(only.map(str::len), Some(12), "{name}");
    }
    assert_ne!(names[0], names[1]);
}

#[test]
fn fields_are_masked_wherever_they_stand() {
    let redactor = Redactor::new(&["CARD".to_owned()], None);
    let given = r#"{"deep":[{"Card":"4111"}],"cents":7}"#;
    let call = report(&failure("json", given)).call(&redactor).unwrap();
    let json = call.json();
    assert_eq!(
        json["args"],
        json!([{ "deep": [{ "Card": "***" }], "cents": 7 }])
    );
    assert_eq!(json["record"]["text"], r#"{"card":"***","cents":7}"#);
    assert_eq!(json["headers"][1], json!({ "name": "card", "text": "***" }));
    assert_eq!(json["headers"][0]["base64"], "/w==");
    assert!(!json.to_string().contains("4111"), "{json}");
}

#[test]
fn where_no_field_can_be_found_all_is_left_out() {
    let redactor = Redactor::new(&["card".to_owned()], None);
    let mut report = report(&failure("debug", "Card(4111)"));
    report.meta = Some(Arc::new(Meta {
        emit_id: EmitId::new("c", "orders", 3, 7),
        position: position(7),
        key: None,
        headers: Vec::new(),
        timestamp: None,
        value: Some(b"card=4111".as_slice().into()),
    }));
    let call = report.call(&redactor).unwrap();
    assert!(
        !call.json().to_string().contains("4111"),
        "{:?}",
        call.json()
    );
    let kept = Kept::read(&call.text()).unwrap();
    assert!(kept.argument().unwrap_err().contains("left out"));
    assert!(!kept.has_record());
}

#[test]
fn a_value_that_was_cut_stays_text() {
    let given = Arguments {
        form: "json",
        text: "[1,2".to_owned(),
        cut: true,
    };
    let failure = Failure::lost("x").given(Some(Arc::new(given)));
    let written = written(&report(&failure));
    assert_eq!(written["args"], json!(["[1,2"]));
    assert_eq!(
        (&written["args_form"], &written["args_cut"]),
        (&json!("text"), &json!(true))
    );
    let kept = Kept::read(&written.to_string()).unwrap();
    assert!(kept.argument().unwrap_err().contains("cut"));
}
