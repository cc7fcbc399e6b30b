//! The catalogue: every mistake the macros know, as data. What is wrong, why it matters, what to write instead.
//! When a message is given, and where its caret goes, is for `parse` and `check`. Words in braces are filled in there.
//!
//! A code is never used twice and never reused. WH0001 to WH0019 are about the graph, from WH0020 about a function,
//! from WH0040 about resources, from WH0060 about what an attribute says, from WH0080 about where it stands, from WH0100
//! about operators and what a graph loses, from WH0120 about calls that fail, hang or wait for one another, from WH0140 about
//! exactly once.

use std::fmt::Display;

pub(crate) mod attribute;
pub(crate) mod delivery;
pub(crate) mod function;
pub(crate) mod graph;
pub(crate) mod handling;
pub(crate) mod operator;
pub(crate) mod place;
pub(crate) mod resource;
pub(crate) mod rules;

/// One mistake.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// `WH0001`; what `explain` asks for.
    pub(crate) code: &'static str,
    /// What is wrong, in the user's words.
    pub(crate) headline: &'static str,
    /// Why it matters.
    pub(crate) why: &'static str,
    /// What to write instead.
    pub(crate) instead: &'static str,
}

impl Message {
    /// The whole message, with the words in braces filled in.
    pub(crate) fn render(&self, words: &[(&str, &dyn Display)]) -> String {
        let whole = format!(
            "{} [{}]\nwhy: {}\nhelp: {}",
            self.headline, self.code, self.why, self.instead
        );
        words.iter().fold(whole, |text, (name, word)| {
            text.replace(&format!("{{{name}}}"), &word.to_string())
        })
    }
}

/// Every message of one part of the catalogue, and a name for each.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = $code:literal { $headline:literal, why: $why:literal, instead: $instead:literal })+) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: $crate::message::Message = $crate::message::Message {
                code: $code,
                headline: $headline,
                why: $why,
                instead: $instead,
            };
        )+

        /// Every message of this file.
        pub(crate) const ALL: &[&$crate::message::Message] = &[$(&$name),+];
    };
}
use catalogue;

/// The whole catalogue, in the order of the codes.
pub(crate) fn every() -> impl Iterator<Item = &'static Message> {
    let parts = [
        graph::ALL,
        function::ALL,
        resource::ALL,
        attribute::ALL,
        place::ALL,
        operator::ALL,
        handling::ALL,
        delivery::ALL,
    ];
    parts.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_given_once_and_in_order() {
        let codes: Vec<&str> = every().map(|message| message.code).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        assert!(
            codes
                .iter()
                .all(|code| code.len() == 6 && code.starts_with("WH0"))
        );
    }

    #[test]
    fn every_part_says_something_and_starts_small() {
        for message in every() {
            for part in [message.headline, message.why, message.instead] {
                assert!(
                    part.len() > 10 || part.starts_with('{'),
                    "{}: {part:?}",
                    message.code
                );
                assert!(
                    !part.ends_with('.'),
                    "{}: {part:?} ends in a full stop",
                    message.code
                );
                assert!(
                    part.starts_with(|first: char| !first.is_uppercase()),
                    "{}: {part:?} starts with a capital",
                    message.code
                );
            }
        }
    }

    #[test]
    fn words_in_braces_are_filled_in() {
        let text =
            graph::UNREACHED.render(&[("node", &"price"), ("offsets", &"offsets of `orders`")]);
        assert!(text.starts_with("nothing takes what `price` gives [WH0001]\nwhy: "));
        assert!(!text.contains('{'), "{text}");
    }
}
