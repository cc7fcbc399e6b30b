//! Forty nodes of all kinds and many operators in one pipeline. `cargo xtask bench compile` measures how long it takes to
//! check, with its attributes and without, for which each attribute has a line of its own.

use std::convert::Infallible;
use std::fmt::Debug;

use waterhealer::prelude::*;

#[derive(Debug, Clone)]
pub struct Order {
    customer: String,
    cents: u64,
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
pub struct Item {
    name: String,
    cents: u64,
}

#[derive(Debug, Clone)]
pub struct Priced {
    order: Order,
    total: u64,
}

pub struct Rates {
    percent: u64,
}

impl Rates {
    async fn of(&self, customer: &str) -> Result<u64, std::io::Error> {
        Ok(std::future::ready(self.percent + customer.len() as u64).await)
    }
}

pub struct Db {
    table: String,
}

impl Db {
    async fn insert(&self, row: &(impl Debug + Sync)) -> Result<(), std::io::Error> {
        assert_ne!(std::future::ready(format!("{row:?}")).await, self.table);
        Ok(())
    }

    async fn name(&self, customer: &str) -> String {
        std::future::ready(format!("{}/{customer}", self.table)).await
    }
}

type Problem = Box<dyn std::error::Error + Send + Sync>;

fn parse(record: &Record<'_>) -> Result<Order, Problem> {
    let (customer, cents) = record.text()?.split_once(' ').ok_or("no amount")?;
    Ok(Order {
        customer: customer.to_owned(),
        cents: cents.parse()?,
        items: Vec::new(),
    })
}

#[pipeline(group = "shop", interval = "10s")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Result<Order, Problem> {
        parse(record)
    }

    #[source(topic = "refunds", on_error = skip)]
    fn refund(record: &Record<'_>) -> Result<Order, Problem> {
        parse(record)
    }

    #[source(topic = "ticks")]
    fn tick(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(emit)]
    fn by_hand(order: Order) -> Order {
        order
    }

    #[map(from = order.union(by_hand), on_error = skip)]
    fn checked(order: Order) -> Result<Order, Problem> {
        if order.customer.is_empty() {
            return Err("nobody's order".into());
        }
        Ok(order)
    }

    #[map(from = checked)]
    fn tidy(mut order: Order) -> Order {
        order.customer.make_ascii_lowercase();
        order
    }

    #[map(from = tidy)]
    fn sum(order: &Order) -> u64 {
        order.items.iter().map(|item| item.cents).sum::<u64>() + order.cents
    }

    #[map(from = tidy)]
    fn label(order: &Order) -> String {
        format!("{} {}", order.customer, order.items.len())
    }

    #[map(from = sum.zip(label, "shop"))]
    fn headline((sum, label, shop): (u64, String, &'static str)) -> String {
        format!("{shop}: {label}: {sum}")
    }

    #[filter(from = headline)]
    fn short(headline: &String) -> bool {
        headline.len() < 80
    }

    #[sink(from = short)]
    fn announce(headline: &String) {
        println!("{headline}");
    }

    #[map(from = tidy, concurrency = 64)]
    async fn price(order: Order, rates: &Rates) -> Result<Priced, std::io::Error> {
        let percent = rates.of(&order.customer).await?;
        let total = order.cents + order.cents * percent / 100;
        Ok(Priced { order, total })
    }

    #[filter(from = price)]
    fn large(priced: &Priced) -> bool {
        priced.total > 100
    }

    #[filter(from = price)]
    async fn known(priced: &Priced, db: &Db) -> bool {
        !db.name(&priced.order.customer).await.is_empty()
    }

    #[map(from = large.partition(500, within = "1s"))]
    fn bundle(rows: Batch<Priced>) -> Batch<(String, u64)> {
        rows.map(|priced| (priced.order.customer, priced.total))
    }

    #[map(from = bundle)]
    fn worth(rows: Batch<(String, u64)>) -> Batch<(String, u64)> {
        rows.retain(|(_, total)| *total > 1_000)
    }

    #[sink(from = worth)]
    fn write(rows: Batch<(String, u64)>) -> Done {
        println!("{}", rows.as_slice().len());
        rows.done()
    }

    #[map(from = known.partition_time("2s"))]
    fn minute(rows: Vec<Priced>) -> u64 {
        rows.iter().map(|priced| priced.total).sum()
    }

    #[sink(from = minute)]
    async fn remember(total: u64, db: &Db) -> Result<(), std::io::Error> {
        db.insert(&total).await
    }

    #[sink(from = price, topic = "priced")]
    fn publish(priced: Priced) -> KafkaMessage {
        KafkaMessage::new(priced.total.to_string()).key(priced.order.customer)
    }

    #[flat_map(from = tidy)]
    fn items(order: Order) -> Vec<Item> {
        order.items
    }

    #[filter(from = items.unique(history = 1000, key = |item: &Item| item.name.clone()))]
    fn named(item: &Item) -> bool {
        !item.name.is_empty()
    }

    #[flat_map(from = named.pluck(name))]
    fn words(name: String) -> Vec<String> {
        name.split_whitespace().map(str::to_owned).collect()
    }

    #[accumulate(from = words, start = 0, volatile)]
    fn letters(letters: usize, word: String) -> usize {
        letters + word.len()
    }

    #[sink(from = letters.slice(0, step = 100))]
    fn show_letters(letters: usize) {
        println!("{letters}");
    }

    #[map(from = named.sliding_window(3))]
    fn trend(items: Vec<Item>) -> u64 {
        items.iter().map(|item| item.cents).max().unwrap_or(0)
    }

    #[sink(from = trend)]
    fn show_trend(trend: u64) {
        println!("{trend}");
    }

    #[map(from = refund)]
    fn negative(order: Order) -> (String, i64) {
        (order.customer, -(order.cents as i64))
    }

    #[map(from = negative)]
    async fn addressed((customer, cents): (String, i64), db: &Db) -> (String, i64) {
        (db.name(&customer).await, cents)
    }

    #[foreach_map(from = addressed.partition(5, within = "1s"))]
    fn rounded((customer, cents): (String, i64)) -> (String, i64) {
        (customer, cents / 100)
    }

    #[foreach_async(from = rounded)]
    async fn booked(row: (String, i64), db: &Db) -> Result<i64, std::io::Error> {
        db.insert(&row).await?;
        Ok(row.1)
    }

    #[sink(from = booked.flatten())]
    fn show_booked(cents: i64) {
        println!("{cents}");
    }

    #[map(from = negative.combine_latest(tick))]
    fn paced(((customer, _), tick): ((String, i64), i64)) -> String {
        format!("{tick} {customer}")
    }

    #[sink(from = paced.delay("10ms"))]
    fn show_paced(paced: String) {
        println!("{paced}");
    }

    #[map(from = tick.zip_latest(refund, hold))]
    fn latest((tick, refund): (i64, Order)) -> Result<u64, Infallible> {
        Ok(refund.cents + tick.unsigned_abs())
    }

    #[sink(from = latest.rate_limit("10ms"))]
    fn show_latest(latest: u64) {
        println!("{latest}");
    }

    #[map(from = refund)]
    fn placed(order: Tracked<Order>) -> Tracked<(i64, Order)> {
        let offset = order.position().offset;
        order.map(|order| (offset, order))
    }

    #[map(from = placed)]
    fn signed(placed: Tracked<(i64, Order)>) -> Result<Tracked<u64>, Infallible> {
        let ((offset, order), carrier) = placed.take();
        Ok(carrier.put(order.cents + offset.unsigned_abs()))
    }

    #[sink(from = signed)]
    fn keep(signed: Tracked<u64>) -> Done {
        signed.done()
    }

    #[healed]
    fn committed(offsets: &[Position]) {
        println!("{}", offsets.len());
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        rates: Rates { percent: 7 },
        db: Db {
            table: "orders".to_owned(),
        },
    });
}
