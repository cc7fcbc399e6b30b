//! Half-typed and mistaken code: every item is still emitted.

use crate::pipeline_tokens;

use super::tokens;

/// The expansion as text, without spaces, so that tokens can be looked for.
fn expanded(contents: &str) -> String {
    let item = tokens(&format!("/// Bills.\n pub mod billing {{ {contents} }}"));
    pipeline_tokens(tokens("group = \"billing\""), &item)
        .to_string()
        .replace(char::is_whitespace, "")
}

#[test]
fn half_typed_programs_keep_every_item() {
    let items = [
        "fnhelper(){1+1}",
        "structOrder{id:u64,}",
        "useserde::{Deserialize,Serialize};",
    ];
    let helpers =
        "use serde::{Deserialize, Serialize}; fn helper() { 1 + 1 } struct Order { id: u64, }";
    let node = "#[sink(from = order)] fn store(order: Order) { keep }";
    for broken in [
        "#[map(from = __ra_fixup)] fn price(order: Order) -> Priced { work }",
        "#[map(from = )] fn price(order: Order) -> Priced { work }",
        "#[map(from)] fn price(order: Order) -> Priced { work }",
        "#[map(] fn price(order: Order) -> Priced { work }"
            .trim_matches(']')
            .split('(')
            .next()
            .unwrap_or_default(),
        "#[map(from = order.)] fn price(order: Order) -> Priced { work }",
        "#[map(from = order.__ra_fixup)] fn price(order: Order) -> Priced { work }",
        "#[map(from = order)] fn price(order: ) -> Priced { work }",
        "#[map(from = order)] fn price(order) -> Priced { work }",
        "#[map(from = order)] fn price",
        "#[map(from = order)] fn",
        "#[map(from = order)] pub async",
        "#[map(from = order)]",
        "#[map(from = order)] fn price(order: Order) -> ;",
        "#[map(from = order)] fn price(order: Order) -> { work }",
        "use half::typed",
        "let x = __ra_fixup",
    ] {
        let contents = format!("{helpers} {node} {broken} {node} {helpers}");
        let Ok(_) = contents.parse::<proc_macro2::TokenStream>() else {
            continue;
        };
        let text = expanded(&contents);
        for item in items {
            assert_eq!(
                text.matches(item).count(),
                2,
                "{item} is lost in: {broken}\n{text}"
            );
        }
        assert!(text.contains("compile_error!"), "{broken}");
        assert!(
            text.contains("fnstore(order:Order){keep}"),
            "{broken}\n{text}"
        );
        assert_eq!(
            text.contains("work"),
            broken.contains("work"),
            "{broken}\n{text}"
        );
    }
}

#[test]
fn a_mistake_keeps_the_way_in() {
    let text = expanded(
        "#[source(topic = \"orders\")] fn order(record: &Record<'_>) -> Order { x }
         #[source(emit)] fn number(value: u64) -> Order { x }
         #[map(from = oder)] fn price(order: Tracked<Order>, db: &Db) -> Tracked<Priced> { x }
         #[sink(from = price)] fn store(priced: Priced, name: &str) {}",
    );
    for kept in [
        "pubstructResources{#[doc=\"Sharedwith`price`.\"]pubdb:Db}",
        "pubenumEmit{",
        "pubfnmain(resources:Resources)->::std::process::ExitCode",
        "pubfnpipeline(resources:Resources)->::waterhealer::Pipeline<__waterhealer::Graph>",
        "fnprice<'record>(order:Tracked<'record,Order>,db:&Db)->Tracked<'record,Priced>{x}",
        "#[doc=\"Bills.\"]pubmodbilling{",
    ] {
        assert!(text.contains(kept), "{kept}\nin: {text}");
    }
    assert!(!text.contains("#[map"), "{text}");
}

#[test]
fn an_item_whose_name_is_taken_does_not_clash() {
    let text = expanded("fn main() {} #[sink(from = a)] fn pipeline(x: u8) {}");
    assert!(text.contains("const_:()={fnmain(){}};"), "{text}");
    assert!(
        text.contains("const_:()={#[deny(unused_must_use)]fnpipeline(x:u8){}};"),
        "{text}"
    );
    assert!(
        text.contains("pubfnmain()") && text.contains("pubfnpipeline()"),
        "{text}"
    );
}

#[test]
fn a_second_node_of_one_name_does_not_clash() {
    let text =
        expanded("#[source(emit)] fn a(x: u8) -> u8 { 1 } #[source(emit)] fn a(x: u8) -> u8 { 2 }");
    assert!(
        text.contains("const_:()={#[deny(unused_must_use)]fna(x:u8)->u8{2}};"),
        "{text}"
    );
}

#[test]
fn what_is_no_module_comes_back_whole() {
    let item = tokens("pub fn billing() -> u8 { 7 }");
    let text = pipeline_tokens(tokens(""), &item).to_string();
    assert!(text.contains("compile_error"), "{text}");
    assert!(text.ends_with(&item.to_string()), "{text}");
}

#[test]
fn self_and_cfg_give_no_second_error() {
    let text = expanded(
        "#[map(from = a)] fn b(self) -> u8 { 1 } #[cfg(any())] #[map(from = a)] fn c(x: u8) -> u8 { 2 }",
    );
    assert!(
        text.contains("structNode;implNode{#[deny(unused_must_use)]fnb(self)->u8{1}}"),
        "{text}"
    );
    assert!(
        !text.contains("super::b") && !text.contains("super::c"),
        "{text}"
    );
}
