//! From which level on lines are written: the words of Rust and of Python, and different levels for different targets.

use tracing_subscriber::EnvFilter;

use super::VALUES;

/// A level, or levels by target, as `EnvFilter` reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level(String);

/// Python's words, and ours for them. Nothing is worse than an error here.
const WORDS: [(&str, &str); 5] = [
    ("critical", "error"),
    ("fatal", "error"),
    ("warning", "warn"),
    ("notset", "trace"),
    ("none", "off"),
];

const OURS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl Level {
    /// What a text is to be for [`parse`](Level::parse).
    pub(crate) const WANTED: &str = "a level (off, error, warn, info, debug, trace; or WARNING, CRITICAL, …), or levels by target such as \
         `info,my_crate=debug`";

    /// `WARNING`, or `info,my_crate=debug`; `None` if it is nothing of the kind.
    pub(crate) fn parse(text: &str) -> Option<Level> {
        let parts = text.split(',').map(str::trim);
        let parts = parts.map(|part| match part.rsplit_once('=') {
            Some((target, level)) => Some(format!("{target}={}", word(level)?)),
            // By itself it would be read as the name of a target, and all others would be silent.
            None => word(part).map(str::to_owned),
        });
        let directives = parts.collect::<Option<Vec<_>>>()?.join(",");
        EnvFilter::try_new(&directives).ok()?;
        Some(Level(directives))
    }

    /// The filter; where values are told, their lines pass whatever the level.
    pub(super) fn filter(&self, values: bool) -> EnvFilter {
        let mut directives = self.0.clone();
        if values {
            directives.push_str(&format!(",{VALUES}=debug"));
        }
        EnvFilter::new(directives)
    }
}

fn word(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    let python = WORDS.iter().find(|(python, _)| *python == text);
    python
        .map(|(_, ours)| *ours)
        .or_else(|| OURS.into_iter().find(|ours| *ours == text))
}

impl Default for Level {
    fn default() -> Self {
        Level("info".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_both_languages_are_levels() {
        for (text, level) in [
            ("INFO", "info"),
            ("warning", "warn"),
            ("CRITICAL", "error"),
            ("info, my_Crate::x=DEBUG", "info,my_Crate::x=debug"),
        ] {
            assert_eq!(Level::parse(text), Some(Level(level.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_word_that_is_no_level_is_not_taken_for_a_target() {
        for text in ["verbose", "", "info,loud", "my_crate=loud"] {
            assert_eq!(Level::parse(text), None, "{text}");
        }
    }
}
