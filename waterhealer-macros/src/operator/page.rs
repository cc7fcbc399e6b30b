//! The table as the guide shows it, in Markdown: one row of an overview and one section for each operator, with an example
//! that rustdoc compiles. What is said of an operator stands in its row; only the form is made here.

use super::{Cardinality, Default, Form, Inputs, NOTHING, OPERATORS, Operator, Parameter};

/// The nodes that the examples name, each with what it is made of.
const NODES: &[(&str, &str)] = &[
    (
        "order",
        "#[source(topic = \"orders\")] fn order(record: &Record<'_>) -> Order { Order { id: record.offset(), total: 1 } }",
    ),
    (
        "price",
        "#[source(topic = \"prices\")] fn price(record: &Record<'_>) -> u64 { 1 }",
    ),
    (
        "rate",
        "#[source(topic = \"rates\")] fn rate(record: &Record<'_>) -> u64 { 1 }",
    ),
    (
        "tick",
        "#[source(emit)] fn tick(minute: u64) -> u64 { minute }",
    ),
    (
        "left",
        "#[map(from = order)] fn left(order: Order) -> u64 { order.total }",
    ),
    (
        "right",
        "#[map(from = order)] fn right(order: Order) -> u64 { order.total }",
    ),
    (
        "rows",
        "#[map(from = order.partition(100, within = \"1s\"))] fn rows(orders: Batch<Order>) -> Batch<Order> { orders }",
    ),
];

/// What stands in front of every example.
const BEFORE: &str = "\
use waterhealer::prelude::*;
#[derive(Debug, Clone, PartialEq, Eq, Hash)] pub struct Order { pub id: i64, pub total: u64 }
fn write(order: &Order) -> std::io::Result<()> { println!(\"{order:?}\"); Ok(()) }
async fn insert(order: Order) -> std::io::Result<()> { write(&order) }
#[pipeline(group = \"shop\")] mod shop { use super::*;";

/// What stands behind it.
const BEHIND: &str = "}\nfn main() {}";

/// The overview and the sections.
pub(crate) fn markdown() -> String {
    let mut text = String::from(
        "| operator | gives | values out | over Kafka | in order |\n| --- | --- | --- | --- | --- |\n",
    );
    for operator in OPERATORS {
        text += &overview(operator);
    }
    for operator in OPERATORS {
        text += &section(operator);
    }
    text
}

fn overview(operator: &Operator) -> String {
    let Operator { name, what, .. } = operator;
    let count = how_many(operator.cardinality);
    let unless = unless(operator);
    let asked = |is: bool, what: &str| {
        if is {
            format!("{what}{unless}")
        } else {
            String::new()
        }
    };
    let hold = asked(operator.unbounded.is_some(), "`hold`");
    let order = asked(operator.ordered, "needed");
    format!("| [`{name}`](#{name}) | {what} | {count} | {hold} | {order} |\n")
}

fn section(operator: &Operator) -> String {
    let name = operator.name;
    let mut text = format!(
        "\n# {name}\n\n`{}`: {}.\n\n",
        signature(operator),
        operator.what
    );
    text += &parameters(operator);
    let parts = [
        ("Finished", operator.finished),
        ("Held", operator.holds),
        ("At the end", operator.ends),
        ("On revoke", operator.revoked),
        ("Failures", operator.fails),
    ];
    for (label, said) in parts {
        // Where nothing is held, there is nothing to say of the end either.
        if said != NOTHING || label == "Held" {
            text += &format!("- **{label}:** {said}.\n");
        }
    }
    if let Some(unbounded) = operator.unbounded {
        text += &format!(
            "- **Over Kafka** it has to say `hold`{}: {}. Instead: {}.\n",
            unless(operator),
            unbounded.what,
            unbounded.instead
        );
    }
    text + &format!("\n```\n{}\n```\n", program(operator))
}

/// Where it needs no `hold`; a zip needs no order there either.
fn unless(operator: &Operator) -> String {
    let but = operator.unbounded.and_then(|unbounded| unbounded.but);
    but.map(|but| format!(", unless {but}")).unwrap_or_default()
}

/// `a.partition(n, within = …, hold)`.
fn signature(operator: &Operator) -> String {
    let others = match operator.inputs {
        Inputs::One => None,
        Inputs::Union | Inputs::Several => Some("b, …".to_owned()),
        Inputs::SeveralAndLiterals => Some("b, 1, \"text\", …".to_owned()),
    };
    let parameters = operator.parameters.iter();
    let parameters = parameters.map(|parameter| match (parameter.form, parameter.default) {
        (Form::Flag, _) | (_, Default::Required) => parameter.name.to_owned(),
        _ => format!("{} = …", parameter.name),
    });
    let all: Vec<String> = others.into_iter().chain(parameters).collect();
    format!("a.{}({})", operator.name, all.join(", "))
}

fn parameters(operator: &Operator) -> String {
    if operator.parameters.is_empty() {
        return String::new();
    }
    let mut text = String::from("| option | is | default |\n| --- | --- | --- |\n");
    for parameter in operator.parameters {
        let (wanted, usual) = (takes(parameter), usual(parameter));
        text += &format!("| `{}` | {wanted} | {usual} |\n", parameter.name);
    }
    text + "\n"
}

fn takes(parameter: &Parameter) -> &'static str {
    match parameter.form {
        Form::Flag => "a word alone",
        _ => parameter.wanted(),
    }
}

fn usual(parameter: &Parameter) -> String {
    match (parameter.form, parameter.default) {
        (_, Default::Required) => "must be given".to_owned(),
        (_, Default::Number(number)) => format!("{number}"),
        (Form::Truth, Default::Nothing) => "`false`".to_owned(),
        (_, Default::Nothing) => "none".to_owned(),
    }
}

/// Values in, values out, as the drawn graph says it.
fn how_many(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::One => "1 → 1",
        Cardinality::Subset => "1 → 0 or 1",
        Cardinality::Many => "1 → any number",
        Cardinality::Regroup => "several → 1",
        Cardinality::Merge => "1 of each → 1",
    }
}

