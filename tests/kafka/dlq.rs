//! **Dead letters go back.** `dlq` lists them, shows them, sends them back to where they came from, to the last byte and each
//! once, and removes them.
//!
//! The bad day is over: the mistake is mended, and what had failed meanwhile is to be done after all.

use serde_json::Value;
use waterhealer::EmitId;

use crate::support::exact::{self, Exact};
use crate::support::{Broker, Child, Ended, Group, Journal, s};

const TOPIC: &str = "wh-dlq";
const PARTITIONS: i32 = 2;
const RECORDS: usize = 200;

#[test]
fn what_has_failed_is_listed_shown_sent_back_and_removed() {
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    exact::write(
        &broker,
        TOPIC,
        &[Exact {
            key: Some(vec![0xff, 0x01]),
            value: Some(b"no number".to_vec()),
            headers: vec![("own".to_owned(), None)],
            timestamp: Some(1_700_000_000_000),
        }],
    );
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let letters = format!("{TOPIC}.{}.dlq", group.name());
    broker.fresh_topic_with(&letters, 1, &[("retention.ms", "-1")]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let run = |arguments: &[&str], env: &[(&str, &str)]| -> Ended {
        let common = ["--brokers", broker.bootstrap(), "--group", group.name()];
        Child::start_with(
            &folder,
            "letters-mended",
            &[arguments, &common].concat(),
            env,
        )
        .wait(s(60))
    };
    let told = |arguments: &[&str]| -> Value {
        let ended = run(&[&["dlq"], arguments, &["--json"]].concat(), &[]);
        ended.assert_code(0);
        serde_json::from_str(&ended.out).expect("it is JSON")
    };

    // Twenty end in a 3, and one is no number.
    let first = run(&["--until-end"], &[]);
    first.assert_code(0);
    assert!(
        first
            .out
            .contains("201 records finished, 0 skipped, 21 dead-lettered"),
        "{first:?}"
    );
    assert_eq!(journal.records(), 180);

    let listed = told(&["ls"]);
    assert_eq!(
        (&listed[0]["topic"], &listed[0]["letters"]),
        (&letters.clone().into(), &21.into())
    );
    let errors = listed[0]["errors"].as_array().expect("a list");
    let by_stage: Vec<_> = errors
        .iter()
        .map(|error| {
            (
                error["stage"].as_str().expect("text"),
                error["letters"].as_u64(),
            )
        })
        .collect();
    assert_eq!(by_stage, [("check", Some(20)), ("read", Some(1))]);
    let id = EmitId::new(&broker.cluster(), TOPIC, 0, 100).to_string();
    let by_id = told(&["show", "--filter", &format!("emit_id={id}")]);
    assert_eq!(by_id.as_array().map(Vec::len), Some(1));
    assert_eq!(by_id[0]["said"]["emit_id"], id);
    let shown = run(&["dlq", "show", "--filter", "stage=read"], &[]);
    shown.assert_code(0);
    for part in [
        "no number",
        "0xff01",
        "invalid digit",
        "own: none",
        &format!("{TOPIC}[0]@100"),
        &id,
    ] {
        assert!(shown.out.contains(part), "no `{part}` in: {}", shown.out);
    }
    assert_eq!(
        told(&["show", "--limit", "5"]).as_array().map(Vec::len),
        Some(5)
    );
    run(&["dlq", "replay", "--filter", "colour=red"], &[]).assert_code(2);
    let elsewhere = [
        "dlq",
        "ls",
        "--brokers",
        broker.bootstrap(),
        "--group",
        "nobody",
    ];
    let elsewhere = Child::start(&folder, "letters-mended", &elsewhere).wait(s(60));
    elsewhere.assert_says(&["wh-dlq.nobody.dlq", "does not exist"]);

    // What is picked out goes, each once; nothing goes in a dry run.
    let dry = told(&["replay", "--dry-run"]);
    assert_eq!(dry["replayed"][TOPIC], 21);
    let three = told(&["replay", "--filter", "stage=check", "--limit", "3"]);
    assert_eq!(three["replayed"][TOPIC], 3);
    let picked = told(&["replay", "--filter", "stage=read"]);
    assert_eq!(picked["replayed"][TOPIC], 1);
    let rest = told(&["replay"]);
    assert_eq!(
        (&rest["replayed"][TOPIC], &rest["replayed_before"]),
        (&17.into(), &4.into())
    );
    assert_eq!(told(&["replay"])["replayed"], serde_json::json!({}));
    assert_eq!(told(&["ls"])[0]["replayed"], 21);

    // As they were, with where they come from and without why they failed.
    let back = exact::read(&broker, TOPIC, PARTITIONS);
    assert_eq!(back.len(), RECORDS + 1 + 21);
    let replayed = |record: &&Exact| record.header("waterhealer.replayed.from.offset").is_some();
    for record in back.iter().filter(replayed) {
        assert_eq!(record.text("waterhealer.replayed.from.topic"), letters);
        let about = record.headers.iter().map(|(name, _)| name.as_str());
        let about: Vec<&str> = about
            .filter(|name| !name.starts_with("waterhealer.replayed.from."))
            .collect();
        match record.value.as_deref() {
            Some(b"no number") => {
                assert_eq!(about, ["own"]);
                assert_eq!(record.key.as_deref(), Some(&[0xff, 0x01][..]));
                assert_eq!(record.timestamp, Some(1_700_000_000_000));
            }
            number => {
                assert_eq!(about, [""; 0]);
                assert_eq!(number.and_then(<[u8]>::last), Some(&b'3'));
            }
        }
    }

    // The mistake is mended: what ended in a 3 is done now; what is no number fails again.
    let second = run(&["--until-end"], &[("MENDED", "1")]);
    second.assert_code(0);
    assert!(
        second
            .out
            .contains("21 records finished, 0 skipped, 1 dead-lettered"),
        "{second:?}"
    );
    assert_eq!(journal.records(), 200);
    group.assert_at_end();
    let again = told(&["show", "--filter", "stage=read"]);
    let offsets = again
        .as_array()
        .expect("a list")
        .iter()
        .map(|letter| letter["said"]["offset"].as_i64());
    // Of the same record, first where it stood, then where it came back to.
    let offsets: Vec<_> = offsets.collect();
    assert_eq!((offsets.len(), offsets[0]), (2, Some(100)));
    assert!(offsets[1] > Some(100), "{offsets:?}");

    // Nothing goes without a `--yes`.
    let asked = run(&["dlq", "purge", "--all"], &[]);
    asked.assert_code(2);
    assert!(
        asked.out.contains(
            "22 dead letters before offset 22 would be removed, 1 of them never replayed"
        ),
        "{asked:?}"
    );
    run(&["dlq", "purge", "--yes"], &[]).assert_code(2);
    let some = run(&["dlq", "purge", "--before", "21", "--yes"], &[]);
    some.assert_code(0);
    assert_eq!(told(&["ls"])[0]["letters"], 1);
    run(&["dlq", "purge", "--all", "--yes"], &[]).assert_code(0);
    assert_eq!(told(&["ls"])[0]["letters"], 0);
    assert_eq!(exact::read(&broker, &letters, 1), []);
}
