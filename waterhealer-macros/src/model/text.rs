//! Types as a person writes them: `Vec<u8>`, not `Vec < u8 >`. For messages and for the graph.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The text of a type's tokens.
pub(crate) fn text(tokens: TokenStream) -> String {
    let mut writer = Writer {
        out: String::new(),
        last: Last::Start,
    };
    writer.stream(tokens);
    writer.out
}

/// What was written last, as far as it matters for a space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    Word,
    Lifetime,
    /// The `'` of a lifetime.
    Tick,
    /// A sign that a space follows.
    Spaced,
    /// The first half of `->`, `::`, `..`.
    Half,
    /// What ends something: a word after it stands apart, a sign does not.
    Close,
    Tight,
}

struct Writer {
    out: String,
    last: Last,
}

impl Writer {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.word(&ident.to_string()),
                TokenTree::Literal(literal) => self.word(&literal.to_string()),
                TokenTree::Punct(punct) => {
                    self.sign(punct.as_char(), punct.spacing() == Spacing::Joint)
                }
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
            }
        }
    }

    fn word(&mut self, word: &str) {
        if matches!(
            self.last,
            Last::Word | Last::Lifetime | Last::Spaced | Last::Close
        ) {
            self.out.push(' ');
        }
        self.out.push_str(word);
        self.last = if self.last == Last::Tick {
            Last::Lifetime
        } else {
            Last::Word
        };
    }

    fn sign(&mut self, sign: char, joint: bool) {
        let before = matches!(sign, '=' | '+' | '-') && self.last != Last::Half;
        let after_spaced = self.last == Last::Spaced && !matches!(sign, ',' | ';');
        if (before || after_spaced) && self.last != Last::Start {
            self.out.push(' ');
        }
        let closes_arrow = sign == '>' && self.last == Last::Half && self.out.ends_with('-');
        self.out.push(sign);
        self.last = match sign {
            '\'' => Last::Tick,
            '-' | '.' if joint => Last::Half,
            ',' | ';' | '=' | '+' => Last::Spaced,
            '>' if closes_arrow => Last::Spaced,
            '>' => Last::Close,
            _ => Last::Tight,
        };
    }

    fn group(&mut self, delimiter: Delimiter, stream: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        let after_keyword = ["mut", "dyn", "impl", "const"]
            .iter()
            .any(|word| self.out.ends_with(word));
        if matches!(self.last, Last::Lifetime | Last::Spaced)
            || self.last == Last::Word && after_keyword
        {
            self.out.push(' ');
        }
        self.out.push_str(open);
        self.last = Last::Tight;
        self.stream(stream);
        self.out.push_str(close);
        self.last = Last::Close;
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn types_read_as_they_are_written() {
        for written in [
            "Order",
            "Vec<u8>",
            "&Record<'_>",
            "&'static str",
            "&'static [u8]",
            "Result<Order, serde_json::Error>",
            "HashMap<String, Vec<(u64, f64)>>",
            "[u8; 32]",
            "Box<dyn Fn(&str) -> Option<u8> + Send + 'static>",
            "impl Iterator<Item = Row>",
            "*const u8",
            "*mut [u8]",
            "<Vec<u8> as IntoIterator>::Item",
            "Tracked<'record, Order>",
            "(A, B)",
            "()",
            "Matrix<3, { N + 1 }>",
        ] {
            let tokens = written.parse().expect("tokens");
            let expected = written.replace("{ N + 1 }", "{N + 1}");
            assert_eq!(text(tokens), expected);
        }
    }
}