/// The example as a whole program: what rustdoc hides, then what is shown.
pub(crate) fn program(operator: &Operator) -> String {
    let shown = operator.program.replace("{example}", operator.example);
    let mut needed = shown.clone();
    let mut nodes = Vec::new();
    // A node may need one before it in the list, never one behind it.
    for (name, node) in NODES.iter().rev() {
        if has_word(&needed, name) {
            needed += node;
            nodes.insert(0, *node);
        }
    }
    let before = BEFORE.lines().chain(nodes).map(hidden);
    let behind = BEHIND.lines().map(hidden);
    let lines: Vec<String> = before.chain([shown]).chain(behind).collect();
    lines.join("\n")
}

fn hidden(line: &str) -> String {
    format!("# {line}")
}

/// Whether a name stands in the source as `from = …` or a parameter names it.
fn has_word(source: &str, name: &str) -> bool {
    let mut words = source.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_its_row_and_its_section() {
        let page = markdown();
        for operator in OPERATORS {
            let name = operator.name;
            for part in [
                format!("| [`{name}`](#{name}) | "),
                format!("\n# {name}\n\n`a.{name}("),
                operator.example.to_owned(),
            ] {
                assert_eq!(page.matches(&part).count(), 1, "{part:?}");
            }
            for parameter in operator.parameters {
                assert!(page.contains(&format!("\n| `{}` | ", parameter.name)));
            }
        }
    }

    #[test]
    fn no_text_of_a_row_breaks_the_page() {
        for operator in OPERATORS {
            let Operator {
                what,
                finished,
                holds,
                ends,
                revoked,
                fails,
                ..
            } = operator;
            for text in [what, finished, holds, ends, revoked, fails] {
                let whole = text.matches('`').count() % 2 == 0 && !text.contains(['|', '\n']);
                assert!(
                    whole && !text.ends_with('.') && !text.is_empty(),
                    "{}: {text:?}",
                    operator.name
                );
            }
            assert!(operator.program.contains("({example}"), "{}", operator.name);
        }
    }

    #[test]
    fn an_example_brings_the_nodes_it_names_and_no_others() {
        let zip = OPERATORS.iter().find(|operator| operator.name == "zip");
        let zip = program(zip.expect("it is in the table"));
        let at = |name: &str| zip.find(&format!("fn {name}("));
        assert!(at("order") < at("left") && at("left") < at("compare") && at("order").is_some());
        assert_eq!((at("tick"), at("rate")), (None, None));
    }
}
