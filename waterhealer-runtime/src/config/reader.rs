//! Reads one setting after another out of what was written, and notes what is wrong with each. Which settings there are, and
//! what they mean together, is `settings`' business.

use std::time::Duration;

use super::{Entry, MAX_LANES};

/// Takes the entries apart and notes what is wrong with them.
pub(super) struct Reader {
    pub(super) entries: Vec<Entry>,
    pub(super) mistakes: Vec<String>,
}

impl Reader {
    pub(super) fn winner(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    pub(super) fn read<T>(
        &mut self,
        key: &str,
        default: T,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let Some(entry) = self.winner(key) else {
            return default;
        };
        match parse(&entry.value) {
            Some(value) => value,
            None => {
                let mistake = format!(
                    "{}: `{key}` must be {wanted}, not `{}`",
                    entry.layer, entry.value
                );
                self.mistakes.push(mistake);
                default
            }
        }
    }

    pub(super) fn duration(&mut self, key: &str, default: Duration) -> Duration {
        self.read(
            key,
            default,
            "a time above zero such as `10s` or `500ms`",
            |text| {
                humantime::parse_duration(text)
                    .ok()
                    .filter(|time| !time.is_zero())
            },
        )
    }

    pub(super) fn number(&mut self, key: &str, default: u64) -> u64 {
        self.read(key, default, "a whole number above zero", |text| {
            text.parse().ok().filter(|number| *number > 0)
        })
    }

    pub(super) fn lanes(&mut self) -> usize {
        let wanted = format!("a whole number from 1 to {MAX_LANES}");
        self.read("lanes", 1, &wanted, |text| {
            let lanes = text.parse::<usize>().ok()?;
            (1..=MAX_LANES).contains(&lanes).then_some(lanes)
        })
    }

    pub(super) fn truth(&mut self, key: &str) -> bool {
        self.truth_or(key, false)
    }

    /// As [`truth`](Reader::truth), where nothing said means something else.
    pub(super) fn truth_or(&mut self, key: &str, usual: bool) -> bool {
        self.read(key, usual, "true or false", |text| text.parse().ok())
    }
}
