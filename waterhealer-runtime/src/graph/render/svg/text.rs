//! Text inside of a picture: how wide it will be, and how it is written in XML. Nobody tells us the reader's font, so
//! widths are those of the wider ones.

/// The width of a character of the titles' font, which has one width for all, as a part of its size.
pub(super) const MONO: f64 = 0.61;
/// The most characters of a title; the whole of it is in the tooltip.
const LONGEST: usize = 40;

pub(super) fn mono_width(text: &str, size: f64) -> f64 {
    let cells: f64 = text
        .chars()
        .map(|c| if is_wide(c) { 2.0 } else { 1.0 })
        .sum();
    cells * MONO * size
}

pub(super) fn sans_width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// How wide a character is, as a part of the font's size.
fn em(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' | ' ' => 0.33,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '-' | '/' | '\\' | '"' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '→' | '×' => 0.95,
        'A'..='Z' => 0.72,
        wide if is_wide(wide) => 1.05,
        _ => 0.62,
    }
}

/// Scripts and symbols that take two cells.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

/// A text that fits: the end of a long one is left out.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    kept + "…"
}

/// As the content of an element. What XML cannot carry at all becomes a replacement character.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' => safe.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}
