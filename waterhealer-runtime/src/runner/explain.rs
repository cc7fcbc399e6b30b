//! What `explain` prints: the rules that a pipeline is held to, one by one or as a list, as text or as JSON. The rules are
//! handed in: they are made of the macros' catalogue and the guide's pages, neither of which is in this crate.

use std::fmt;

use serde::Serialize;

use super::page::Page;
use super::prose::Prose;

/// A rule that a pipeline is held to, with its page of the guide.
#[derive(Debug)]
pub struct Rule {
    /// As messages have it: `WH0001`.
    pub code: &'static str,
    /// What is wrong.
    pub headline: &'static str,
    /// Why it matters; empty where the page alone says it.
    pub why: &'static str,
    /// What to write instead; empty where the page alone says it.
    pub instead: &'static str,
    /// Markdown: when it happens, a refused program, how it is mended, the mended program.
    pub page: &'static str,
}

/// A rule as JSON.
#[derive(Serialize)]
struct Told<'r> {
    code: &'r str,
    headline: &'r str,
    why: Option<&'r str>,
    instead: Option<&'r str>,
    #[serde(flatten)]
    page: Page,
}

/// A code that no rule has.
#[derive(Debug)]
pub(super) struct Unknown {
    asked: String,
    nearest: Option<&'static str>,
}

/// The text for one code, or for all of them.
pub(super) fn explain(
    rules: &[Rule],
    asked: Option<&str>,
    as_json: bool,
) -> Result<String, Unknown> {
    let Some(asked) = asked else {
        return Ok(match as_json {
            true => json(&rules.iter().map(Rule::told).collect::<Vec<_>>()),
            false => list(rules),
        });
    };
    let rule = find(rules, asked)?;
    Ok(match as_json {
        true => json(&rule.told()),
        false => rule.text(),
    })
}

impl Rule {
    fn text(&self) -> String {
        let mut prose = Prose::default();
        prose.paragraph(&format!("{}: ", self.code), self.headline);
        prose.gap();
        prose.paragraph("why:  ", self.why);
        prose.paragraph("help: ", self.instead);
        let page = Page::read(self.page);
        prose.paragraphs(&page.about);
        if !page.refused.is_empty() {
            prose.paragraphs("Refused:");
            prose.program(&page.refused);
        }
        prose.paragraphs(&page.mending);
        prose.program(&page.mended);
        prose.done()
    }

    fn told(&self) -> Told<'_> {
        let said = |text: &'static str| (!text.is_empty()).then_some(text);
        Told {
            code: self.code,
            headline: self.headline,
            why: said(self.why),
            instead: said(self.instead),
            page: Page::read(self.page),
        }
    }
}

fn list(rules: &[Rule]) -> String {
    let mut prose = Prose::default();
    for rule in rules {
        prose.paragraph(&format!("{}  ", rule.code), rule.headline);
    }
    prose.paragraphs("`explain CODE` says why it matters and what to write instead.");
    prose.done()
}

fn json(told: &impl Serialize) -> String {
    // Texts alone cannot fail to be written.
    let mut text = serde_json::to_string_pretty(told).unwrap_or_default();
    text.push('\n');
    text
}

/// `WH0007`, also as `wh7`, `7`, or with the brackets that it has in messages.
fn find<'r>(rules: &'r [Rule], asked: &str) -> Result<&'r Rule, Unknown> {
    let digits: String = asked.chars().filter(char::is_ascii_digit).collect();
    let number: Option<u64> = digits.parse().ok();
    let bare = asked.trim().trim_start_matches('[').trim_end_matches(']');
    let bare = bare.to_ascii_lowercase();
    let exact = bare.strip_prefix("wh").unwrap_or(&bare) == digits;
    let nearest = number.and_then(|number| {
        rules
            .iter()
            .min_by_key(|rule| rule.number().abs_diff(number))
            .map(|rule| (rule, exact && rule.number() == number))
    });
    match nearest {
        Some((rule, true)) => Ok(rule),
        nearest => Err(Unknown {
            asked: asked.to_owned(),
            nearest: nearest.map(|(rule, _)| rule.code),
        }),
    }
}

