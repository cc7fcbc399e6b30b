//! redb: what all stores do, and what a file does.

use crate::store::redb::Redb;

use super::*;

#[test]
fn redb_behaves() {
    let folder = tempfile::tempdir().unwrap();
    let open = || -> Box<dyn Store> {
        let path = folder.path().join(&*fresh().identity);
        Box::new(Redb::open(&path, HOUR, Hand::default().now()).unwrap())
    };
    behaves(8, open);
    keeps_places_apart(&mut *open());
}

#[test]
fn redb_expires_entries_by_age() {
    let folder = tempfile::tempdir().unwrap();
    let hand = Hand::default();
    let path = folder.path().join("aged.redb");
    let mut store = Redb::open(&path, HOUR, hand.now()).unwrap();
    expires_by_age(&mut store, &hand);
}

#[test]
fn redb_has_it_after_a_restart_and_for_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.redb");
    let place = fresh();
    let open = || Redb::open(&path, HOUR, Hand::default().now());
    let mut store = open().unwrap();
    store.write(&finished(&place, &[3..70_000])).unwrap();
    store.write(&committed(&place, 20_000)).unwrap();
    let Err(Outage::Refused(why)) = open() else {
        panic!("the file is open");
    };
    assert!(why.contains("for one at a time"), "{why}");
    drop(store);
    let found = open().unwrap().read(&place).unwrap();
    // Whole chunks below the commit are gone.
    assert_eq!(found, [16_384..70_000]);
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no/such/folder.redb");
    let settings = Settings {
        target: Target::Redb(path.clone()),
        outages: Outages::Continue,
        max_entries: 1,
        max_age: HOUR,
    };
    let error = open(&settings, Duration::ZERO).err().unwrap().to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert!(error.contains("No such file"), "{error}");
}
