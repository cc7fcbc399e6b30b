//! A flat_map may answer its values one by one, from what it owns, what it is lent and what is shared.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn up_to(order: i64) -> impl Iterator<Item = i64> {
        0..order
    }
    #[flat_map(from = up_to)]
    fn digits(number: &i64) -> impl IntoIterator<Item = u8> + use<> {
        number.to_string().into_bytes()
    }
    #[flat_map(from = digits)]
    fn named(digit: u8, names: &Vec<String>) -> impl Iterator<Item = String> {
        names.iter().take(usize::from(digit)).cloned()
    }
    #[flat_map(from = named)]
    fn letters(name: String) -> [Option<char>; 2] {
        [name.chars().next(), name.chars().last()]
    }
    #[flat_map(from = letters)]
    fn present(letter: Option<char>) -> Option<char> {
        letter
    }
    #[sink(from = present)]
    fn store(letter: char) {
        assert!(letter.is_alphabetic());
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        names: vec!["one".to_owned()],
    });
}
