//! The rules about one function: its signature, its value, its answer. Resources are in `resources`, bodies in `detached`.

use super::{SOURCE, assert_findings, between, map};

fn sink(signature: &str) -> String {
    format!("{SOURCE} #[sink(from = order)] {signature} {{ x }}")
}

fn filter(signature: &str) -> String {
    between(&format!("#[filter(from = order)] {signature} {{ x }}"))
}

fn flat_map(signature: &str) -> String {
    between(&format!("#[flat_map(from = order)] {signature} {{ x }}"))
}

fn source(signature: &str) -> String {
    format!(
        "#[source(topic = \"orders\")] {signature} {{ x }} #[sink(from = order)] fn end(x: Order) {{}}"
    )
}

#[test]
fn every_kind_and_mode_is_accepted() {
    let accepted = [
        map("(order: Order) -> Priced"),
        map("((a, b): (A, B)) -> Result<Priced, E>"),
        map("(order: &Order, db: &Db, rates: &super::Rates) -> std::io::Result<Priced>"),
        map("(order: Tracked<Order>) -> Tracked<Priced>"),
        map("(order: Tracked<'_, Order>, db: &Db) -> Result<Tracked<Priced>, E>"),
        map("(order: &Tracked<Order>) -> Priced"),
        map("(order: Order) -> impl Future<Output = Priced> + Send"),
        map("(order: Tracked<Order>) -> impl Future<Output = Result<Tracked<Priced>, E>>"),
        map("(order: Order) -> &'static str"),
        map("(order: Order) -> Box<dyn Fn(&str) -> bool + Send>"),
        map("(order: Order) -> ()"),
        between("#[map(from = order)] pub const fn price(order: u8) -> u8 { x }"),
        sink("fn store(order: Order)"),
        sink("async fn store(order: &Order) -> Result<(), E>"),
        sink("fn store(order: Tracked<Order>) -> Done"),
        sink("async fn store(order: Tracked<Order>) -> Result<Done, E>"),
        sink("fn store(order: &Tracked<Order>)"),
        // Whether the answer is a receipt is for the runtime's trait to say.
        sink("fn store(order: Order) -> JoinHandle<()>"),
        filter("fn price(order: &Order) -> bool"),
        filter("async fn price(order: &Tracked<Order>) -> Result<bool, E>"),
        flat_map("fn price(order: Order) -> Vec<Priced>"),
        flat_map("fn price(order: &Order) -> impl Iterator<Item = Priced>"),
        flat_map("fn price(order: Order) -> impl IntoIterator<Item = Priced> + Send"),
        flat_map("async fn price(order: Order) -> Result<Vec<Priced>, E>"),
        flat_map("fn price(order: Tracked<Order>) -> Tracked<Vec<Priced>>"),
        source("fn order(record: &Record<'_>) -> Result<Order, E>"),
        source("fn order(record: &waterhealer::Record) -> Order"),
    ];
    for contents in &accepted {
        assert_findings(&[(contents, &[])]);
    }
}

#[test]
fn a_node_function_is_plain() {
    assert_findings(&[
        (&map("<T>(order: T) -> Priced"), &[("WH0021", "T")]),
        (
            &map("<'a>(order: &'a Order) -> Priced"),
            &[("WH0021", "'a")],
        ),
        (
            &map("<const N: usize>(order: [u8; N]) -> Priced"),
            &[("WH0021", "const N: usize")],
        ),
        (
            &map("(order: Order) -> Priced where Order: Copy"),
            &[("WH0021", "where Order: Copy")],
        ),
        (&map("(self) -> Priced"), &[("WH0023", "self")]),
        (
            &map("(&self, order: Order) -> Priced"),
            &[("WH0023", "self")],
        ),
        (&map("(order: &'static str) -> Priced"), &[]),
        (&map("() -> Priced"), &[("WH0024", "price")]),
        (
            &between("#[map(from = order)] unsafe fn price(order: Order) -> Priced { x }"),
            &[("WH0022", "unsafe")],
        ),
        (
            &between("#[map(from = order)] extern \"C\" fn price(order: Order) -> Priced { x }"),
            &[("WH0022", "extern \"C\"")],
        ),
        (
            &between("#[map(from = order)] struct price;"),
            &[("WH0020", "map")],
        ),
        (&map("(order Order) -> Priced"), &[("WH0038", "Order")]),
        (
            &between("#[map(from = order)] fn price(order: Order) -> Priced;"),
            &[("WH0038", ";")],
        ),
    ]);
}

