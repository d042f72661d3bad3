//! What is to be posted, and how it is put into messages.

use cosmwasm_std::{Binary, Uint64};
use mesg_api::market::{
    CertifyItem, DeclineItem, ExecuteMsg, Executions, MAX_CERTIFY, MAX_ITEMS, MAX_POKE, MAX_RESULTS, MAX_SEAT,
    MAX_SETTLE, OpenItem, PostResultItem, PublishItem, SealItem,
};
use mesg_api::staking;
use mesg_protocol::ids::RunnerId;
use serde::Serialize;

use crate::equivocation::{Equivocation, REPORT};

/// Acts of one transaction at most.
pub const MAX_ACTS: usize = 48;
/// What names of [`Act::Unjail`] begin with.
pub const UNJAIL: &str = "unjail/";

/// One act, posted as an item of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A seal.
    Seal(SealItem),
    /// An opening.
    Open(OpenItem),
    /// An agreed value.
    Publish(PublishItem),
    /// A result without a seal, of an executor or of an own runner.
    Result(PostResultItem),
    /// A seat that is given up.
    Decline(DeclineItem),
    /// What every seat of a round has signed and opened.
    Certify(CertifyItem),
    /// Two different acts of one seat.
    Report(Equivocation),
    /// A block on record.
    Tick,
    /// A round's signature, for an execution bound to it.
    Beacon {
        /// The round.
        round: u64,
        /// Its signature, 48 bytes.
        signature: Binary,
        /// The execution.
        execution: u64,
    },
    /// A committee, or a new binding.
    Seat(u64),
    /// An end.
    Settle(u64),
    /// A deadline.
    Poke(u64),
    /// A jail that is over.
    Unjail(RunnerId),
}

impl Act {
    /// Its name: the intent in the journal, and what is parked after a refusal. No two acts of one transaction share it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Seal(item) => format!("seal/{}/{}", item.execution, item.runner),
            Self::Open(item) => format!("open/{}/{}", item.execution, item.runner),
            Self::Publish(item) => format!("publish/{}", item.execution),
            Self::Result(item) => format!("result/{}/{}", item.execution, item.runner),
            Self::Certify(item) => format!("certify/{}", item.execution),
            Self::Decline(item) => format!("decline/{}/{}", item.execution, item.runner),
            Self::Report(proof) => format!("{REPORT}{}/{}", proof.execution, proof.runner),
            Self::Tick => "tick".to_owned(),
            Self::Beacon { execution, .. } | Self::Seat(execution) => format!("seat/{execution}"),
            Self::Settle(execution) => format!("settle/{execution}"),
            Self::Poke(execution) => format!("poke/{execution}"),
            Self::Unjail(runner) => format!("{UNJAIL}{runner}"),
        }
    }

    /// What is posted first when there is more than fits.
    const fn priority(&self) -> u8 {
        match self {
            Self::Open(_) | Self::Certify(_) => 0,
            Self::Seal(_) => 1,
            Self::Decline(_) => 2,
            Self::Result(_) => 3,
            Self::Publish(_) => 4,
            Self::Report(_) => 5,
            Self::Tick => 6,
            Self::Beacon { .. } => 7,
            Self::Seat(_) => 8,
            Self::Settle(_) => 9,
            Self::Poke(_) => 10,
            Self::Unjail(_) => 11,
        }
    }
}

/// An act with its deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Unix seconds: the sooner, the sooner it is posted among acts of its kind.
    pub by: u64,
    /// The act.
    pub act: Act,
}

/// The acts of the next transaction, most urgent first: open, certify, seal, decline, result, publish, report, the
/// queue's, settle, poke, unjail. One of each name.
#[must_use]
pub fn next_batch(mut due: Vec<Due>) -> Vec<Act> {
    due.sort_by_cached_key(|due| (due.act.priority(), due.by, due.act.name()));
    due.dedup_by_key(|due| due.act.name());
    due.into_iter().take(MAX_ACTS).map(|due| due.act).collect()
}

/// A message with the contract that takes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// The market's.
    Market(ExecuteMsg),
    /// Staking's.
    Staking(staking::ExecuteMsg),
}