impl Rule {
    fn number(&self) -> u64 {
        let digits = self.code.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.parse().unwrap_or_default()
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule `{}`; ", self.asked)?;
        match self.nearest {
            Some(code) => write!(f, "the nearest is {code}, and `explain` alone lists all"),
            None => write!(f, "a code looks like WH0001, and `explain` alone lists all"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[Rule] = &[
        Rule {
            code: "WH0007",
            headline: "a node takes another type",
            why: "an edge hands on the value as it is",
            instead: "change the parameter's type",
            page: "About types.\n\n```compile_fail\n# mod hidden {\nfn store(order: String) {}\n# }\n```\n\n\
                   Mended: the same type.\n\n```\nfn store(order: i64) {}\n```\n",
        },
        Rule {
            code: "WH0015",
            headline: "the name is taken",
            why: "",
            instead: "",
            page: "",
        },
    ];

    fn text(asked: &str) -> String {
        explain(RULES, Some(asked), false).unwrap_or_else(|unknown| unknown.to_string())
    }

    #[test]
    fn a_rule_is_told_as_a_whole() {
        assert_eq!(
            text("WH0007"),
            "WH0007: a node takes another type\n\n\
             why:  an edge hands on the value as it is\nhelp: change the parameter's type\n\n\
             About types.\n\nRefused:\n\n    fn store(order: String) {}\n\n\
             Mended: the same type.\n\n    fn store(order: i64) {}\n"
        );
    }

    #[test]
    fn what_is_not_said_leaves_no_trace() {
        assert_eq!(text("15"), "WH0015: the name is taken\n");
    }

    #[test]
    fn a_code_is_understood_however_it_is_written() {
        for asked in ["WH0007", "wh0007", "WH7", "wh7", "7", "07", " [WH0007] "] {
            assert!(text(asked).starts_with("WH0007: "), "{asked}");
        }
    }

    #[test]
    fn an_unknown_code_names_the_nearest() {
        for (asked, nearest) in [
            ("WH0009", "the nearest is WH0007"),
            ("wh14", "the nearest is WH0015"),
            ("99999999", "the nearest is WH0015"),
            ("WHO007", "the nearest is WH0007"),
            ("WH-7", "the nearest is WH0007"),
            ("E0007", "the nearest is WH0007"),
            ("unreached", "a code looks like WH0001"),
            ("", "a code looks like WH0001"),
            ("WH", "a code looks like WH0001"),
            ("WH99999999999999999999999", "a code looks like WH0001"),
        ] {
            let text = text(asked);
            assert!(
                text.starts_with(&format!("there is no rule `{asked}`; "))
                    && text.contains(nearest),
                "{asked}: {text}"
            );
        }
    }

    #[test]
    fn without_a_code_all_are_listed() {
        let text = explain(RULES, None, false).expect("no code is no unknown code");
        assert!(
            text.starts_with(
                "WH0007  a node takes another type\nWH0015  the name is taken\n\n`explain"
            ),
            "{text}"
        );
    }

    #[test]
    fn json_says_the_same() {
        let read = |asked| -> serde_json::Value {
            let text = explain(RULES, asked, true).expect("it is known");
            serde_json::from_str(&text).expect("it is JSON")
        };
        let one = read(Some("7"));
        let expected = serde_json::json!({
            "code": "WH0007",
            "headline": "a node takes another type",
            "why": "an edge hands on the value as it is",
            "instead": "change the parameter's type",
            "about": "About types.",
            "refused": "fn store(order: String) {}",
            "mending": "Mended: the same type.",
            "mended": "fn store(order: i64) {}",
        });
        assert_eq!(one, expected);
        let all = read(None);
        assert_eq!(all[0], expected);
        assert_eq!(all[1]["why"], serde_json::Value::Null);
    }
}
