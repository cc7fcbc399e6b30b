//! Zips by record after what makes several values of a record, where values get a name of their own: batches keep their rows
//! apart, and a value that several zips take goes by one name.

use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::{AnyError, Store};

#[pipeline(group = "batches")]
mod batches {
    use super::*;

    #[source(topic = "words")]
    fn word(record: &Record<'_>) -> Result<String, AnyError> {
        Ok(record.text()?.to_owned())
    }

    #[flat_map(from = word)]
    fn letter(word: String) -> Vec<char> {
        word.chars().collect()
    }

    #[map(from = letter.partition(2, within = "1s"))]
    fn pair(letters: Batch<char>) -> Batch<char> {
        letters
    }

    #[map(from = pair)]
    fn without_a(letters: Batch<char>) -> Batch<char> {
        letters.retain(|letter| *letter != 'a')
    }

    #[map(from = pair)]
    fn all(letters: Batch<char>) -> Batch<char> {
        letters
    }

    #[sink(from = without_a.delay("1s"))]
    fn later(some: Vec<char>, seen: &Store<String>) {
        seen.put(format!("{some:?}"));
    }

    #[sink(from = all.flatten())]
    fn each(letter: char, seen: &Store<String>) {
        seen.put(letter.to_string());
    }

    #[sink(from = without_a.zip(all))]
    fn keep((some, all): (Vec<char>, Vec<char>), seen: &Store<String>) {
        seen.put(format!("{some:?} {all:?}"));
    }
}

#[test]
fn a_row_that_leaves_its_batch_takes_no_other_with_it() {
    let mut test = drive(batches::pipeline(batches::Resources { seen: Store::new() }));
    test.records("words", ["a", "b"]);
    let seen = test.resources().seen.all();
    assert_eq!(seen, ["a", "b", "['b'] ['a', 'b']"]);
    assert_eq!(test.healed("words", 0), Some(1), "b waits for the delay");
    test.advance(Duration::from_secs(1));
    assert_eq!(test.healed("words", 0), Some(2));
}

#[pipeline(group = "crossing")]
mod crossing {
    use super::*;

    #[source(topic = "words")]
    fn word(record: &Record<'_>) -> Result<String, AnyError> {
        Ok(record.text()?.to_owned())
    }

    #[flat_map(from = word)]
    fn letter(word: String) -> Vec<char> {
        word.chars().collect()
    }

    #[map(from = letter)]
    fn code(letter: char) -> u32 {
        u32::from(letter)
    }

    #[map(from = code)]
    fn even(code: u32) -> bool {
        code.is_multiple_of(2)
    }

    #[sink(from = even.zip(code))]
    fn inner((even, code): (bool, u32), seen: &Store<String>) {
        seen.put(format!("{code} {even}"));
    }

    #[sink(from = letter.zip(code))]
    fn outer((letter, code): (char, u32), seen: &Store<String>) {
        seen.put(format!("{letter} {code}"));
    }
}

#[test]
fn a_value_that_two_zips_take_has_one_name_for_both() {
    let mut test = drive(crossing::pipeline(crossing::Resources {
        seen: Store::new(),
    }));
    test.records("words", ["ab"]);
    let mut seen = test.resources().seen.all();
    seen.sort();
    assert_eq!(seen, ["97 false", "98 true", "a 97", "b 98"]);
    assert_eq!(test.healed("words", 0), Some(1));
}