/// A message and the names of its items in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// The message.
    pub message: Content,
    /// Names of its items.
    pub names: Vec<String>,
}

/// Puts acts into as few messages as the market's limits allow, in the order of the first act of each.
#[must_use]
pub fn messages(acts: &[Act]) -> Vec<Post> {
    let mut posts = Vec::new();
    for act in acts {
        place(&mut posts, act);
    }
    posts
}

fn place(posts: &mut Vec<Post>, act: &Act) {
    for post in posts.iter_mut() {
        if append(&mut post.message, act) {
            post.names.push(act.name());
            return;
        }
    }
    match act {
        // A round is shown once; who does not fit beside it is seated right after.
        Act::Beacon { round, execution, .. } if posts.iter().any(|post| shows(&post.message, *round)) => {
            place(posts, &Act::Seat(*execution));
        }
        _ => posts.push(Post { message: alone(act), names: vec![act.name()] }),
    }
}

fn shows(message: &Content, wanted: u64) -> bool {
    matches!(message, Content::Market(ExecuteMsg::SubmitBeacon { round, .. }) if round.u64() == wanted)
}

/// Adds the act to a message of its kind that has room.
fn append(message: &mut Content, act: &Act) -> bool {
    let Content::Market(message) = message else { return false };
    match (message, act) {
        (ExecuteMsg::Seal { items }, Act::Seal(item)) => push(items, item.clone(), MAX_ITEMS),
        (ExecuteMsg::Open { items }, Act::Open(item)) => push(items, item.clone(), MAX_ITEMS),
        (ExecuteMsg::Publish { items }, Act::Publish(item)) => push(items, item.clone(), MAX_RESULTS),
        (ExecuteMsg::PostResult { items }, Act::Result(item)) => push(items, item.clone(), MAX_RESULTS),
        (ExecuteMsg::Certify { items, .. }, Act::Certify(item)) => push(items, item.clone(), MAX_CERTIFY),
        (ExecuteMsg::Decline { items }, Act::Decline(item)) => push(items, item.clone(), MAX_POKE),
        (ExecuteMsg::SubmitBeacon { round, executions, .. }, Act::Beacon { round: of, execution, .. })
            if round.u64() == *of =>
        {
            push(executions, Uint64::new(*execution), MAX_SEAT)
        }
        (ExecuteMsg::Seat(Executions { executions }), Act::Seat(id)) => push(executions, Uint64::new(*id), MAX_SEAT),
        (ExecuteMsg::Settle(Executions { executions }), Act::Settle(id)) => {
            push(executions, Uint64::new(*id), MAX_SETTLE)
        }
        (ExecuteMsg::Poke(Executions { executions }), Act::Poke(id)) => push(executions, Uint64::new(*id), MAX_POKE),
        (ExecuteMsg::Tick {}, Act::Tick) => true,
        _ => false,
    }
}

fn push<T>(items: &mut Vec<T>, item: T, most: usize) -> bool {
    let room = items.len() < most;
    if room {
        items.push(item);
    }
    room
}

/// A message of one act.
fn alone(act: &Act) -> Content {
    Content::Market(match act {
        Act::Unjail(runner) => return Content::Staking(staking::ExecuteMsg::Unjail { runner: *runner }),
        Act::Seal(item) => ExecuteMsg::Seal { items: vec![item.clone()] },
        Act::Open(item) => ExecuteMsg::Open { items: vec![item.clone()] },
        Act::Publish(item) => ExecuteMsg::Publish { items: vec![item.clone()] },
        Act::Result(item) => ExecuteMsg::PostResult { items: vec![item.clone()] },
        Act::Certify(item) => ExecuteMsg::Certify { items: vec![item.clone()], settle: Vec::new() },
        Act::Decline(item) => ExecuteMsg::Decline { items: vec![item.clone()] },
        Act::Report(Equivocation { execution, runner, acts: [first, second] }) => ExecuteMsg::ReportEquivocation {
            execution: Uint64::new(execution.0),
            runner: *runner,
            first: first.clone(),
            second: second.clone(),
        },
        Act::Tick => ExecuteMsg::Tick {},
        Act::Beacon { round, signature, execution } => ExecuteMsg::SubmitBeacon {
            round: Uint64::new(*round),
            signature: signature.clone(),
            executions: vec![Uint64::new(*execution)],
        },
        Act::Seat(id) => ExecuteMsg::Seat(Executions { executions: vec![Uint64::new(*id)] }),
        Act::Settle(id) => ExecuteMsg::Settle(Executions { executions: vec![Uint64::new(*id)] }),
        Act::Poke(id) => ExecuteMsg::Poke(Executions { executions: vec![Uint64::new(*id)] }),
    })
}

