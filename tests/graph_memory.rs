//! A run of many calls holds what it found and not what it heard: an answer of known rows allocates nothing.

use qcc_pro::api::partnership::RelationRef;
use qcc_pro::graph::RelationSet;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands every request to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        HELD.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller's promise is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn an_answer_of_known_rows_allocates_nothing() {
    const COMPANIES: usize = 500;
    let names: Vec<_> = (0..COMPANIES).map(|n| format!("上海第{n}号供应链管理有限公司")).collect();
    let amounts: Vec<_> = (0..1000).map(|n| format!("{}.{}", n * 7, n % 10)).collect();
    let row = |a: usize, b: usize| RelationRef {
        company_name: &names[a],
        related_company_name: &names[b],
        amount: Some(&amounts[(a * 31 + b) % amounts.len()]),
        public_date: Some("2021-11"),
        source: Some("招投标"),
        extra: None,
    };
    // Each answer is 20 companies in a row, each in relation with the ten after it; the ring is gone round four times.
    let before = HELD.load(Relaxed);
    let mut relations = RelationSet::new();
    let mut after_first_round = (0, 0);
    for start in 0..4 * COMPANIES {
        if start == COMPANIES {
            after_first_round = (ALLOCATIONS.load(Relaxed), relations.graph().relation_count());
        }
        relations.begin_answer();
        for a in start..start + 10 {
            (1..=10).for_each(|step| relations.add(row(a % COMPANIES, (a + step) % COMPANIES)));
        }
    }
    assert_eq!((ALLOCATIONS.load(Relaxed), relations.graph().relation_count()), after_first_round);
    assert_eq!(relations.graph().relation_count(), 10 * COMPANIES);
    let held = HELD.load(Relaxed) - before;
    println!("{held} bytes for {} relations among {COMPANIES} companies", 10 * COMPANIES);
    assert!(held < 10 * COMPANIES * 150, "{held} bytes");
}
