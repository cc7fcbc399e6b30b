//! The layout over random graphs, and what the picture says.

use proptest::prelude::*;

use super::super::Format;
use super::super::tests::EVERYTHING;
use super::layout::Pass;
use super::*;

/// A graph without circles: every item is led to by some of those before it. Some items stand apart.
fn graphs() -> impl Strategy<Value = (Vec<Item>, Vec<(usize, usize)>)> {
    let node = (
        (20_u16..200, 10_u16..50),
        proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
        0_u8..8,
    );
    proptest::collection::vec(node, 1..18).prop_map(|nodes| {
        let (mut items, mut arrows): (Vec<Item>, Vec<(usize, usize)>) = Default::default();
        let mut placed = Vec::new();
        for (number, ((width, height), before, luck)) in nodes.into_iter().enumerate() {
            items.push(Item {
                width: 2.0 * f64::from(width),
                height: 2.0 * f64::from(height),
                column: (luck > 0).then_some(usize::from(luck == 1)),
            });
            if luck > 0 {
                let before = before.iter().filter(|_| !placed.is_empty());
                arrows.extend(before.map(|index| (*index.get(&placed), number)));
                placed.push(number);
            }
        }
        (items, arrows)
    })
}

/// The frame with half of what two boxes are apart at least.
fn with_margin(rect: &Rect) -> Rect {
    Rect {
        x: rect.x - 8.0,
        y: rect.y - 8.0,
        width: rect.width + 16.0,
        height: rect.height + 16.0,
    }
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.y + b.height && b.y < a.y + a.height
}

/// A level line, as a frame.
fn line(pass: &Pass) -> Rect {
    Rect {
        x: pass.left,
        y: pass.y,
        width: pass.right - pass.left,
        height: 0.1,
    }
}

proptest! {
    #[test]
    fn no_two_boxes_overlap_or_come_near((items, arrows) in graphs()) {
        let plan = lay_out(&items, &arrows);
        prop_assert_eq!(plan.boxes.len(), items.len());
        for (number, a) in plan.boxes.iter().enumerate() {
            prop_assert!(a.x >= 0.0 && a.y >= 0.0, "{a:?}");
            prop_assert!(a.right() <= plan.width && a.y + a.height <= plan.height, "{a:?}");
            for b in &plan.boxes[number + 1..] {
                prop_assert!(!overlap(&with_margin(a), &with_margin(b)), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn arrows_go_to_the_right_and_touch_no_box_on_their_way((items, arrows) in graphs()) {
        let plan = lay_out(&items, &arrows);
        prop_assert_eq!(plan.routes.len(), arrows.len());
        for (route, (from, to)) in plan.routes.iter().zip(arrows) {
            let (from, to) = (&plan.boxes[from], &plan.boxes[to]);
            prop_assert_eq!((route.first.left, route.first.y), (from.right(), from.middle()));
            prop_assert_eq!(route.last.right, to.x);
            prop_assert!(to.y < route.last.y && route.last.y < to.y + to.height);
            let mut here = from.right();
            for pass in [&route.first].into_iter().chain(&route.passes).chain([&route.last]) {
                prop_assert!(here <= pass.left && pass.left <= pass.right);
                prop_assert!(0.0 <= pass.y && pass.y <= plan.height);
                here = pass.right;
                for rect in &plan.boxes {
                    prop_assert!(!overlap(rect, &line(pass)), "{rect:?} {pass:?}");
                }
            }
        }
    }

    #[test]
    fn one_graph_has_one_layout((items, arrows) in graphs()) {
        prop_assert_eq!(lay_out(&items, &arrows), lay_out(&items, &arrows));
    }

    #[test]
    fn any_text_stays_text(text in any::<String>()) {
        let safe = escaped(&text);
        let refused = ['<', '>', '"', '\0', '\u{1b}', '\u{ffff}'];
        prop_assert!(!safe.contains(refused), "{safe}");
        let entities = ["amp;", "lt;", "gt;", "quot;"];
        for rest in safe.split('&').skip(1) {
            prop_assert!(entities.iter().any(|entity| rest.starts_with(entity)), "{safe}");
        }
    }
}

#[test]
fn every_node_and_edge_is_drawn_once() {
    let svg = EVERYTHING.render(Format::Svg);
    let picture = Picture::of(&EVERYTHING);
    assert_eq!(picture.blocks.len(), EVERYTHING.nodes.len() + 5);
    let blocks = svg.matches("<g class=\"box ").count();
    assert_eq!(blocks, picture.blocks.len(), "{svg}");
    for block in &picture.blocks {
        let drawn = format!(">{}</text>", escaped(&block.title));
        assert_eq!(svg.matches(&drawn).count(), 1, "{drawn}: {svg}");
    }
    let arrows = svg.matches("<g class=\"arrow\">").count();
    assert_eq!(arrows, EVERYTHING.edges.len() + 5, "{svg}");
    for arrow in &picture.arrows {
        let [from, to] = [arrow.from, arrow.to].map(|end| escaped(&picture.blocks[end].title));
        let way = format!("<title>{from} → {to}</title>");
        assert_eq!(svg.matches(&way).count(), 1, "{way}: {svg}");
    }
}

#[test]
fn one_pipeline_has_one_picture_that_says_what_it_is() {
    let svg = EVERYTHING.render(Format::Svg);
    assert_eq!(svg, EVERYTHING.render(Format::Svg));
    assert!(svg.contains("role=\"img\""));
    assert!(svg.contains("<title>everything</title>\n<desc>order → price, store; "));
    assert!(svg.contains("<title>order\nDecodes an order.\ngives Order</title>"));
    assert!(svg.contains("prefers-color-scheme:dark"));
}

#[test]
fn crossings_that_need_not_be_are_undone() {
    let item = Item {
        width: 40.0,
        height: 20.0,
        column: Some(0),
    };
    // As written, 0 → 3 and 1 → 2 cross.
    let plan = lay_out(&vec![item; 4], &[(0, 2), (0, 3), (1, 2)]);
    assert!(plan.boxes[0].y < plan.boxes[1].y, "{plan:?}");
    assert!(plan.boxes[3].y < plan.boxes[2].y, "{plan:?}");
}

#[test]
fn an_arrow_past_other_columns_is_straight() {
    let item = Item {
        width: 40.0,
        height: 20.0,
        column: Some(0),
    };
    let plan = lay_out(&vec![item; 5], &[(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]);
    let passes = &plan.routes[4].passes;
    assert_eq!(passes.len(), 3);
    assert!(passes.iter().all(|pass| pass.y == passes[0].y), "{plan:?}");
}

#[test]
fn a_circle_ends() {
    let item = Item {
        width: 40.0,
        height: 20.0,
        column: Some(0),
    };
    assert_eq!(lay_out(&vec![item; 2], &[(0, 1), (1, 0)]).boxes.len(), 2);
}

#[test]
fn titles_that_are_too_long_are_cut_and_told_whole_in_the_tooltip() {
    let long = "a".repeat(60);
    let picture = Picture {
        name: String::new(),
        blocks: vec![Block {
            id: String::new(),
            form: Form::Operator,
            title: long.clone(),
            notes: Vec::new(),
            tip: String::new(),
        }],
        arrows: Vec::new(),
    };
    let svg = svg(&picture);
    assert!(svg.contains(&format!("<title>{long}</title>")), "{svg}");
    assert!(
        svg.contains(&format!(">{}…</text>", "a".repeat(39))),
        "{svg}"
    );
}
