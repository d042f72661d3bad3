//! When a service is paused because too many of its executions could not be agreed on.

use mesg_execution_market::state::VersionAccount;

/// A version of which so many executions ended well.
fn after(finalized: u64) -> VersionAccount {
    VersionAccount { finalized, ..VersionAccount::default() }
}

/// Ends as many without agreement. Whether the last one is one too many; none before may be.
fn unsettled(version: &mut VersionAccount, many: u64) -> bool {
    let mut end = || {
        version.refunded += 1;
        version.note_unsettled()
    };
    assert!((1..many).all(|_| !end()));
    end()
}

#[test]
fn attack_22_four_are_never_too_many() {
    assert!(!unsettled(&mut after(0), 4));
    assert!(unsettled(&mut after(0), 5));
}

#[test]
fn attack_22_more_than_one_in_fifty_is_too_many() {
    for (ended, paused) in [(249, true), (250, false), (251, false)] {
        assert_eq!(unsettled(&mut after(ended - 5), 5), paused, "5 of {ended}");
    }
    assert!(unsettled(&mut after(489), 10), "10 of 499");
    let mut version = after(490);
    assert!(!unsettled(&mut version, 10), "10 of 500");
    assert!(unsettled(&mut version, 1), "11 of the last 500");
}

#[test]
fn attack_22_the_last_500_count() {
    for (last, paused) in [(1_000, true), (1_001, false)] {
        let mut version = after(500);
        assert!(!unsettled(&mut version, 10));
        version.finalized += last - version.ended() - 1;
        assert_eq!(unsettled(&mut version, 1), paused, "number 501 and number {last}");
    }
    assert!(unsettled(&mut after(1_000_000), 11), "however many ended before");
}

#[test]
fn attack_22_after_a_pause_the_count_begins_anew() {
    let mut version = after(0);
    assert!(unsettled(&mut version, 5));
    assert!(unsettled(&mut version, 5), "and four were not too many");
}
