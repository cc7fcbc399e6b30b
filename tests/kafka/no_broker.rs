//! **No broker, no topic: a clear word and an end.** A pipeline that cannot start says what it looked for and where, exits
//! with 1, waits no longer than `connect_timeout`, and does not spin meanwhile.
//!
//! The bad day: a wrong address in a deploy, and a service that hangs in silence.

use std::time::{Duration, Instant};

use xtask::services;

use crate::support::{Broker, Child, cpu_time, eventually, ms, s};

#[test]
fn without_a_broker_it_names_the_address_and_ends() {
    let port = services::free_port().expect("a port");
    let address = format!("127.0.0.1:{port}");
    let folder = Child::folder("wh-no-broker");
    let started = Instant::now();
    let env = [("WATERHEALER_CONNECT_TIMEOUT", "2s")];
    let child = Child::start_with(&folder, "idle", &["--brokers", &address], &env);
    std::thread::sleep(ms(1_500));
    let spent = cpu_time(child.pid());
    let ended = child.wait(s(5));
    let took = started.elapsed();
    ended.assert_code(1);
    ended.assert_says(&["no Kafka broker answers", &address, "within 2s"]);
    assert!(took < s(4), "it took {took:?}");
    assert!(
        spent < Duration::from_millis(300),
        "it spent {spent:?} on waiting"
    );
}

#[test]
fn a_topic_that_does_not_exist_is_named_and_not_created() {
    const TOPIC: &str = "wh-nowhere";
    let broker = Broker::shared();
    broker.delete_topic(TOPIC);
    eventually(s(15), "the topic is gone", || !broker.has_topic(TOPIC));
    let folder = Child::folder(TOPIC);
    for verb in ["run", "check"] {
        let started = Instant::now();
        let ended =
            Child::start(&folder, "nowhere", &[verb, "--brokers", broker.bootstrap()]).wait(s(15));
        ended.assert_code(1);
        ended.assert_says(&["`wh-nowhere` does not exist", broker.bootstrap()]);
        assert!(
            started.elapsed() < s(12),
            "{verb} took {:?}",
            started.elapsed()
        );
    }
    assert!(
        !broker.has_topic(TOPIC),
        "the question has created the topic"
    );
}
