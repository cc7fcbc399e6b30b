//! Plain text for a terminal: paragraphs in lines of a length that reads well, programs indented. No colours, no Markdown.

/// Columns; a program's own lines are left as they are.
const WIDTH: usize = 90;

/// A text that grows.
#[derive(Default)]
pub(super) struct Prose {
    text: String,
}

impl Prose {
    /// A paragraph after its label; lines after the first are indented by the label's width. Nothing, for an empty one.
    pub(super) fn paragraph(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let indent = label.chars().count();
        let mut column = indent;
        self.text.push_str(label);
        for (index, word) in words(text).enumerate() {
            let length = word.chars().count();
            if index > 0 && column + 1 + length > WIDTH {
                self.text.push('\n');
                self.text.push_str(&" ".repeat(indent));
                column = indent;
            } else if index > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        self.text.push('\n');
    }

    /// Paragraphs with empty lines between them, and one before.
    pub(super) fn paragraphs(&mut self, text: &str) {
        for paragraph in text.split("\n\n").filter(|text| !text.is_empty()) {
            self.gap();
            self.paragraph("", paragraph);
        }
    }

    /// Lines that stay as they are.
    pub(super) fn program(&mut self, text: &str) {
        self.gap();
        for line in text.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            self.text.push_str(indent);
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// An empty line, unless there is one.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The whole text, which ends with its last line.
    pub(super) fn done(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }
}

/// What may not be torn apart: words, and what stands between backticks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    let parts = text.split(move |letter: char| {
        code ^= letter == '`';
        letter.is_whitespace() && !code
    });
    parts.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_under_their_beginning() {
        let mut prose = Prose::default();
        prose.paragraph("why:  ", &"word ".repeat(30));
        let text = prose.done();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert_eq!(lines[0].len(), 6 + 16 * 5 + 4);
        assert!(lines[1].starts_with("      word"), "{text}");
    }

    #[test]
    fn code_stays_in_one_line() {
        let filler = "x".repeat(80);
        let mut prose = Prose::default();
        prose.paragraphs(&format!("{filler} `#[sink(from = order)]`, and\nmore"));
        assert_eq!(
            prose.done(),
            format!("{filler}\n`#[sink(from = order)]`, and more\n")
        );
    }

    #[test]
    fn a_program_stands_between_empty_lines() {
        let mut prose = Prose::default();
        prose.paragraphs("One.\n\nTwo.");
        prose.program("fn f() {\n\n}");
        prose.paragraphs("Three.");
        assert_eq!(
            prose.done(),
            "One.\n\nTwo.\n\n    fn f() {\n\n    }\n\nThree.\n"
        );
    }
}
