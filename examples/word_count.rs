//! A pipeline without Kafka: the lines of a file, their words, how often each was seen so far.
//!
//! `cargo run --example word_count -- --until-end`, in the workspace's root, where the file is looked for. Without
//! `--until-end` it goes on: add a line, `echo "a river" >> examples/word_count.txt`, and see it counted. Nothing is
//! committed and nothing remembered: each start reads the file from its first line. To go on where the last run ended is what
//! the offsets of a topic are for.

use std::collections::BTreeMap;

use waterhealer::prelude::*;

/// How often each word was seen.
type Counts = BTreeMap<String, u64>;

#[pipeline]
pub(crate) mod word_count {
    use super::*;

    #[source(lines = "examples/word_count.txt")]
    fn line(line: String) -> String {
        line
    }

    #[flat_map(from = line)]
    fn words(line: String) -> Vec<String> {
        line.split_whitespace().map(str::to_lowercase).collect()
    }

    #[accumulate(from = words, start = Counts::new(), returns_state)]
    fn count(mut counts: Counts, word: String) -> (Counts, (String, u64)) {
        let seen = counts.entry(word.clone()).or_default();
        *seen += 1;
        let seen = *seen;
        (counts, (word, seen))
    }

    #[sink(from = count)]
    fn print((word, seen): (String, u64)) {
        println!("{seen:>3} {word}");
    }
}

fn main() -> ExitCode {
    word_count::main()
}
