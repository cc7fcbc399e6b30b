//! The graph for Graphviz.

use super::{Block, Form, Picture, push};

pub(super) fn dot(picture: &Picture) -> String {
    let name = quoted(&picture.name);
    let mut text = format!(
        "digraph {name} {{\n    rankdir=LR;\n    node [fontname=\"sans-serif\"];\n    edge [fontname=\"sans-serif\", fontsize=10];\n"
    );
    for block in &picture.blocks {
        let (id, shape, label) = (&block.id, shape(block.form), quoted(&label(block)));
        push(
            &mut text,
            format_args!("    {id} [shape={shape}, label={label}"),
        );
        if !block.tip.is_empty() {
            push(&mut text, format_args!(", tooltip={}", quoted(&block.tip)));
        }
        text.push_str("];\n");
    }
    for arrow in &picture.arrows {
        let (from, to) = (&picture.blocks[arrow.from].id, &picture.blocks[arrow.to].id);
        push(&mut text, format_args!("    {from} -> {to}"));
        if let Some(input) = arrow.input {
            push(&mut text, format_args!(" [label=\"input {input}\"]"));
        }
        text.push_str(";\n");
    }
    text.push_str("}\n");
    text
}

/// The shape, and what else makes the form.
fn shape(form: Form) -> &'static str {
    match form {
        Form::Topic => "cylinder",
        Form::Source => "oval",
        Form::Map => "box",
        Form::Filter => "hexagon",
        Form::FlatMap => "trapezium",
        Form::Accumulate => "box3d",
        Form::Foreach => "box, peripheries=2",
        Form::Sink => "component",
        Form::Healed => "box, style=\"rounded,dashed\"",
        Form::Operator => "box, style=rounded, fontsize=10, height=0.3",
    }
}

fn label(block: &Block) -> String {
    let notes = block.notes.iter();
    notes.fold(block.title.clone(), |text, note| text + "\n" + note)
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}
