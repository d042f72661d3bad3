//! `ReportEquivocation`: two different acts of one seat, both signed (2.3, 3).

use cosmwasm_std::Uint64;
use mesg_api::market::SignedAct;
use mesg_protocol::bps::Bps;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::money::sub;

use super::{change, single};
use crate::error::{ContractError, Refusal};
use crate::ledger::Bucket;
use crate::session::Session;

/// The reporter's share of the slash.
const REWARD: Bps = Bps::saturating(2_000);

/// Slashes the seat; the course of the execution stays as it is.
pub fn report_equivocation(
    session: &mut Session<'_>,
    execution: Uint64,
    runner: RunnerId,
    acts: [SignedAct; 2],
) -> Result<(), ContractError> {
    let id = ExecutionId(execution.u64());
    let done = change(session, id, |session, execution| {
        if !differ(&acts) {
            return Err(Refusal::NoEquivocation.into());
        }
        for act in &acts {
            session.check_act(id, execution, runner, act)?;
        }
        let rows = session.rows(execution.terms, execution.params)?;
        let fault = execution.equivocate(rows.rules(id, execution), runner)?;
        let taken = session.take_stake(&fault)?;
        session.book.ledger.receive(Bucket::Pots, taken)?;
        let reward = REWARD.of(taken);
        let reporter = session.sender_purse(0)?;
        session.credit_purse(&reporter, Bucket::Pots, reward)?;
        let rest = sub(taken, reward)?;
        if execution.outcome().is_some() {
            session.book.ledger.transfer(Bucket::Pots, Bucket::Burn, rest)?;
        } else {
            execution.add_penalty(rest)?;
        }
        session.tell_slash(id, &fault, taken);
        Ok(())
    });
    single(done)
}

/// Two seals of different content, or a seal and a decline. Two declines are no contradiction.
fn differ(acts: &[SignedAct; 2]) -> bool {
    match acts {
        [SignedAct::Seal { seal: first, .. }, SignedAct::Seal { seal: second, .. }] => first != second,
        [SignedAct::Decline { .. }, SignedAct::Decline { .. }] => false,
        _ => true,
    }
}
