//! Acts of seats are signed by their attestation keys; whoever posts them, they are the seats' own (2.3).

use mesg_api::market::SignedAct;
use mesg_api::staking::StakingClient;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Execution, Seat, StepError};
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use mesg_protocol::seal::{decline_message, seed, sign_message};
use mesg_protocol::signature::is_low_s;

use crate::error::{ItemError, Refusal};
use crate::session::Session;

impl Session<'_> {
    /// Seed of a round of an execution, which signatures of its seats carry.
    pub fn seed_of(&mut self, id: ExecutionId, execution: &Execution, round: u8) -> Result<Digest32, ItemError> {
        let drawn_by = execution.panel(round).ok_or_else(|| wrong_phase(execution))?.drawn_by;
        let rand = self.rand(drawn_by)?.ok_or(StepError::NoBeacon { round: drawn_by.number() })?;
        Ok(seed(&self.config.domain, &rand, id, round))
    }

    /// Refuses an act that the seat of `runner` has not signed.
    pub fn check_act(
        &mut self,
        id: ExecutionId,
        execution: &Execution,
        runner: RunnerId,
        act: &SignedAct,
    ) -> Result<(), ItemError> {
        let (round, key_no) = execution.signer(runner)?;
        let seed = self.seed_of(id, execution, round)?;
        let domain = &self.config.domain;
        let (message, signature) = match act {
            SignedAct::Seal { seal, signature } => (sign_message(domain, id, &seed, round, runner, seal), signature),
            SignedAct::Decline { code, signature } => {
                (decline_message(domain, id, &seed, round, runner, *code), signature)
            }
        };
        self.check_signature(runner, key_no, &message, signature)
    }

    /// Refuses a seal that a seat has not signed; `seed` is the seed of its round.
    pub fn check_seal(
        &self,
        id: ExecutionId,
        round: u8,
        seed: &Digest32,
        seat: &Seat,
        seal: &Digest32,
        signature: &[u8],
    ) -> Result<(), ItemError> {
        let message = sign_message(&self.config.domain, id, seed, round, seat.runner, seal);
        self.check_signature(seat.runner, seat.key_no, &message, signature)
    }

    /// Refuses a message that the numbered attestation key has not signed.
    pub fn check_signature(
        &self,
        runner: RunnerId,
        key_no: KeyNo,
        message: &Digest32,
        signature: &[u8],
    ) -> Result<(), ItemError> {
        let client = StakingClient { staking: &self.config.staking };
        let key = client.key(&self.querier, runner, key_no)?.ok_or(Refusal::Signature)?;
        let signed = is_low_s(signature) && self.api.secp256k1_verify(&message.0, signature, &key.0).unwrap_or(false);
        if signed { Ok(()) } else { Err(Refusal::Signature.into()) }
    }
}

/// The act does not belong to the present phase.
pub fn wrong_phase(execution: &Execution) -> ItemError {
    StepError::WrongPhase { phase: execution.phase.name() }.into()
}
