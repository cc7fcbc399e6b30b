//! What is written is read; what does not fit is left out from the highest down; what is not ours is refused; and nothing
//! makes the decoder panic, run for long or name what is not finished. How much fits is in `tests/table.rs`.

mod table;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn topic() -> TopicId {
    TopicId::new(7, 11).expect("it is not zero")
}

fn set(base: i64, offsets: impl IntoIterator<Item = i64>) -> Finished {
    let mut set = Finished::new(base);
    for offset in offsets {
        set.insert(offset);
    }
    set
}

fn read_back(position: i64, finished: &Finished) -> Finished {
    let text = encode(Some(topic().tag()), None, position, finished);
    assert!(text.len() <= LIMIT, "{} signs", text.len());
    assert!(text.bytes().all(|sign| sign.is_ascii_graphic()));
    let found = decode(text.as_bytes(), position).expect("it is ours");
    let found = found.expect("it says something");
    assert_eq!(found.topic, Some(topic().tag()));
    found.finished
}

/// Any bytes with the checksum that belongs to them.
fn sealed(rest: &[u8]) -> String {
    let mut bytes = crc32fast::hash(rest).to_le_bytes().to_vec();
    bytes.extend(rest);
    format!("{PREFIX}{}", text::write(&bytes))
}

/// Steps of very different lengths.
fn steps() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let length = || prop_oneof![8 => 1..4_i64, 2 => 1..200_i64, 1 => 1..100_000_i64];
    prop::collection::vec((length(), length()), 0..800)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_written_is_read_from_the_lowest_on(
        position in prop_oneof![Just(0), 0..1_000_000_i64, Just(i64::MAX - (1 << 40))], below in 0..3_i64, steps in steps()
    ) {
        let mut finished = Finished::new(position.saturating_sub(below));
        let mut at = finished.base();
        for (gap, run) in steps {
            finished.insert_run(at + gap..at + gap + run);
            at += gap + run;
        }
        let found = read_back(position, &finished);
        prop_assert_eq!(found.base(), position);
        let mut whole = Finished::new(position);
        whole.merge_above(&finished, position);
        prop_assert!(found == lowest(&whole, found.end()));
        if whole.runs().count() < 400 {
            prop_assert_eq!(found.len(), whole.len(), "four hundred runs fit at any rate");
        }
    }

    #[test]
    fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..5_000)) {
        withstand(&bytes);
    }

    #[test]
    fn bytes_that_are_nearly_ours_come_to_an_end(
        steps in steps(), at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<prop::sample::Index>()
    ) {
        let mut finished = Finished::new(1_000);
        let mut end = 1_000;
        for (gap, run) in steps {
            finished.insert_run(end + gap..end + gap + run);
            end += gap + run;
        }
        let text = encode(Some(topic().tag()), None, 1_000, &finished);
        let mut bytes = text::read(&text.as_bytes()[PREFIX.len()..]).expect("it is ours");
        // With the checksum that belongs to it, so that what is behind it is read.
        let mut rest = bytes.split_off(CHECKSUM);
        let at = at.index(rest.len());
        rest[at] ^= with;
        rest.truncate(cut.index(rest.len()) + 1);
        withstand(&rest);
        let mut text = text.into_bytes();
        let at = at % text.len();
        text[at] ^= with;
        let read = decode(&text, 1_000);
        prop_assert_eq!(read.is_ok(), with == 0, "one sign is another: {:?}", read);
    }

    #[test]
    fn text_is_read_as_it_was_written(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = text::write(&bytes);
        prop_assert_eq!(text::room(text.len()), bytes.len());
        prop_assert_eq!(text::read(text.as_bytes()), Some(bytes));
    }
}

#[test]
fn an_empty_set_says_which_topic_it_is_of() {
    let text = encode(Some(topic().tag()), None, 5, &Finished::default());
    assert!(text.len() < 20, "{text}");
    assert!(read_back(5, &Finished::default()).is_empty());
    let text = encode(None, None, 5, &Finished::default());
    let found = decode(text.as_bytes(), 5).unwrap().unwrap();
    assert_eq!(found.topic, None);
}

#[test]
fn a_straggler_takes_a_few_signs() {
    let finished = set(1_000_000, 1_000_001..1_100_000);
    let text = encode(Some(topic().tag()), None, 1_000_000, &finished);
    assert!(text.len() <= 24, "{text}");
    assert_eq!(read_back(1_000_000, &finished).len(), 99_999);
}

