//! What is written is read again, in every style; the forms of the numbers; what goes back is as it was.

use std::time::{Duration, SystemTime};

use super::{Header, Letter, Said, replayed, stripped};
use crate::graph::Style;
use crate::types::{EmitId, Position};

const STYLES: [Style; 3] = [Style::Connect, Style::Spring, Style::Streams];

fn position() -> Position {
    Position {
        topic: "orders".into(),
        partition: 3,
        offset: 5_000_000_000,
    }
}

fn letter(position: &Position) -> Letter<'_> {
    Letter {
        position,
        emit_id: EmitId::new(
            "lkc-7",
            &position.topic,
            position.partition,
            position.offset,
        ),
        timestamp: Some(1_700_000_000_123),
        pipeline: "billing",
        group: "bills",
        stage: "price",
        class: "shop::PriceError",
        message: "no price: for apples",
        attempts: 1,
        failed_at: SystemTime::UNIX_EPOCH + Duration::from_millis(1_500),
    }
}

fn value<'a>(headers: &'a [Header], name: &str) -> Option<&'a [u8]> {
    let found = headers.iter().find(|(key, _)| key == name);
    found.and_then(|(_, value)| value.as_deref())
}

#[test]
fn what_is_written_is_read_in_every_style() {
    let position = position();
    for style in STYLES {
        let said = Said::of(&letter(&position).headers(style));
        let emit_id = EmitId::new("lkc-7", "orders", 3, 5_000_000_000);
        let expected = Said {
            emit_id: Some(emit_id.to_string()),
            topic: Some("orders".to_owned()),
            partition: Some(3),
            offset: Some(5_000_000_000),
            pipeline: Some("billing".to_owned()),
            group: Some("bills".to_owned()),
            stage: Some("price".to_owned()),
            class: Some("shop::PriceError".to_owned()),
            message: Some("no price: for apples".to_owned()),
            failed_at: Some("1970-01-01T00:00:01.500Z".to_owned()),
        };
        assert_eq!(said, expected, "{style:?}");
    }
}

#[test]
fn numbers_are_text_but_for_spring() {
    let position = position();
    let connect = letter(&position).headers(Style::Connect);
    assert_eq!(
        value(&connect, "__connect.errors.partition"),
        Some(&b"3"[..])
    );
    assert_eq!(
        value(&connect, "__connect.errors.offset"),
        Some(&b"5000000000"[..])
    );
    let spring = letter(&position).headers(Style::Spring);
    assert_eq!(
        value(&spring, "kafka_dlt-original-partition"),
        Some(&[0, 0, 0, 3][..])
    );
    assert_eq!(
        value(&spring, "kafka_dlt-original-offset"),
        Some(&5_000_000_000_i64.to_be_bytes()[..])
    );
    let streams = letter(&position).headers(Style::Streams);
    assert_eq!(
        value(&streams, "__streams.errors.exception"),
        Some(&b"shop::PriceError: no price: for apples"[..])
    );
}

#[test]
fn the_last_failure_counts_also_in_another_style() {
    let (first, last) = (
        position(),
        Position {
            offset: 9,
            ..position()
        },
    );
    for before in STYLES {
        for after in STYLES {
            let mut headers = letter(&first).headers(before);
            headers.extend(letter(&last).headers(after));
            assert_eq!(Said::of(&headers).offset, Some(9), "{before:?} {after:?}");
        }
    }
}

#[test]
fn what_goes_back_has_its_own_headers_and_where_it_comes_from() {
    let position = position();
    let own: Vec<Header> = vec![
        ("trace".to_owned(), Some(b"x".to_vec())),
        ("empty".to_owned(), None),
        ("trace".to_owned(), Some(vec![0xff])),
    ];
    for style in STYLES {
        let mut headers = own.clone();
        headers.extend(letter(&position).headers(style));
        headers.extend(replayed(&position));
        assert_eq!(stripped(&headers), own, "{style:?}");
    }
    let from = replayed(&position);
    assert_eq!(
        value(&from, "waterhealer.replayed.from.offset"),
        Some(&b"5000000000"[..])
    );
}

#[test]
fn headers_that_say_nothing_or_nonsense_are_no_trouble() {
    assert_eq!(Said::of(&[]), Said::default());
    let headers = [
        ("kafka_dlt-original-topic".to_owned(), Some(b"t".to_vec())),
        (
            "kafka_dlt-original-offset".to_owned(),
            Some(b"short".to_vec()),
        ),
        ("kafka_dlt-original-partition".to_owned(), None),
    ];
    let said = Said::of(&headers);
    assert_eq!(
        (said.topic.as_deref(), said.offset, said.partition),
        (Some("t"), None, None)
    );
}
