//! The rule about work that a body starts and nobody waits for.

use super::{SOURCE, STORE, assert_findings, messages};

/// An async map with these options beside its `from`, these parameters beside its value, and this body.
fn node(options: &str, parameters: &str, body: &str) -> String {
    format!(
        "{SOURCE} #[map(from = order{options})] async fn price(order: Order{parameters}) -> Priced {{ {body} }} {STORE}"
    )
}

/// Asserts that each body has this one finding, with the caret under this word.
fn assert_each(bodies: &[&str], caret: &str) {
    for body in bodies {
        assert_findings(&[(&node("", "", body), &[("WH0037", caret)])]);
    }
}

fn assert_none(bodies: &[&str]) {
    for body in bodies {
        assert_findings(&[(&node("", "", body), &[])]);
    }
}

#[test]
fn a_handle_that_is_thrown_away_is_found() {
    assert_each(
        &[
            "tokio::spawn(work()); x",
            "::tokio::spawn(work()); x",
            "spawn::<_>(work()); x",
            "let _ = tokio::spawn(work()); x",
            "_ = spawn(work()); x",
            "let _job = thread::spawn(|| work()); x",
            "let _job: JoinHandle<_> = std::thread::spawn(|| work()); x",
            "let mut _job: Option<fn(u8) -> JoinHandle<()>> = spawn(work()); x",
            "let _: JoinHandle<()> = spawn(work()); x",
            "let job = tokio::spawn(work()); x",
            "let _a = spawn(work()); let _a = a.await; x",
            "(spawn(work())); x",
            "#[allow(unused)] spawn(work()); x",
            "thread::spawn(|| work()).unwrap(); x",
            "Builder::new().name(y)?.spawn(|| work())?; x",
            "Handle::current().spawn(work()); x",
            "tokio::runtime::Handle::spawn(&y, work()); x",
        ],
        "spawn",
    );
    assert_each(
        &["if y { tokio::task::spawn_blocking(|| work()); } x"],
        "spawn_blocking",
    );
    assert_each(&["task::spawn_local(work()); x"], "spawn_local");
}

#[test]
fn at_any_depth_and_after_any_block() {
    assert_each(
        &[
            "loop { } tokio::spawn(work()); x",
            "if let Order { id } = y { } spawn(work()); x",
            "while let Order { id } = y { z } (spawn(work())); x",
            "for Order { id } in y { z } spawn(work()); x",
            "match y { A => {} } spawn(work()); x",
            "'all: loop { break } ::tokio::spawn(work()); x",
            "select! { a => {} } ::tokio::spawn(work()); x",
            "struct Y { a: u8 } spawn(work()); x",
            "let y = Y { a: 1 }; spawn(work()); x",
            "helper(|| { tokio::spawn(work()); }); x",
            "tokio::select! { y = z => { spawn(work()); } } x",
            "spawn(async { spawn(work()); }).await",
        ],
        "spawn",
    );
}

#[test]
fn a_chain_on_many_lines_is_one() {
    assert_each(
        &[
            "tokio::spawn(work())\n    .abort_handle();\n x",
            "let stop = tokio::spawn(work())\n    .abort_handle(); stop.abort(); x",
            "std::thread::Builder::new()\n    .name(y)\n    .spawn(|| work())\n    .expect(z);\n x",
            "tokio::runtime::Handle::current()\n    .spawn(work());\n x",
            "let _job =\n    tokio\n    ::spawn(\n    work()\n    )\n    ; x",
            "f(spawn(work()).id()); x",
        ],
        "spawn",
    );
}

#[test]
fn a_handle_that_is_dropped_is_found() {
    assert_each(
        &[
            "drop(tokio::spawn(work())); x",
            "std::mem::drop(tokio::spawn(work())); x",
            "mem::forget(thread::spawn(|| work())); x",
            "match y { A => drop(spawn(work())), B => z } x",
            "if y { std::mem::forget(\n spawn(work())\n) } x",
            "let job = spawn(work()); drop(job); x",
            "let job = spawn(work()); if y { let _ = job; } x",
        ],
        "spawn",
    );
}

#[test]
fn the_last_expression_of_a_block_that_is_thrown_away_is_found() {
    assert_each(
        &[
            "{ y; spawn(work()) }; x",
            "let _ = { y; spawn(work()) }; x",
            "unsafe { spawn(work()) }; x",
            "if y { spawn(work()) } else { z }; x",
            "if y { z } else if a { { spawn(work()) } } else { b }; x",
            "match y { A => z, B if b => spawn(work()), }; x",
            "match y { A => { z } B => { spawn(work()) } }; x",
            "async { spawn(work()) }.await; x",
            "drop({ spawn(work()) }); x",
            "(spawn(work()), y); x",
        ],
        "spawn",
    );
}

