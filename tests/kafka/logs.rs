//! **Each line that is logged inside a stage says for which record**, whoever logs it: at once, after an `await`, on a thread that may
//! block. Lines outside have none, and pipelines in one process do not mix. The emit id leads back to the record.
//!
//! The bad day: one record of millions went wrong, and the lines about it are to be found.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use waterhealer::EmitId;

use crate::support::{Broker, Child, Ended, Group, heavy, s};

const TOPIC: &str = "wh-logging";
const RECORDS: usize = 20;

#[test]
fn each_line_inside_a_stage_has_the_emit_id_of_its_record() {
    let _one = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 2);
    broker.fill(TOPIC, 2, RECORDS);
    let cluster = broker.cluster();
    let ended = run(&broker, "logging", &[("ENABLE_JSON_LOGGING", "True")]);
    let lines = lines(&ended);

    let mut seen = BTreeMap::new();
    for line in lines
        .iter()
        .filter(|line| line["module"].as_str() == Some("member::logging::logging_pipeline"))
    {
        let msg = line["msg"].as_str().expect("a message");
        *seen.entry(msg).or_insert(0) += 1;
        let offset = line["offset"].as_i64().expect("the stages say it");
        if msg == "apart" {
            assert!(
                line["emit_id"].is_null() && line["function_name"].is_null(),
                "{line}"
            );
            continue;
        }
        let id: EmitId = line["emit_id"]
            .as_str()
            .expect("there is one")
            .parse()
            .expect("it is one");
        assert!(id.is_of(&cluster, TOPIC), "{line}");
        assert_eq!(id.offset(), offset, "{line}");
        let (function, level) = match msg {
            "read" => ("source.read", "INFO"),
            "at once" => ("map.at_once", "WARNING"),
            "before" | "after" => ("map.later", "INFO"),
            "blocking" => ("map.slowly", "INFO"),
            other => panic!("nobody says {other}"),
        };
        assert_eq!(
            (line["function_name"].as_str(), line["level"].as_str()),
            (Some(function), Some(level))
        );
        match msg {
            "read" => assert_eq!(line["own"], line["emit_id"]),
            "at once" => assert_eq!(line["field.level"], "of the field"),
            "blocking" => assert_eq!(
                line["spans"],
                serde_json::json!([{"name": "around", "tries": 3}])
            ),
            _ => {}
        }
    }
    let six = ["after", "apart", "at once", "before", "blocking", "read"];
    assert_eq!(seen, six.map(|msg| (msg, RECORDS)).into());

    // The runtime's own lines about a record.
    let skipped: Vec<_> = lines
        .iter()
        .filter(|line| line["msg"] == "record skipped")
        .collect();
    assert_eq!(skipped.len(), 2, "the third of each partition");
    for line in skipped {
        let id: EmitId = line["emit_id"]
            .as_str()
            .expect("there is one")
            .parse()
            .expect("it is one");
        assert_eq!(
            (id.offset(), id.is_of(&cluster, TOPIC)),
            (2, true),
            "{line}"
        );
        assert_eq!(line["function_name"], "sink.done");
    }
}

#[test]
fn lines_have_the_fields_of_the_python_library() {
    let _one = heavy();
    let broker = Broker::shared();
    let topic = "wh-logging-left";
    two(&broker);
    let ended = run(&broker, "logging-two", &[]);
    for line in lines(&ended) {
        let object = line.as_object().expect("an object");
        let at = object["written_at"].as_str().expect("text");
        assert!(
            at.len() == 24 && at.ends_with('Z') && at.as_bytes()[19] == b'.',
            "{at}"
        );
        let ts = object["written_ts"].as_u64().expect("a number").to_string();
        assert!(
            ts.len() == 19 && ts[10..13] == at[20..23],
            "one moment: {ts} {at}"
        );
        assert_eq!(object["type"], "log");
        for name in ["msg", "logger", "thread", "level", "module"] {
            assert!(object[name].is_string(), "{name} of {line}");
        }
        assert!(
            object["line_no"].as_u64().is_some_and(|line| line > 0),
            "{line}"
        );
        assert!(
            object.contains_key("function_name") && object.contains_key("emit_id"),
            "{line}"
        );
    }
    assert!(ended.err.contains(topic));
}

#[test]
fn pipelines_in_one_process_do_not_mix() {
    let _one = heavy();
    let broker = Broker::shared();
    two(&broker);
    let cluster = broker.cluster();
    let ended = run(&broker, "logging-two", &[]);
    let mut said = 0;
    for line in lines(&ended) {
        let Some(topic) = line["topic"].as_str().filter(|_| line["offset"].is_i64()) else {
            continue;
        };
        let id: EmitId = line["emit_id"]
            .as_str()
            .expect("there is one")
            .parse()
            .expect("it is one");
        assert!(id.is_of(&cluster, topic), "{line}");
        assert_eq!(Some(id.offset()), line["offset"].as_i64(), "{line}");
        said += 1;
    }
    assert_eq!(said, 2 * 2 * 200, "two lines for each record of each topic");
}

