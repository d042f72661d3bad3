//! Where runners for vacant seats come from: spares, and the execution's own draw (2.3).

use mesg_api::staking::{Draw, DrawOutcome, StakingClient};
use mesg_protocol::execution::{Bench, Candidate, Panel, ROUND_2};
use mesg_protocol::ids::{ExecutionId, RunnerId, VersionId};
use mesg_protocol::seal::seed;

use crate::error::ContractError;
use crate::session::Session;

/// The candidates of one execution.
pub struct Candidates<'s, 'a> {
    pub session: &'s mut Session<'a>,
    pub id: ExecutionId,
    pub version: VersionId,
}

impl Bench for Candidates<'_, '_> {
    fn is_free(&mut self, round: u8, candidate: &Candidate) -> bool {
        self.session.has_free_seat(round, candidate) && !self.is_excluded(candidate.runner)
    }

    /// None where the weights of the draw's epoch are gone: the seat stays vacant.
    fn more(&mut self, panel: &Panel, count: u8) -> Vec<Candidate> {
        self.draw_on(panel, count).unwrap_or_default()
    }
}

impl Candidates<'_, '_> {
    /// A spare may have been jailed or slashed to nothing since the draw; who the draw gives now is not.
    fn is_excluded(&self, runner: RunnerId) -> bool {
        let client = StakingClient { staking: &self.session.config.staking };
        let row = client.runner(&self.session.querier, runner).ok().flatten();
        row.is_none_or(|row| row.is_excluded())
    }

    fn draw_on(&mut self, panel: &Panel, count: u8) -> Result<Vec<Candidate>, ContractError> {
        let Some(rand) = self.session.rand(panel.drawn_by)? else { return Ok(Vec::new()) };
        let draw = Draw {
            version: self.version,
            seed: seed(&self.session.config.domain, &rand, self.id, panel.round),
            epoch: panel.epoch.into(),
            offset: panel.drawn,
            count: count.into(),
        };
        Ok(self.session.draw(vec![draw])?.into_iter().flatten().map(|(candidate, _)| candidate).collect())
    }
}

impl Session<'_> {
    /// Whether a candidate may take a seat of `round`: rounds 2 and 3 may fill its leaf twice (1.5).
    pub fn has_free_seat(&mut self, round: u8, candidate: &Candidate) -> bool {
        let leaf = if round >= ROUND_2 { candidate.seats.saturating_mul(2) } else { candidate.seats };
        let now = self.now.time;
        self.runner(candidate.runner).is_ok_and(|account| account.is_free(leaf, now))
    }

    /// Asks staking for all draws in one query; candidates with their positions, none where a draw is refused.
    pub fn draw(&self, draws: Vec<Draw>) -> Result<Vec<Vec<(Candidate, u16)>>, ContractError> {
        if draws.is_empty() {
            return Ok(Vec::new());
        }
        let client = StakingClient { staking: &self.config.staking };
        let candidates = |outcome| match outcome {
            DrawOutcome::Candidates(drawn) => drawn
                .into_iter()
                .map(|drawn| {
                    let candidate = Candidate { runner: drawn.runner, key_no: drawn.key_no, seats: drawn.seats };
                    (candidate, drawn.position)
                })
                .collect(),
            DrawOutcome::Refused(_) => Vec::new(),
        };
        Ok(client.draw_many(&self.querier, draws)?.into_iter().map(candidates).collect())
    }
}