#[test]
fn what_does_not_fit_is_left_out_from_the_highest_down() {
    // As even as dice: nothing is shorter than a bit an offset.
    let mut dice = 1_u64;
    let offsets = (1..100_000_i64).filter(|_| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        dice >> 63 == 1
    });
    let finished = set(0, offsets);
    let found = read_back(0, &finished);
    assert!(found.end() > 26_000, "{}", found.end());
    assert!(found.end() < 27_000, "{}", found.end());
    let kept: BTreeSet<i64> = finished
        .runs()
        .flatten()
        .take(found.len() as usize)
        .collect();
    assert_eq!(found.runs().flatten().collect::<BTreeSet<_>>(), kept);
}

#[test]
fn every_second_of_as_many_as_may_be_in_flight_fits() {
    let finished = set(0, (1..100_000).step_by(2));
    assert_eq!(read_back(0, &finished), finished);
}

#[test]
fn what_others_have_committed_is_foreign() {
    for foreign in ["hello", "{\"a\":1}", "w", "wh", "wh1", "bABCD", "\u{e9}"] {
        assert_eq!(
            decode(foreign.as_bytes(), 5),
            Err(Unread::Foreign),
            "{foreign}"
        );
    }
    assert_eq!(decode(&[0xff, 0xfe], 5), Err(Unread::Foreign));
    assert_eq!(decode(b"wh2.whatever", 5), Err(Unread::Version));
    assert_eq!(decode(b"", 5), Ok(None));
}

#[test]
fn what_is_damaged_is_refused() {
    let text = encode(Some(topic().tag()), None, 5, &set(5, [7, 9]));
    for cut in PREFIX.len()..text.len() {
        let read = decode(&text.as_bytes()[..cut], 5);
        assert!(matches!(read, Err(Unread::Damaged(_))), "{cut}: {read:?}");
    }
    let long = format!("{text}{}", "!".repeat(LIMIT));
    assert!(matches!(
        decode(long.as_bytes(), 5),
        Err(Unread::Damaged(_))
    ));
    let quoted = format!("{PREFIX}\"\"");
    assert!(matches!(
        decode(quoted.as_bytes(), 5),
        Err(Unread::Damaged(_))
    ));
}

#[test]
fn a_set_that_stands_on_another_offset_is_refused() {
    let text = encode(Some(topic().tag()), None, 5, &set(5, [7]));
    let other = Unread::OtherBase {
        named: 5,
        committed: 6,
    };
    assert_eq!(decode(text.as_bytes(), 6), Err(other));
}

#[test]
fn sets_with_a_checksum_that_make_no_sense_are_refused() {
    let with = |how: u8, base: u64, body: &[u64]| {
        let mut rest = vec![how];
        number::write(&mut rest, base);
        for number in body {
            number::write(&mut rest, *number);
        }
        sealed(&rest)
    };
    let most = u64::MAX;
    for (what, text, committed) in [
        ("no way of writing", with(77, 5, &[]), 5),
        ("nothing, and something", with(NOTHING, 5, &[1]), 5),
        ("an offset beyond all", with(RUNS, most, &[1, 1]), -1),
        ("a gap beyond all", with(RUNS, 5, &[most, 1]), 5),
        ("a run beyond all", with(RUNS, 5, &[1, most]), 5),
        ("beyond what a set holds", with(RUNS, 5, &[1, 1 << 32]), 5),
        (
            "beyond the last offset",
            with(RUNS, i64::MAX as u64 - 9, &[1, 20]),
            i64::MAX - 9,
        ),
        ("half a step", with(RUNS, 5, &[1]), 5),
        ("half a number", sealed(&[RUNS, 5, 1, 0x80]), 5),
        ("more runs than we write", with(CODED, 5, &[most]), 5),
        (
            "no topic where one is said to be",
            sealed(&[TAGGED, 1, 2]),
            5,
        ),
        ("nothing at all", sealed(&[]), 5),
        (
            "a number longer than any",
            sealed(&[
                RUNS, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
            ]),
            5,
        ),
    ] {
        let read = decode(text.as_bytes(), committed);
        assert!(matches!(read, Err(Unread::Damaged(_))), "{what}: {read:?}");
    }
    // A set of its own making may be large: it is held in runs.
    let large = with(RUNS, 5, &[1, (1 << 32) - 100]);
    let found = decode(large.as_bytes(), 5).unwrap().unwrap();
    assert_eq!(found.finished.len(), (1 << 32) - 100);
    // Steps without length name nothing.
    let found = decode(with(RUNS, 5, &[0, 0, 0, 0]).as_bytes(), 5).unwrap();
    assert!(found.unwrap().finished.is_empty());
}
