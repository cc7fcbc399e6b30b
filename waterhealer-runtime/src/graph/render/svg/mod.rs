//! The graph as an SVG picture: what stands where is `layout`, the outlines are `outline`, text is `text`.

mod columns;
mod grid;
mod layout;
mod order;
mod outline;
mod place;
mod straighten;
#[cfg(test)]
mod tests;
mod text;

use layout::{Item, Plan, Rect, Route, SPREAD, lay_out};
use outline::outline;
use text::{escaped, mono_width, sans_width, shortened};

use super::{Arrow, Block, Form, Picture, push};

/// Space between a block's text and its outline.
const PADDING: f64 = 14.0;
/// The height of a line of notes.
const LINE: f64 = 16.0;
/// The space that the numbers of a block's inputs take.
const NUMBER: f64 = 12.0;
/// The space that an arrow's head takes.
const HEAD: f64 = 1.5;

/// The colours are in classes, so that a dark background has its own. Every selector names the picture: a style inside
/// of an SVG is seen by the whole page.
const STYLE: &str = include_str!("style.css");

pub(super) fn svg(picture: &Picture) -> String {
    let plan = lay_out(&items(picture), &ways(picture));
    let name = escaped(&picture.name);
    let mut text = String::new();
    push(
        &mut text,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"waterhealer\" role=\"img\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n\
             <title>{name}</title>\n<desc>{2}</desc>\n<style>\n{STYLE}</style>\n\
             <defs><marker id=\"waterhealer-head\" class=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0.5L8,4L0,7.5z\"/></marker></defs>\n",
            plan.width,
            plan.height,
            escaped(&in_words(picture)),
        ),
    );
    for (block, rect) in picture.blocks.iter().zip(&plan.boxes) {
        draw_block(&mut text, block, rect);
    }
    // After the blocks: the numbers of inputs stand inside of them.
    for (arrow, route) in picture.arrows.iter().zip(&plan.routes) {
        draw_arrow(&mut text, picture, arrow, route, &plan);
    }
    text.push_str("</svg>\n");
    text
}

/// The picture for those who do not see it: who gives to whom.
fn in_words(picture: &Picture) -> String {
    let blocks = picture.blocks.iter().enumerate();
    let ways = blocks.filter_map(|(index, block)| {
        let arrows = picture.arrows.iter().filter(|arrow| arrow.from == index);
        let takers: Vec<&str> = arrows
            .map(|arrow| picture.blocks[arrow.to].title.as_str())
            .collect();
        (!takers.is_empty()).then(|| format!("{} → {}", block.title, takers.join(", ")))
    });
    ways.collect::<Vec<_>>().join("; ")
}

fn ways(picture: &Picture) -> Vec<(usize, usize)> {
    let arrows = picture.arrows.iter();
    arrows.map(|arrow| (arrow.from, arrow.to)).collect()
}

/// How large the blocks are, and where they have to stand: sources are one column, with the topics before it.
fn items(picture: &Picture) -> Vec<Item> {
    let read = |arrow: &Arrow| picture.blocks[arrow.from].form == Form::Topic;
    let sources = usize::from(picture.arrows.iter().any(read));
    let blocks = picture.blocks.iter().enumerate();
    let items = blocks.map(|(index, block)| {
        let arrows = picture.arrows.iter().filter(|arrow| arrow.to == index);
        let inputs = arrows.clone().filter_map(|arrow| arrow.input).count();
        Item {
            width: width(block) + if inputs > 0 { NUMBER } else { 0.0 },
            height: height(block).max((arrows.count() as f64 + 1.0) * SPREAD),
            column: match block.form {
                Form::Healed => None,
                Form::Source => Some(sources),
                _ => Some(0),
            },
        }
    });
    items.collect()
}

fn width(block: &Block) -> f64 {
    let title = mono_width(&shortened(&block.title), size(block.form));
    let notes = block.notes.iter().map(|note| sans_width(note, 11.0));
    let text = notes.fold(title, f64::max);
    2.0 * ((text + block.form.sides()) / 2.0 + PADDING).ceil()
}

fn height(block: &Block) -> f64 {
    let lines = block.notes.len() as f64 * LINE;
    match block.form {
        Form::Operator => 24.0 + lines,
        Form::Topic => 46.0,
        _ => 32.0 + lines,
    }
}

/// How large a title is written.
fn size(form: Form) -> f64 {
    if form == Form::Operator { 11.0 } else { 13.0 }
}

fn draw_block(text: &mut String, block: &Block, rect: &Rect) {
    let class = block.form.class();
    push(text, format_args!("<g class=\"box {class}\">"));
    let tip = [block.title.as_str(), block.tip.as_str()].join("\n");
    push(
        text,
        format_args!("<title>{}</title>", escaped(tip.trim_end())),
    );
    let (body, detail) = outline(block.form, rect);
    push(text, format_args!("<path d=\"{body}\"/>"));
    if !detail.is_empty() {
        push(
            text,
            format_args!("<path class=\"detail\" d=\"{detail}\"/>"),
        );
    }
    let (right, down) = block.form.middle();
    let x = rect.x + rect.width / 2.0 + right;
    // The first baseline, so that the lines together stand in the middle.
    let lines = block.notes.len() as f64 * LINE;
    let mut y = rect.middle() - lines / 2.0 + 4.5 + down;
    let title = escaped(&shortened(&block.title));
    push(
        text,
        format_args!("<text class=\"name\" x=\"{x}\" y=\"{y}\">{title}</text>"),
    );
    for note in &block.notes {
        y += LINE;
        let note = escaped(note);
        push(
            text,
            format_args!("<text x=\"{x}\" y=\"{y}\">{note}</text>"),
        );
    }
    text.push_str("</g>\n");
}

fn draw_arrow(text: &mut String, picture: &Picture, arrow: &Arrow, route: &Route, plan: &Plan) {
    let (from, to) = (&picture.blocks[arrow.from], &picture.blocks[arrow.to]);
    let (start, end) = (&plan.boxes[arrow.from], &plan.boxes[arrow.to]);
    let leaves = from
        .form
        .inset(start.height, route.first.y - start.middle());
    let arrives = to.form.inset(end.height, route.last.y - end.middle()) - HEAD;
    push(
        text,
        format_args!(
            "<g class=\"arrow\"><title>{} → {}</title><path d=\"{}\"/>",
            escaped(&from.title),
            escaped(&to.title),
            curve(route, leaves, arrives)
        ),
    );
    if let Some(input) = arrow.input {
        let (x, y) = (end.x + 9.0, route.last.y + 3.5);
        push(
            text,
            format_args!("<text class=\"input\" x=\"{x}\" y=\"{y}\">{input}</text>"),
        );
    }
    text.push_str("</g>\n");
}

/// Straight through every column and bent between two, so that it touches no block on its way.
fn curve(route: &Route, leaves: f64, arrives: f64) -> String {
    let mut path = format!("M{},{}", route.first.left - leaves, route.first.y);
    let mut here = &route.first;
    for next in route.passes.iter().chain([&route.last]) {
        let half = (here.right + next.left) / 2.0;
        push(&mut path, format_args!("H{}", here.right));
        if here.y != next.y {
            push(
                &mut path,
                format_args!(
                    "C{half},{} {half},{} {},{}",
                    here.y, next.y, next.left, next.y
                ),
            );
        }
        here = next;
    }
    push(&mut path, format_args!("H{}", here.right + arrives));
    path
}