#[test]
fn cfg_on_a_node_is_refused() {
    assert_findings(&[
        (
            &between("#[cfg(unix)] #[map(from = order)] fn price(order: Order) -> Priced { x }"),
            &[("WH0035", "cfg")],
        ),
        (
            &between(
                "#[map(from = order)] #[cfg_attr(unix, inline)] fn price(order: Order) -> Priced { x }",
            ),
            &[("WH0035", "cfg_attr")],
        ),
        (
            &map("(order: Order, #[cfg(unix)] db: &Db) -> Priced"),
            &[("WH0035", "cfg")],
        ),
        (
            &between(
                "/// Prices.\n #[inline] #[map(from = order)] fn price(order: Order) -> Priced { x }",
            ),
            &[],
        ),
    ]);
}

#[test]
fn the_first_parameter_fits_the_kind() {
    assert_findings(&[
        (
            &source("fn order(record: Record<'_>) -> Order"),
            &[("WH0025", "Record<'_>")],
        ),
        (
            &source("fn order(text: &str) -> Order"),
            &[("WH0025", "&str")],
        ),
        (
            &source("async fn order(record: &Record<'_>) -> Order"),
            &[("WH0036", "async")],
        ),
        (
            &filter("fn price(order: Order) -> bool"),
            &[("WH0025", "Order")],
        ),
        (
            &filter("fn price(order: Tracked<Order>) -> bool"),
            &[("WH0025", "Tracked<Order>")],
        ),
        (
            &map("(order: &mut Order) -> Priced"),
            &[("WH0025", "&mut Order")],
        ),
        (&map("(order: &str) -> Priced"), &[("WH0027", "str")]),
        (&map("(order: &[u8]) -> Priced"), &[("WH0027", "[u8]")]),
        (
            &map("(order: &dyn Shape) -> Priced"),
            &[("WH0027", "dyn Shape")],
        ),
        (&map("(order: &&Order) -> Priced"), &[("WH0026", "&Order")]),
        (
            &map("(order: Cow<'_, str>) -> Priced"),
            &[("WH0026", "Cow<'_, str>")],
        ),
        (
            &map("(order: &Record<'_>) -> Priced"),
            &[("WH0026", "Record<'_>")],
        ),
        (
            &map("(order: impl Shape) -> Priced"),
            &[("WH0028", "impl Shape")],
        ),
    ]);
}

#[test]
fn carriers_come_whole() {
    assert_findings(&[
        (
            &map("(order: Vec<Tracked<Order>>) -> Priced"),
            &[("WH0034", "Vec<Tracked<Order>>")],
        ),
        (
            &map("(order: Tracked<Tracked<Order>>) -> Tracked<Priced>"),
            &[("WH0034", "Tracked<Tracked<Order>>")],
        ),
        (
            &map("(order: &mut Tracked<Order>) -> Priced"),
            &[("WH0034", "&mut Tracked<Order>")],
        ),
        (&map("(done: Done) -> Priced"), &[("WH0034", "Done")]),
        (
            &map("(two: (Tracked<Order>, Order)) -> Tracked<Priced>"),
            &[("WH0034", "(Tracked<Order>, Order)")],
        ),
        (
            &map("(order: &'static Tracked<Order>) -> Priced"),
            &[("WH0034", "&'static Tracked<Order>")],
        ),
        (
            &map("(order: Tracked<'static, Order>) -> Tracked<'static, Priced>"),
            &[("WH0034", "'static")],
        ),
        (
            &map("(order: Tracked<Order>, other: &Tracked<Order>) -> Tracked<Priced>"),
            &[("WH0046", "&Tracked<Order>")],
        ),
    ]);
}

