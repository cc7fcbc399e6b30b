//! **The group's offsets can be looked at and set.** `offsets show` says how far the group is, `offsets reset` sets where it goes
//! on, while nobody is a member, and says what that changes; `check` says where a start would begin.
//!
//! The bad days: a reset under a running member, which commits over it; one that reads a whole topic again by mistake.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Broker, Child, Ended, Group, eventually, s};

const TOPIC: &str = "wh-offsets";

struct Shop {
    broker: Broker,
    group: Group,
    folder: PathBuf,
}

impl Shop {
    /// A topic of two partitions, 100 records in each, and a group that nobody has used.
    fn new() -> Shop {
        let broker = Broker::shared();
        broker.fresh_topic(TOPIC, 2);
        broker.fill(TOPIC, 2, 200);
        let group = Group::new(&broker, &[(TOPIC, 2)]);
        Shop {
            folder: Child::folder(TOPIC),
            group,
            broker,
        }
    }

    fn start(&self, more: &[&str]) -> Child {
        let arguments = [
            "--brokers",
            self.broker.bootstrap(),
            "--group",
            self.group.name(),
        ];
        Child::start(&self.folder, "offsets", &[&arguments[..], more].concat())
    }

    fn run(&self, more: &[&str]) -> Ended {
        self.start(more).wait(s(40))
    }

    #[track_caller]
    fn out(&self, more: &[&str]) -> String {
        let ended = self.run(more);
        ended.assert_code(0);
        ended.out
    }

    fn shown(&self) -> Value {
        let text = self.out(&["offsets", "show", "--json"]);
        serde_json::from_str(&text).expect("it is JSON")
    }
}

#[test]
fn offsets_are_shown_and_set_and_never_under_a_member() {
    let shop = Shop::new();
    let shown = shop.shown();
    assert_eq!(shown["group"], shop.group.name());
    assert_eq!(shown["partitions"][1]["partition"], 1);
    assert_eq!(shown["partitions"][1]["committed"], Value::Null);
    assert_eq!(shown["partitions"][1]["lag"], 100);
    let text = shop.out(&["check"]);
    assert!(
        text.contains("wh-offsets[0]: begins at its first record: nothing is committed"),
        "{text}"
    );

    shop.out(&["--until-end"]);
    let shown = shop.shown();
    for partition in [0, 1] {
        let row = &shown["partitions"][partition];
        assert_eq!(
            (&row["committed"], &row["lag"]),
            (&100.into(), &0.into()),
            "{shown}"
        );
        assert_eq!(row["metadata"], "in order", "{shown}");
        assert_eq!(row["member"], Value::Null);
    }

    // Nothing without a word for it.
    let before = shop.group.committed();
    let dry = shop.out(&["offsets", "reset", "--to", "earliest", "--dry-run"]);
    assert!(
        dry.contains("wh-offsets[0]: 100 -> 0, 100 records to read"),
        "{dry}"
    );
    let asked = shop.run(&["offsets", "reset", "--to", "earliest"]);
    asked.assert_code(2);
    assert!(
        asked.out.contains("nothing was changed: say `--yes`"),
        "{asked:?}"
    );
    assert_eq!(shop.group.committed(), before);

    shop.out(&[
        "offsets",
        "reset",
        "--to",
        "40",
        "--partition",
        "1",
        "--topic",
        TOPIC,
        "--yes",
    ]);
    assert_eq!(shop.group.committed_in(0), Some(100));
    assert_eq!(shop.group.committed_in(1), Some(40));
    let text = shop.out(&["check"]);
    assert!(
        text.contains("wh-offsets[1]: begins at 40, as committed"),
        "{text}"
    );
    let again = shop.out(&["--until-end"]);
    assert!(again.contains("60 records finished"), "{again}");

    shop.out(&["offsets", "reset", "--to", "1h", "--yes"]);
    assert_eq!(
        shop.group.committed_in(0),
        Some(0),
        "all of it was written within the hour"
    );
    shop.out(&["offsets", "reset", "--to", "2100-01-01T00:00:00Z", "--yes"]);
    assert_eq!(shop.group.committed_in(0), Some(100), "nothing is that new");
    shop.out(&["offsets", "reset", "--to", "earliest", "--yes"]);
    shop.out(&["offsets", "reset", "--to", "latest", "--yes"]);
    shop.group.assert_at_end();

    for (wrong, why) in [
        (
            &["--to", "101"][..],
            "goes from 0 to 100, and 101 is outside of it",
        ),
        (&["--to", "someday"], "is none of `earliest`"),
        (
            &["--to", "latest", "--partition", "7"],
            "reads no such partition",
        ),
    ] {
        let refused = shop.run(&[&["offsets", "reset", "--yes"], wrong].concat());
        refused.assert_code(78);
        refused.assert_says(&[why]);
    }

    let member = shop.start(&[]);
    eventually(s(30), "it is a member", || shop.group.members() == 1);
    eventually(s(30), "it is shown", || {
        !shop.shown()["partitions"][0]["member"].is_null()
    });
    let refused = shop.run(&["offsets", "reset", "--to", "earliest", "--yes"]);
    refused.assert_code(1);
    refused.assert_says(&["has members", "end them first"]);
    member.signal(crate::support::Signal::TERM);
    member.wait(s(30)).assert_code(0);
    shop.group.assert_at_end();
}
