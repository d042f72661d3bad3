//! `Publish`: the preimage of the verdict; from now on the value stands (2.4).

use mesg_api::market::{MAX_RESULTS, PublishItem};
use mesg_protocol::ids::ExecutionId;

use super::{batch, change};
use crate::error::ContractError;
use crate::results::value;
use crate::session::Session;

/// Takes preimages; each proves itself.
pub fn publish(session: &mut Session<'_>, items: Vec<PublishItem>) -> Result<(), ContractError> {
    let id = |item: &PublishItem| (ExecutionId(item.execution.u64()), ());
    batch(session, items, MAX_RESULTS, id, |session, id, item| {
        change(session, id, |session, execution| {
            let (value, content) = value(item.result, item.mfuel.u64())?;
            session.load_output(&content)?;
            let rows = session.rows(execution.terms, execution.params)?;
            execution.publish(rows.rules(id, execution), value, session.now)?;
            session.tell_published(id, &value, content);
            Ok(())
        })
    })
}