#[test]
fn carriers_come_back() {
    assert_findings(&[
        (
            &map("(order: Tracked<Order>) -> Priced"),
            &[("WH0009", "Priced")],
        ),
        (
            &sink("fn store(order: Tracked<Order>)"),
            &[("WH0009", "store")],
        ),
        (
            &sink("fn store(order: Tracked<Order>) -> Result<(), E>"),
            &[("WH0009", "Result<(), E>")],
        ),
        (
            &map("(order: Order) -> Tracked<Priced>"),
            &[("WH0032", "Tracked<Priced>")],
        ),
        (
            &map("(order: &Tracked<Order>) -> Tracked<Priced>"),
            &[("WH0032", "Tracked<Priced>")],
        ),
        (
            &sink("fn store(order: Order) -> Done"),
            &[("WH0032", "Done")],
        ),
        (
            &map("(order: Tracked<Order>) -> Done"),
            &[("WH0033", "Done")],
        ),
        (
            &sink("fn store(order: Tracked<Order>) -> Tracked<Order>"),
            &[("WH0033", "Tracked<Order>")],
        ),
        // Nested: the runtime's sealed set refuses it, also behind an alias.
        (
            &map("(order: Tracked<Order>) -> Option<Tracked<Priced>>"),
            &[],
        ),
    ]);
}

#[test]
fn answers_fit_the_kind() {
    assert_findings(&[
        (&map("(order: Order)"), &[("WH0030", "price")]),
        (&flat_map("fn price(order: Order)"), &[("WH0030", "price")]),
        (
            &source("fn order(record: &Record<'_>)"),
            &[("WH0030", "order")],
        ),
        (
            &format!(
                "{SOURCE} #[sink(from = order, topic = \"out\")] fn publish(order: Order) {{}}"
            ),
            &[("WH0030", "publish")],
        ),
        (&filter("fn price(order: &Order)"), &[("WH0031", "price")]),
        (
            &filter("fn price(order: &Order) -> Option<Order>"),
            &[("WH0031", "Option<Order>")],
        ),
        (
            &filter("fn price(order: &Order) -> Result<u8, E>"),
            &[("WH0031", "Result<u8, E>")],
        ),
        (&map("(order: &Order) -> &str"), &[("WH0026", "&str")]),
        (
            &map("(order: &Order) -> Result<Cow<'_, str>, E>"),
            &[("WH0026", "Cow<'_, str>")],
        ),
        (
            &flat_map("fn price(order: Order) -> impl Iterator<Item = &str>"),
            &[("WH0026", "&str")],
        ),
        (
            &map("(order: Order) -> impl Display"),
            &[("WH0029", "impl Display")],
        ),
        (
            &map("(order: Order) -> impl Iterator<Item = Priced>"),
            &[("WH0029", "impl Iterator<Item = Priced>")],
        ),
        (
            &map("(order: Order) -> Vec<impl Display>"),
            &[("WH0029", "Vec<impl Display>")],
        ),
        (
            &flat_map("fn price(order: &Tracked<Order>) -> impl Iterator<Item = Priced>"),
            &[("WH0029", "impl Iterator<Item = Priced>")],
        ),
        (
            &between(
                "#[map(from = order)] async fn price(x: Order) -> impl Future<Output = Priced> { x }",
            ),
            &[("WH0029", "impl Future<Output = Priced>")],
        ),
    ]);
}

#[test]
fn elements_go_as_the_attribute_says() {
    let each = |word: &str, function: &str| {
        format!(
            "{SOURCE} #[{word}(from = order.partition(5, within = \"1s\"))] {function} {{ todo!() }}
            #[sink(from = price)] fn store(prices: Vec<A>) {{}}"
        )
    };
    for (word, function, expected) in [
        ("foreach_map", "fn price(order: A) -> A", &[][..]),
        ("foreach_map", "fn price(order: &A) -> Result<A, E>", &[]),
        ("foreach_async", "async fn price(order: A) -> A", &[]),
        (
            "foreach_async",
            "fn price(order: A) -> impl Future<Output = A>",
            &[],
        ),
        (
            "foreach_map",
            "async fn price(order: A) -> A",
            &[("WH0114", "price")],
        ),
        (
            "foreach_async",
            "fn price(order: A) -> A",
            &[("WH0114", "price")],
        ),
        (
            "foreach_map",
            "fn price(order: Tracked<A>) -> Tracked<A>",
            &[("WH0114", "price")],
        ),
        (
            "foreach_async",
            "async fn price(order: &Tracked<A>) -> A",
            &[("WH0114", "price")],
        ),
    ] {
        assert_findings(&[(&each(word, function), expected)]);
    }
}
