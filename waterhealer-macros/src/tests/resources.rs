//! The rules about shared resources: how they are taken, that each has one type and a name of its own, and that it is used.

use super::{SOURCE, assert_findings, between, map, messages};

#[test]
fn resources_are_shared_references() {
    assert_findings(&[
        (
            &map("(order: Order, db: Db) -> Priced"),
            &[("WH0041", "Db")],
        ),
        (
            &map("(order: Order, db: &mut Db) -> Priced"),
            &[("WH0042", "&mut Db")],
        ),
        (
            &map("(order: Order, name: &str) -> Priced"),
            &[("WH0043", "&str")],
        ),
        (
            &map("(order: Order, names: &[String]) -> Priced"),
            &[("WH0043", "&[String]")],
        ),
        (
            &map("(order: Order, shape: &dyn Shape) -> Priced"),
            &[("WH0043", "&dyn Shape")],
        ),
        (&map("(order: Order, _: &Db) -> Priced"), &[("WH0044", "_")]),
        (
            &map("(order: Order, Db { pool }: &Db) -> Priced"),
            &[("WH0044", "Db { pool }")],
        ),
        (
            &map("(order: Order, db: &'static Db) -> Priced"),
            &[("WH0045", "&'static Db")],
        ),
        (
            &map("(order: Order, db: &Cow<'_, str>) -> Priced"),
            &[("WH0045", "&Cow<'_, str>")],
        ),
        (
            &map("(order: Order, shape: &impl Shape) -> Priced"),
            &[("WH0028", "&impl Shape")],
        ),
    ]);
}

#[test]
fn a_resource_has_one_type() {
    let store = "#[sink(from = price)] fn store(priced: Priced, db: &Pool<Pg>) { db }";
    let price = |ty: &str| {
        format!("#[map(from = order)] fn price(order: Order, db: {ty}) -> Priced {{ db }}")
    };
    assert_findings(&[
        (
            &format!("{SOURCE} {} {store}", price("&Db")),
            &[("WH0040", "&Pool<Pg>")],
        ),
        (&format!("{SOURCE} {} {store}", price("& Pool < Pg >")), &[]),
    ]);
    let found = messages(
        "",
        &format!("mod x {{ {SOURCE} {} {store} }}", price("&Db")),
    );
    let headline = "the resource `db` is a `Pool<Pg>` here and a `Db` in `price` [WH0040]";
    assert!(found[0].2.starts_with(headline), "{}", found[0].2);
}

#[test]
fn an_unsized_resource_is_told_what_to_write() {
    let help = |ty: &str| {
        let found = messages(
            "",
            &format!(
                "mod x {{ {} }}",
                map(&format!("(order: Order, r: {ty}) -> Priced"))
            ),
        );
        found[0].2.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(help("&str"), "help: write `r: &String`");
    assert_eq!(help("&[Row<u8>]"), "help: write `r: &Vec<Row<u8>>`");
    assert_eq!(
        help("&dyn Shape"),
        "help: write `r: &Box<dyn Shape + Send + Sync>`"
    );
}

#[test]
fn a_resource_is_used() {
    let price = |parameters: &str, body: &str| {
        between(&format!(
            "#[map(from = order)] fn price(order: Order, {parameters}) -> Priced {{ {body} }}"
        ))
    };
    for used in [
        "db.price(order)",
        "if y { loop { f(|| [db]) } }",
        "println!(\"{db}\"); x",
        "println!(\"of {order:?} {db:?}\"); x",
        "println!(r#\"{:db$}\"#, order); x",
        "other!({ nested [ db ] })",
        "match y { A => todo!(), B => x }",
        "unimplemented!(\"not yet\")",
    ] {
        assert_findings(&[(&price("db: &Db", used), &[])]);
    }
    for unused in [
        "",
        "x",
        "dbs.price(order)",
        "// db\n x",
        "println!(\"db\"); x",
        "println!(\"{dbs} {}\", todo); x",
    ] {
        assert_findings(&[(&price("db: &Db", unused), &[("WH0047", "db")])]);
    }
    assert_findings(&[
        (&price("_db: &Db", "x"), &[]),
        (
            &price("db: &Db, rates: &Rates", "rates.of(order)"),
            &[("WH0047", "db")],
        ),
        (&price("r#type: &u8", "println!(\"{type}\"); x"), &[]),
        // Refused already: told once.
        (&price("db: Db", "x"), &[("WH0041", "Db")]),
    ]);
}

#[test]
fn a_resource_has_a_name_of_its_own() {
    assert_findings(&[
        (
            &map("(order: Order, store: &Db) -> Priced"),
            &[("WH0048", "store")],
        ),
        (
            &map("(order: Order, price: &Db) -> Priced"),
            &[("WH0048", "price")],
        ),
        (
            &map("(value: Order, order: &Db, db: &Db) -> Priced"),
            &[("WH0048", "order")],
        ),
        // The value may be called as the node that gives it.
        (&map("(order: Order, orders: &Db) -> Priced"), &[]),
    ]);
}
