use std::sync::Barrier;

use super::*;
use crate::tables::tests::plain_tables;

/// What as many threads as asked get at the same moment.
fn at_once<T: Send>(n: usize, ask: impl Fn() -> Arc<T> + Sync) -> Vec<Arc<T>>
where
    Arc<T>: Send,
{
    let start = Barrier::new(n);
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..n)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    ask()
                })
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    })
}

#[test]
fn the_same_question_from_many_at_once_is_computed_once() {
    let atlas = Atlas::new(plain_tables(20, 20), "test".to_owned());
    for minutes in 1..20 {
        let inquiry = Inquiry::parse(&format!("minutes={minutes}&mode=walk")).expect("an inquiry");
        let surfaces = at_once(8, || atlas.surface(&inquiry.promise.question, Fit::Fits));
        // Two computations would be two allocations, of which a cache can keep but one.
        assert!(surfaces.iter().all(|surface| Arc::ptr_eq(surface, &surfaces[0])));
        let zones = at_once(8, || atlas.zones(&inquiry).expect("zones"));
        assert!(zones.iter().all(|list| Arc::ptr_eq(list, &zones[0])));
        let tables = at_once(8, || atlas.table(Layer::Communes, &inquiry).expect("a table"));
        assert!(tables.iter().all(|table| Arc::ptr_eq(table, &tables[0])));
    }
}

#[test]
fn what_is_kept_weighs_its_key_too() {
    let atlas = Atlas::new(plain_tables(20, 20), "test".to_owned());
    let communes: Vec<String> = (0..400).map(|n| format!("commune:01{n:03}")).collect();
    let inquiry = Inquiry::parse(&format!("territory={}", communes.join(","))).expect("an inquiry");
    let before = atlas.records.weight();
    let table = atlas.table(Layer::Regions, &inquiry).expect("a table");
    let weight = atlas.records.weight() - before;
    // One région is little; the four hundred communes by which it is found are not.
    assert_eq!(table.len(), 1);
    assert!(weight > 400 * size_of::<Territory>() as u64 && weight > 10 * table.bytes(), "{weight}");
    let zones = atlas.zones(&inquiry).expect("zones");
    assert!(atlas.zones.weight() >= zones.bytes() + inquiry.bytes());
}
