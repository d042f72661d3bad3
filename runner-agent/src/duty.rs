//! What a runner does about a duty: pure decisions (docs/mechanism.md, 2.4).

use mesg_api::market::{At, DutyName};
use mesg_protocol::clock::{Clock, Deadline};

/// What is done about a duty now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Run the task, to have something to show, seal, open or publish.
    Work,
    /// Post what is journaled.
    Post,
    /// Enforce the deadline.
    Poke,
    /// End the execution.
    Settle,
    /// Nothing yet.
    Wait,
}

/// What the journal holds for a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing signed yet.
    Nothing,
    /// A seal, or a signed result.
    Seal,
    /// A decline, which the chain takes until then, in unix seconds.
    Decline(u64),
}

/// The step for a duty with what the journal holds for its seat.
///
/// A late act is valid until somebody enforces the deadline, so what is held is posted whenever it is owed. What is not
/// held at the deadline is not run any more: the deadline is enforced, even against oneself, so that the user is not left
/// waiting. A declined seat is never worked for again.
#[must_use]
pub fn step(duty: DutyName, at: At, held: Holding, now: Clock) -> Step {
    let passed = deadline(at).expired(now);
    match (duty, held) {
        (DutyName::Settle, _) if passed => Step::Settle,
        (DutyName::Settle, _) => Step::Wait,
        (DutyName::Poke, _) if passed => Step::Poke,
        (DutyName::Poke, _) => Step::Wait,
        (_, Holding::Seal) => Step::Post,
        (DutyName::Result | DutyName::Seal, Holding::Decline(last)) if now.time <= last => Step::Post,
        (_, Holding::Nothing) if !passed => Step::Work,
        _ if passed => Step::Poke,
        _ => Step::Wait,
    }
}

/// A deadline of a response.
#[must_use]
pub const fn deadline(at: At) -> Deadline {
    Deadline { time: at.time.u64(), height: at.height.u64() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: At = At { time: cosmwasm_std::Uint64::new(100), height: cosmwasm_std::Uint64::new(10) };
    const BEFORE: Clock = Clock { time: 99, height: 10 };
    const LOW: Clock = Clock { time: 500, height: 9 };
    const AFTER: Clock = Clock { time: 100, height: 10 };

    #[test]
    fn every_duty_has_its_step() {
        use DutyName::{Open, Poke, Publish, Result, Seal, Settle};
        for own in [Result, Seal, Open, Publish] {
            assert_eq!(step(own, AT, Holding::Nothing, BEFORE), Step::Work);
            assert_eq!(step(own, AT, Holding::Nothing, LOW), Step::Work, "a jumping clock expires nothing");
            assert_eq!(step(own, AT, Holding::Nothing, AFTER), Step::Poke);
            assert_eq!(step(own, AT, Holding::Seal, BEFORE), Step::Post);
            assert_eq!(step(own, AT, Holding::Seal, AFTER), Step::Post, "late is valid until enforced");
        }
        for early in [Result, Seal] {
            assert_eq!(step(early, AT, Holding::Decline(99), BEFORE), Step::Post);
            assert_eq!(step(early, AT, Holding::Decline(98), BEFORE), Step::Wait, "the chain would refuse it");
            assert_eq!(step(early, AT, Holding::Decline(98), AFTER), Step::Poke);
        }
        for held in [Holding::Nothing, Holding::Seal, Holding::Decline(500)] {
            assert_eq!(step(Poke, AT, held, BEFORE), Step::Wait);
            assert_eq!(step(Poke, AT, held, AFTER), Step::Poke);
            assert_eq!(step(Settle, AT, held, LOW), Step::Wait);
            assert_eq!(step(Settle, AT, held, AFTER), Step::Settle);
        }
    }
}
