//! `CloseEpoch`: the block producers' pot goes to staking, which fixes who shares it (4).

use mesg_api::market::MarketEvent;
use mesg_api::staking::StakingClient;

use super::withdraw::token_message;
use crate::error::ContractError;
use crate::ledger::Bucket;
use crate::session::Session;

/// Sends the whole bucket, also an empty one: staking may hold more from before. Staking refuses a second one in an
/// epoch, and with it this message.
pub fn close_epoch(session: &mut Session<'_>) -> Result<(), ContractError> {
    let amount = session.book.ledger.of(Bucket::Producers);
    session.book.ledger.pay_out(Bucket::Producers, amount)?;
    let send = StakingClient { staking: &session.config.staking }.close_epoch(amount)?;
    session.send(token_message(session, &send)?);
    session.emit(MarketEvent::ProducersSent { amount });
    Ok(())
}