#[cfg(test)]
mod tests {
    use mesg_protocol::digest::Digest32;

    use super::*;

    fn open(execution: u64, runner: u32) -> Act {
        let (value, salt) = (Digest32::ZERO, Digest32::ZERO);
        Act::Open(OpenItem { execution: Uint64::new(execution), runner: RunnerId(runner), value, salt })
    }

    fn beacon(round: u64, execution: u64) -> Act {
        Act::Beacon { round, signature: Binary::from(vec![1; 48]), execution }
    }

    fn due(by: u64, act: Act) -> Due {
        Due { by, act }
    }

    #[test]
    fn the_urgent_come_first_and_doubles_go() {
        let batch = next_batch(vec![
            due(1, Act::Poke(1)),
            due(9, Act::Settle(2)),
            due(8, Act::Settle(3)),
            due(7, Act::Tick),
            due(7, Act::Tick),
            due(50, open(4, 1)),
            due(50, open(4, 2)),
        ]);
        let names: Vec<_> = batch.iter().map(Act::name).collect();
        assert_eq!(names, ["open/4/1", "open/4/2", "tick", "settle/3", "settle/2", "poke/1"]);
        let many = (0..100).map(|id| due(0, Act::Settle(id))).collect();
        assert_eq!(next_batch(many).len(), MAX_ACTS);
    }

    #[test]
    fn acts_of_a_kind_share_a_message_up_to_its_limit() {
        let acts: Vec<_> = (0..40).map(|id| open(id, 1)).chain([Act::Settle(1)]).collect();
        let posts = messages(&acts);
        let sizes: Vec<_> = posts.iter().map(|post| post.names.len()).collect();
        assert_eq!(sizes, [32, 8, 1]);
        let settle = ExecuteMsg::Settle(Executions { executions: vec![Uint64::new(1)] });
        assert_eq!(posts[2].message, Content::Market(settle));
        assert_eq!(posts[1].names[0], "open/32/1");
    }

    #[test]
    fn a_round_is_shown_once() {
        let acts: Vec<_> = (1..=10).map(|id| beacon(7, id)).chain([beacon(8, 11), Act::Seat(12)]).collect();
        let posts = messages(&acts);
        let Some(Content::Market(ExecuteMsg::SubmitBeacon { round, executions, .. })) =
            posts.first().map(|post| &post.message)
        else {
            panic!("{posts:?}")
        };
        assert_eq!((round.u64(), executions.len()), (7, 8));
        let seat = ExecuteMsg::Seat(Executions { executions: [9, 10, 12].map(Uint64::new).to_vec() });
        assert_eq!(posts[1].message, Content::Market(seat));
        assert!(shows(&posts[2].message, 8));
        assert_eq!(posts.len(), 3);
    }
    #[test]
    fn each_jail_is_left_in_a_message_to_staking() {
        let posts = messages(&[Act::Settle(1), Act::Unjail(RunnerId(2)), Act::Unjail(RunnerId(3)), Act::Settle(4)]);
        let names: Vec<_> = posts.iter().map(|post| post.names.clone()).collect();
        assert_eq!(names, [vec!["settle/1", "settle/4"], vec!["unjail/2"], vec!["unjail/3"]]);
        let json = serde_json::to_string(&posts[1].message).unwrap();
        assert_eq!(json, r#"{"unjail":{"runner":2}}"#);
    }
}
