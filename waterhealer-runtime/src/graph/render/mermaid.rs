//! The graph as a Mermaid flowchart, in the syntax that old and new versions read.

use super::{Block, Form, Picture, push};

pub(super) fn mermaid(picture: &Picture) -> String {
    let mut text = String::from("flowchart LR\n");
    for block in &picture.blocks {
        let (open, close) = brackets(block.form);
        let (id, label) = (&block.id, label(block));
        push(
            &mut text,
            format_args!("    {id}{open}\"{label}\"{close}\n"),
        );
    }
    for arrow in &picture.arrows {
        let (from, to) = (&picture.blocks[arrow.from].id, &picture.blocks[arrow.to].id);
        match arrow.input {
            Some(input) => push(
                &mut text,
                format_args!("    {from} -- \"input {input}\" --> {to}\n"),
            ),
            None => push(&mut text, format_args!("    {from} --> {to}\n")),
        }
    }
    text
}

fn brackets(form: Form) -> (&'static str, &'static str) {
    match form {
        Form::Topic => ("[(", ")]"),
        Form::Source => ("([", "])"),
        Form::Map => ("[", "]"),
        Form::Filter => ("{{", "}}"),
        Form::FlatMap => ("[/", "\\]"),
        Form::Accumulate => ("[/", "/]"),
        Form::Foreach => ("[\\", "\\]"),
        Form::Sink => ("[[", "]]"),
        Form::Healed => (">", "]"),
        Form::Operator => ("(", ")"),
    }
}

fn label(block: &Block) -> String {
    let title = escaped(&block.title);
    let notes = block.notes.iter();
    notes.fold(title, |text, note| text + "<br/>" + &escaped(note))
}

/// Mermaid's own entities: those of HTML, with another first character.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '#' => safe.push_str("#35;"),
            '"' => safe.push_str("#quot;"),
            '&' => safe.push_str("#amp;"),
            '<' => safe.push_str("#lt;"),
            '>' => safe.push_str("#gt;"),
            // A label that is all between backticks would be read as Markdown.
            '`' => safe.push_str("#96;"),
            '\n' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