#[test]
fn each_value_is_told_if_that_is_asked_for_whatever_the_level() {
    let _one = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 3);
    let env = [
        ("ENABLE_JSON_LOGGING", "true"),
        ("ENABLE_EMIT_LOGGING", "true"),
        ("LOGLEVEL", "CRITICAL"),
    ];
    let ended = run(&broker, "logging", &env);
    // A panic while a value is written down is told by the panic's own lines, too.
    let told = ended.err.lines().filter(|line| line.starts_with('{'));
    let told: Vec<Value> = told
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    assert!(
        told.iter()
            .all(|line| line["logger"] == "waterhealer::values" && line["level"] == "DEBUG")
    );
    let by = |name: &str| {
        told.iter()
            .filter(|line| line["function_name"] == name)
            .count()
    };
    assert_eq!(
        ["source.read", "map.at_once", "map.later", "map.slowly"].map(by),
        [3; 4]
    );
    let shy = told
        .iter()
        .find(|line| line["function_name"] == "map.slowly");
    let data = shy.expect("it is told")["data"].as_str().expect("text");
    assert!(
        data.starts_with("(it cannot be written down: ") && data.contains("do not look"),
        "{data}"
    );
    let first = &told[0];
    assert!(
        first["data"]
            .as_str()
            .is_some_and(|data| data.contains(TOPIC)),
        "{first}"
    );
    assert!(first["emit_id"].is_string(), "{first}");
}

#[test]
fn lines_for_people_have_the_stage_and_the_emit_id() {
    let _one = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 1);
    let ended = run(&broker, "logging", &[]);
    let id = EmitId::new(&broker.cluster(), TOPIC, 0, 0);
    let line = format!("INFO map.later {id} member::logging::logging_pipeline: after offset=0");
    assert!(ended.err.contains(&line), "no `{line}` in {}", ended.err);
    assert!(
        !ended.err.contains('\x1b'),
        "no colours where no terminal is"
    );
    let apart = ended
        .err
        .lines()
        .find(|line| line.contains("apart"))
        .expect("it is said");
    assert!(apart.contains("INFO member::logging"), "{apart}");
}

#[test]
fn a_level_that_is_none_is_a_mistake_told_with_its_layer() {
    let broker = Broker::shared();
    let child = start(
        &broker,
        "logging",
        &[("LOGLEVEL", "loud"), ("WATERHEALER_LOG_JSON", "yes")],
        &[],
    );
    let ended = child.wait(s(15));
    ended.assert_code(78);
    ended.assert_says(&[
        "2 mistakes",
        "the environment, LOGLEVEL: `log_level` must be a level",
        "the environment, WATERHEALER_LOG_JSON: `log_json` must be true or false",
    ]);
}

#[test]
fn an_emit_id_leads_back_to_its_record_and_the_other_way_round() {
    let broker = Broker::shared();
    let id = EmitId::new(&broker.cluster(), TOPIC, 3, 1_042).to_string();
    let ask = |arguments: &[&str]| -> Value {
        let ended = start(
            &broker,
            "logging",
            &[],
            &[&["emit-id", "--json"], arguments].concat(),
        )
        .wait(s(15));
        ended.assert_code(0);
        serde_json::from_str(&ended.out).expect("it is JSON")
    };
    let known = serde_json::json!({
        "emit_id": id, "topic": TOPIC, "partition": 3, "offset": 1_042, "cluster": broker.cluster(),
    });
    assert_eq!(ask(&[&id]), known);
    assert_eq!(ask(&[TOPIC, "3", "1042"]), known);
    let elsewhere = EmitId::new("elsewhere", TOPIC, 3, 1_042).to_string();
    assert_eq!(ask(&[&elsewhere])["topic"], Value::Null);
    assert_eq!(ask(&[&elsewhere, "--cluster", "elsewhere"])["topic"], TOPIC);

    for (wrong, says) in [
        (vec!["emit-id", "nonsense"], "`nonsense` is no emit id"),
        (vec!["emit-id", TOPIC, "3"], "its partition and its offset"),
        (vec!["emit-id", TOPIC, "3", "late"], "`late` is no offset"),
    ] {
        let ended = start(&broker, "logging", &[], &wrong).wait(s(15));
        assert_ne!(ended.status.code(), Some(0));
        ended.assert_says(&[says]);
    }
}

fn two(broker: &Broker) {
    for topic in ["wh-logging-left", "wh-logging-right"] {
        broker.fresh_topic(topic, 1);
        broker.fill(topic, 1, 200);
    }
}

fn start(broker: &Broker, name: &str, env: &[(&str, &str)], arguments: &[&str]) -> Child {
    static STARTED: AtomicUsize = AtomicUsize::new(0);
    let folder = Child::folder(&format!(
        "{name}-{}",
        STARTED.fetch_add(1, Ordering::Relaxed)
    ));
    let env = [&[("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())], env].concat();
    Child::start_with(&folder, name, arguments, &env)
}

/// The whole program, or the one with two pipelines, until everything is read.
fn run(broker: &Broker, name: &str, env: &[(&str, &str)]) -> Ended {
    let group = Group::new(broker, &[(TOPIC, 1)]);
    let arguments = ["--group", group.name(), "--until-end"];
    let ended = match name {
        "logging" => start(broker, name, env, &arguments),
        _ => start(broker, name, &[("GROUP", group.name())], &[]),
    };
    let ended = ended.wait(s(60));
    ended.assert_code(0);
    ended
}

fn lines(ended: &Ended) -> Vec<Value> {
    let lines = ended.err.lines().map(|line| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in `{line}`"))
    });
    lines.collect()
}
