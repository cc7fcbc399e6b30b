//! A page of the guide, taken apart: what it says, the refused program, how it is mended, the mended program. How it is
//! printed is for `explain`.

use serde::Serialize;

/// A page in its four parts; each is empty if the page has none.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Page {
    /// Paragraphs, as they are written.
    pub(super) about: String,
    /// The lines that rustdoc shows.
    pub(super) refused: String,
    /// Paragraphs, as they are written.
    pub(super) mending: String,
    /// The lines that rustdoc shows.
    pub(super) mended: String,
}

impl Page {
    /// Reads Markdown: prose, a block that does not compile, prose, a block that does.
    pub(super) fn read(markdown: &str) -> Page {
        let mut page = Page::default();
        // `Some` inside a block: whether it is the refused one.
        let mut inside = None;
        let mut seen = false;
        for line in markdown.lines() {
            if let Some(fence) = line.strip_prefix("```") {
                inside = match inside {
                    Some(_) => None,
                    None => Some(fence.contains("compile_fail")),
                };
                seen = true;
                continue;
            }
            let part = match (inside, seen) {
                (Some(true), _) => &mut page.refused,
                (Some(false), _) => &mut page.mended,
                (None, false) => &mut page.about,
                (None, true) => &mut page.mending,
            };
            if inside.is_none() || is_shown(line) {
                part.push_str(line);
                part.push('\n');
            }
        }
        for part in [
            &mut page.about,
            &mut page.refused,
            &mut page.mending,
            &mut page.mended,
        ] {
            *part = part.trim_matches('\n').to_owned();
        }
        page
    }
}

/// rustdoc hides lines that begin with `# `.
fn is_shown(line: &str) -> bool {
    let line = line.trim_start();
    line != "#" && !line.starts_with("# ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_four_parts() {
        let page = Page::read(
            "One.\n\nTwo.\n\n```compile_fail\n# use a::*;\n#[sink]\nfn f() {\n    # hidden();\n    shown();\n}\n#\n```\n\nMended.\n\n```\nfn g() {}\n\nfn h() {}\n```\n",
        );
        let expected = Page {
            about: "One.\n\nTwo.".to_owned(),
            refused: "#[sink]\nfn f() {\n    shown();\n}".to_owned(),
            mending: "Mended.".to_owned(),
            mended: "fn g() {}\n\nfn h() {}".to_owned(),
        };
        assert_eq!(page, expected);
    }

    #[test]
    fn a_page_may_be_missing() {
        assert_eq!(Page::read(""), Page::default());
    }
}