#[test]
fn work_that_is_awaited_is_accepted() {
    assert_none(&[
        "tokio::spawn(work()).await; x",
        "tokio::spawn(work())\n    .await\n    .unwrap()",
        "let job = tokio::spawn(work()); job.await; x",
        "let _job = tokio::spawn(work()); _job.await; x",
        "let job: JoinHandle<_> = spawn(work()); f(job).await; x",
        "let _ = spawn(work()).await; x",
        "std::thread::spawn(|| work()).join().unwrap(); x",
        "let all = vec![spawn(work()), spawn(work())]; join_all(all).await; x",
        "let job = if y { spawn(a()) } else { spawn(b()) }; job.await; x",
        "if y { spawn(a()) } else { spawn(b()) }.await; x",
        "match y { A => spawn(a()), B => spawn(b()) }.await?; x",
        "let f = || spawn(work()); f().await; x",
        "return spawn(work()).await;",
        "self.jobs.push(spawn(work())); x",
        "tokio::join!(spawn(a()), spawn(b())); x",
        "tokio::select! { _ = spawn(work()) => y, } x",
        "tokio::select! { _ = a => {} _ = spawn(work()) => {} } x",
    ]);
}

#[test]
fn what_is_no_work_of_this_body_is_accepted() {
    assert_none(&[
        "fn helper() { tokio::spawn(work()); } x",
        "async fn helper<T>(t: T) -> u8 where T: Y { tokio::spawn(work()); 1 } x",
        "impl Y { fn y(&self) { spawn(work()); } } x",
        "let text = \"tokio::spawn(work());\"; x",
        "/* tokio::spawn(work()); */ x",
        "thread::scope(|scope| { scope.spawn(|| work()); }); x",
        "Command::new(y).spawn()?.wait()?; x",
        "let job = spawn; x",
        // Not to be seen by tokens.
        "y.map(spawn).done()",
    ]);
}

#[test]
fn a_runtime_among_the_resources_starts_work_too() {
    for ty in ["&Runtime", "&tokio::runtime::Handle"] {
        let parameters = format!(", rt: {ty}");
        assert_findings(&[
            (
                &node("", &parameters, "rt.spawn(work()); x"),
                &[("WH0037", "spawn")],
            ),
            (&node("", &parameters, "rt.spawn(work()).await; x"), &[]),
        ]);
    }
    assert_findings(&[(&node("", ", pool: &Pool", "pool.spawn(work()); x"), &[])]);
}

#[test]
fn a_set_of_tasks_that_is_let_go_is_found() {
    assert_each(
        &[
            "let mut set = JoinSet::new(); set.spawn(work()); set.detach_all(); x",
            "set.detach_all(); x",
            "if y { self.set\n .lock()\n .detach_all() } x",
        ],
        "detach_all",
    );
    assert_each(
        &[
            "let mut set = JoinSet::new(); set.spawn(work()); x",
            "let mut set: JoinSet<u8> = JoinSet::default(); for y in z { set.spawn(work(y)); } x",
            "let mut set = tokio::task::JoinSet::new(); set.spawn(a()); set.spawn(b()); set.len(); x",
            "let mut set = JoinSet::<u8>::new(); set.spawn(work()); drop(set); x",
            "if y { let mut set = JoinSet::new(); set\n .spawn(work()); } x",
        ],
        "spawn",
    );
    assert_each(
        &["let mut set = JoinSet::new(); set.spawn_blocking(|| work()); x"],
        "spawn_blocking",
    );
}

#[test]
fn a_set_of_tasks_that_is_awaited_is_accepted() {
    assert_none(&[
        "let mut set = JoinSet::new(); set.spawn(work()); set.join_all().await; x",
        "let mut set = JoinSet::new(); set.spawn(work()); while let Some(y) = set.join_next().await { } x",
        "let mut set = JoinSet::new(); set.spawn(work()); set.abort_all(); x",
        "let mut set = JoinSet::new(); set.spawn(work()); set.shutdown().await; x",
        "let mut set = JoinSet::new(); set.spawn(work()); drain(&mut set).await; x",
        "let mut set = JoinSet::new(); set.spawn(work()); set",
        "let mut set = JoinSet::new(); select! { y = set.join_next() => {} } set.spawn(work()); x",
        "let set = JoinSet::new(); x",
        "let mut set = Other::new(); set.spawn(work()); x",
        "fn helper() { let mut set = JoinSet::new(); set.spawn(work()); } x",
    ]);
}

#[test]
fn a_reason_excuses_and_does_not_stay_behind() {
    let reason = ", detached = \"only a hint to the cache\"";
    let twice = "tokio::spawn(a()); drop(spawn(b())); x";
    assert_findings(&[
        (
            &node("", "", twice),
            &[("WH0037", "spawn"), ("WH0037", "spawn")],
        ),
        (&node(reason, "", twice), &[]),
        (&node(reason, "", "set.detach_all(); x"), &[]),
        (&node(reason, "", "x"), &[("WH0039", "detached")]),
        (
            &node(reason, "", "spawn(work()).await; x"),
            &[("WH0039", "detached")],
        ),
        // A reason that is none is told, and the work it was meant for is not.
        (&node(", detached = \"\"", "", twice), &[("WH0063", "\"\"")]),
    ]);
}

#[test]
fn it_is_told_how_the_work_is_let_go() {
    let why = |body: &str| {
        let found = messages("", &format!("mod x {{ {} }}", node("", "", body)));
        found[0].2.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert!(why("spawn(work()); x").starts_with("why: its handle is thrown away, so the record"));
    let set = "let mut tasks = JoinSet::new(); tasks.spawn(work()); x";
    assert!(
        why(set).starts_with("why: `tasks` is dropped without a `join_next` or `join_all`, so")
    );
    assert!(why("y.detach_all(); x").starts_with("why: `detach_all` lets go of every task"));
}
