//! Interface of the staking contract: who may be drawn and what they can lose (docs/mechanism.md 1.3–1.5, 3).

pub mod client;
pub mod event;
pub mod msg;
pub mod permission;
pub mod query;
pub mod rows;

pub use client::{CONTRACT_NAME, StakingClient};
pub use event::StakingEvent;
pub use msg::{ExecuteMsg, InstantiateMsg, MAX_SLASH_ITEMS, MigrateMsg, ReceiveMsg, RegisterRunnerResponse, SlashItem};
pub use permission::Permission;
pub use query::{
    Candidate, ConfigResponse, Draw, DrawManyResponse, DrawOutcome, DrawRefusal, OwnerShare, PoolAt, PoolResponse,
    PoolRunner, PoolRunnersResponse, PoolSecurityResponse, ProducerClaim, ProducerClaimsResponse, ProducerMember,
    ProducerMembersResponse, ProducerPotResponse, ProducersResponse, QueryMsg, RunnerResponse, RunnersResponse,
    ServedVersion, UnbondingEntry,
};
pub use rows::{AttestationKey, KEYS, POOLS, PoolHeader, PoolTotals, RUNNERS, RunnerRow};
