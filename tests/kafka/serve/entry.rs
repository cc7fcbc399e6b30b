//! Who is let in, what they hear otherwise, and which address is had. What the routes say is in `serve`.

use std::net::TcpListener;

use waterhealer::prelude::*;

use super::address;
use crate::support::http::{ask, get};
use crate::support::{Broker, Child, Group, Member, s, settings};

#[test]
fn what_is_not_there_or_not_allowed_is_told_in_json() {
    let broker = Broker::shared();
    let group = Group::new(&broker, &[("wh-serve-door", 1)]);
    broker.fresh_topic("wh-serve-door", 1);
    let config = settings(broker.bootstrap(), &group).http("127.0.0.1:0");
    let member = Member::start(door::pipeline().config(config));
    let at = address(&member);
    let host = at.to_string();
    assert_eq!(get(at, "/").json()["pipeline"], "door");
    for (method, path, host, status) in [
        ("GET", "/nowhere", host.as_str(), 404),
        ("POST", "/metrics", &host, 405),
        ("GET", "/metrics", "evil.example:8000", 421),
        ("GET", "/metrics", "localhost", 200),
    ] {
        let answer = ask(at, method, path, host);
        assert_eq!(answer.status, status, "{method} {path} {host}: {answer:?}");
        assert!(
            answer.headers.contains("cache-control: no-store"),
            "{answer:?}"
        );
        assert_eq!(
            status != 200,
            answer.body.starts_with("{\"error\":"),
            "{answer:?}"
        );
    }
    member.stop();
}

#[pipeline(group = "from the configuration")]
mod door {
    use super::*;

    #[source(topic = "wh-serve-door")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read)]
    fn done(_offset: i64) {}
}

#[test]
fn an_address_that_somebody_chose_must_be_had_and_the_usual_one_may_be_taken() {
    let broker = Broker::shared();
    if !broker.has_topic("wh-idle") {
        broker.fresh_topic("wh-idle", 6);
    }
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let folder = Child::folder("serve-taken");
    let brokers = ["--brokers", broker.bootstrap(), "--until-end"];
    let chosen = [&brokers[..], &["--http", &address]].concat();
    let ended = Child::start(&folder, "idle", &chosen).wait(s(20));
    ended.assert_code(78);
    ended.assert_says(&[&address, "cannot be had", "`off`"]);

    // Ours, or whoever has it already.
    let _usual = TcpListener::bind("127.0.0.1:8000");
    let ended = Child::start(&folder, "idle", &brokers).wait(s(30));
    ended.assert_code(0);
    ended.assert_says(&["the usual address is taken"]);

    let everywhere = [&brokers[..], &["--http", "0.0.0.0:0"]].concat();
    let ended = Child::start(&folder, "idle", &everywhere).wait(s(30));
    ended.assert_code(0);
    ended.assert_says(&["whoever reaches this machine"]);
}
